"""A referral (MAPPA A) as a form to read and to fill in: each field by its title, what was given, what is missing.

It is a document for a word processor. The same form is the same file, byte for byte.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from notifications.letters.letter import Attachment
from policy.numbers import Policy
from policy.referral_form import MAPPA_A, titled, titled_agency
from policy.words import day_of, plain_words, yes_or_no

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
UNTOLD = "Given. We do not repeat it by e-mail."
# What is told though the area's policy keeps what people wrote out of e-mail: words of the form itself.
TOLD_ALWAYS = frozenset({"proposed_level", "agencies.agency"})
DATES = frozenset({"date", "risk_assessment.on", "countersigned_on"})
PARTS = ("[Content_Types].xml", "_rels/.rels", "word/document.xml")
# A file inside has to have a time: the first that there is.
WRITTEN_AT = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Field:
    """One row of the form. ``given`` and ``missing`` are lines of text. ``heading``: it names the rows below it."""

    title: str
    wanted: str = ""
    given: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    heading: bool = False


def as_attachment(
    reference: str, form: Mapping[str, Any], policy: Policy, lacking: Sequence[str] = (), sent_back: bool = False
) -> Attachment:
    """Return a form as a file that names the case by its reference.

    ``lacking``: what it lacks, each behind the title of its field; what fits no field stands at the top.
    """
    rows = list(fields(form, policy, lacking))
    placed = {f"{row.title}: {one}" for row in rows for one in row.missing}
    content = {
        "reference": reference,
        "rows": rows,
        "further": [one for one in lacking if one not in placed],
        "sent_back": sent_back,
    }
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as file:
        for name in PARTS:
            file.writestr(ZipInfo(name, WRITTEN_AT), part(name).render(content), ZIP_DEFLATED)
    return Attachment(f"referral-{reference}.docx", MEDIA_TYPE, packed.getvalue())


@cache
def part(name: str) -> Template:
    """Return the template of one part of the file, compiled once."""
    environment = Environment(
        loader=PackageLoader("notifications.letters", "templates/referral_form"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name.rpartition("/")[2])


def fields(form: Mapping[str, Any], policy: Policy, lacking: Sequence[str] = ()) -> Iterator[Field]:
    """Yield the rows of a form in their order; category 3 only where it is asked for."""
    sections = {path.partition(".")[0] for path in MAPPA_A if "." in path}
    for name, asked in MAPPA_A.items():
        if "." in name or (name == "category" and form[name] is None):
            continue
        if name not in sections:
            yield field(name, asked.title, form[name], lacking)
            continue
        yield Field(asked.title, asked.wanted, missing=lacks(asked.title, lacking), heading=True)
        if name == "agencies":
            yield from of_agencies(form[name], policy, lacking)
        elif name == "circumstances":
            for word, one in policy.circumstances.items():
                yield Field(one.question, given=lines("", form[name].get(word)))
            yield field("circumstances.local_authority", "", form[name].get("local_authority"), lacking)
        else:
            for path in inside(name):
                yield field(path, "", form[name].get(path.partition(".")[2]), lacking)


def of_agencies(agencies: Sequence[Mapping[str, Any]], policy: Policy, lacking: Sequence[str]) -> Iterator[Field]:
    """Yield the rows of each agency that is asked for."""
    for place, one in enumerate(agencies, start=1):
        title = titled_agency(place, policy.agency_name(one["agency"]))
        yield Field(title, missing=lacks(title, lacking), heading=True)
        for path in inside("agencies"):
            if path != "agencies.agency":
                yield Field(MAPPA_A[path].title, MAPPA_A[path].wanted, lines(path, one.get(path.partition(".")[2])))


def inside(section: str) -> list[str]:
    """Return the fields of a section."""
    return [path for path in MAPPA_A if path.startswith(f"{section}.")]


def field(path: str, title: str, value: Any, lacking: Sequence[str]) -> Field:
    """Return the row of one field; one inside a section is called as in the list of what is missing."""
    title = title or titled(path)
    return Field(title, MAPPA_A[path].wanted, lines(path, value), lacks(title, lacking))


def lacks(title: str, lacking: Sequence[str]) -> tuple[str, ...]:
    """Return what is missing under a title."""
    return tuple(one.removeprefix(f"{title}: ") for one in lacking if one.startswith(f"{title}: "))


def lines(path: str, value: Any) -> tuple[str, ...]:
    """Return what was given as lines of text that a document may hold; none where nothing was."""
    if value is None or value == "":
        return ()
    if isinstance(value, bool):
        return (yes_or_no(value),)
    if path in DATES and value != UNTOLD:
        return (day_of(value),)
    written = plain_words(value) if path == "risk_of_serious_harm.level" else str(value)
    return tuple("".join(filter(str.isprintable, line)) for line in written.splitlines())


def untold(form: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """Return a form in which what somebody wrote only stands as given; what the record knows by itself stays."""
    return {name: hidden(value, known.get(name), name) for name, value in form.items()}


def hidden(value: Any, known: Any, path: str) -> Any:
    """Return a value, or a section with its values, without what somebody wrote."""
    if isinstance(value, Mapping):
        of = known if isinstance(known, Mapping) else {}
        return {name: hidden(one, of.get(name), f"{path}.{name}") for name, one in value.items()}
    if isinstance(value, list):
        return [hidden(one, None, path) for one in value] if value != known else value
    kept = value in (None, "") or value == known or path in TOLD_ALWAYS
    return value if kept else UNTOLD
