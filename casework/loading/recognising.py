"""What a file is, by how it begins: a workbook, a file of text, or something that holds no table to read."""

import re
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from casework.errors import FileRefusedError

ZIP = b"PK\x03\x04"
SAVE_AS_XLSX = "open it in the spreadsheet, save it as a workbook (.xlsx) or as CSV UTF-8, and load that"
OTHERS: tuple[tuple[bytes, str, str], ...] = (
    (b"\xd0\xcf\x11\xe0", "this is a workbook of the old kind (.xls), or one with a password", SAVE_AS_XLSX),
    (b"%PDF", "this is a PDF", "ask for the data as a workbook (.xlsx) or as CSV UTF-8"),
    (b"\x1f\x8b", "this is a compressed file (gzip)", "unpack it, and load what is in it"),
    (b"7z\xbc\xaf", "this is a compressed file (7z)", "unpack it, and load what is in it"),
    (b"Rar!", "this is a compressed file (rar)", "unpack it, and load what is in it"),
)
"""How files begin that hold no table that can be read, what each is, and what to do."""
WEB_PAGE = re.compile(rb"\s*<(!doctype html|html|table|\?xml|meta|head)\b", re.IGNORECASE)
JSON = re.compile(rb"""\s*(\{\s*["}]|\[\s*[\[{"\]])""")
HOLDS = {
    "xl/workbook.bin": ("this is a binary workbook (.xlsb)", SAVE_AS_XLSX),
    "word/document.xml": ("this is a Word document", "copy its table into a spreadsheet, and save it as a workbook"),
    "ppt/presentation.xml": ("this is a presentation", "ask for the data as a workbook (.xlsx) or as CSV UTF-8"),
    "content.xml": ("this is an OpenDocument file (.ods)", SAVE_AS_XLSX),
    "Index/Document.iwa": ("this is an Apple Numbers file", SAVE_AS_XLSX),
}
"""What a ZIP archive is, by a file in it."""


def begins(path: Path, count: int = 512) -> bytes:
    """Return the first bytes of a file, without the mark of UTF-8."""
    try:
        with path.open("rb") as file:
            return file.read(count).removeprefix(b"\xef\xbb\xbf")
    except OSError as error:
        raise FileRefusedError(f"cannot be read: {error.strerror}", where=str(path)) from error


def is_workbook(path: Path) -> bool:
    """Tell whether a file is a workbook (XLSX); a ZIP archive that is none is refused with what it is."""
    if not begins(path, 4).startswith(ZIP):
        return False
    try:
        with ZipFile(path) as archive:
            names = set(archive.namelist())
    except (BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise FileRefusedError(
            "this is a broken workbook, or not all of it has arrived", where=str(path), to_do="save or send it again"
        ) from error
    if any(name.startswith("xl/") and name.endswith(".xml") for name in names) and "xl/workbook.bin" not in names:
        return True
    what, to_do = next(
        (HOLDS[name] for name in HOLDS if name in names),
        ("this is a ZIP archive", "unpack it, and load the workbook or CSV file that is in it"),
    )
    raise FileRefusedError(what, where=str(path), to_do=to_do)


def refuse_what_is_no_table(path: Path) -> None:
    """Raise ``FileRefusedError`` for a file that is no table of text, with what it is."""
    start = begins(path)
    for sign, what, to_do in OTHERS:
        if start.startswith(sign):
            raise FileRefusedError(what, where=str(path), to_do=to_do)
    if WEB_PAGE.match(start):
        raise FileRefusedError("this is a web page or XML, whatever its name says", where=str(path), to_do=SAVE_AS_XLSX)
    if JSON.match(start):
        raise FileRefusedError("this is JSON", where=str(path), to_do="a workbook or a CSV file is wanted")
