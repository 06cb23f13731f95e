"""The files that are loaded: people and sentences, and a caseload with its history."""

import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

from starlette.datastructures import UploadFile
from starlette.responses import Response

from casework.loading.kinds_of_file import FILES
from casework.loading.mapping import FileMapping, read_mapping
from casework.loading.templates import template
from policy.calendar import london_date
from policy.errors import InvalidError, MappaError, NotFoundError
from web.access.directory_rights import guard_of
from web.access.rights import Action, areas_for
from web.pages import page
from web.routes import Pages
from web.visit import Visit

PAGES = Pages()
REJECTS_SHOWN = 200
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_NAME = 60
NO_LETTER = re.compile(r"[^A-Za-z0-9 _-]+", re.ASCII)
LOADERS = {name: kind for name, kind in FILES.items() if name != "offences"}
"""What is loaded at the desk. Offence codes are every area's: the operator loads them."""


@PAGES.get("/load", Action.LOAD)
def what_to_load(visit: Visit) -> Response:
    """Show the form for a file."""
    return page(visit, "load.html", loaders=LOADERS, report=None, error="", chosen="sentences", tried=False, told="")


@PAGES.post("/load", Action.LOAD)
def load(visit: Visit) -> Response:
    """Try a file, or load it; show what came of it, line by line."""
    chosen, tried, file = visit.text("what"), visit.text("do") != "load", visit.file("file")
    if chosen not in LOADERS:
        raise InvalidError("choose what the file holds")
    shown: dict[str, Any] = {"loaders": LOADERS, "chosen": chosen, "tried": tried}
    if file is None:
        return page(visit, "load.html", status=422, **shown, report=None, error="Choose a file", told="")
    with tempfile.TemporaryDirectory(prefix="mappa-load-") as folder:
        path, rejects = kept(file, Path(folder, "given")), Path(folder) / "rejects.csv"
        try:
            report = LOADERS[chosen].load(
                visit.record, path, as_at=visit.as_at, actor=visit.reader.name, rejects=rejects, dry_run=tried,
                mapping=mapping_sent(visit, Path(folder, "mapping")),
                areas=areas_for(visit.reader, Action.LOAD),
                **({"guard": guard_of(visit.reader)} if chosen == "directory" else {}),
            )  # fmt: skip
        except MappaError as error:
            told = str(error).replace(f"{path.parent}/", "").replace(f"{folder}/mapping/", "")
            return page(visit, "load.html", status=422, **shown, report=None, error=told, told="")
        told = rejects.read_text(encoding="utf-8-sig") if rejects.is_file() else ""
    return page(visit, "load.html", **shown, report=report, error="", told=told, most=REJECTS_SHOWN,
                name=file.filename)  # fmt: skip


@PAGES.get("/load/templates/{kind}.xlsx", Action.LOAD)
def blank(visit: Visit) -> Response:
    """Give a blank workbook to fill in."""
    kind = visit.parts["kind"]
    if kind not in LOADERS:
        raise NotFoundError("there is no such template")
    headers = {"Content-Disposition": f'attachment; filename="{kind}.xlsx"'}
    return Response(template(kind, london_date(visit.as_at)), media_type=XLSX, headers=headers)


def kept(file: UploadFile, folder: Path) -> Path:
    """Return where a file that was sent is kept: under its own name, by which errors and the choice of a sheet go."""
    given = Path(file.filename or "")
    stem, ending = (NO_LETTER.sub("_", part)[:LONGEST_NAME] for part in (given.stem, given.suffix.removeprefix(".")))
    folder.mkdir()
    path = folder / f"{stem or 'file'}.{ending or 'csv'}"
    with path.open("wb") as written:
        shutil.copyfileobj(file.file, written)
    return path


def mapping_sent(visit: Visit, folder: Path) -> FileMapping | None:
    """Return the mapping that was sent beside a file; None where none was."""
    if (sent := visit.file("mapping")) is None:
        return None
    return read_mapping(kept(sent, folder))
