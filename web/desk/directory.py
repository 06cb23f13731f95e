"""The directory, edited here: somebody is added, an entry is changed, a role ends from a day; each with its history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.responses import Response

from casework.loading.directory_entries import SAYS, write_by_hand
from models.audit import AuditEntry
from models.directory import DirectoryEntry
from policy.errors import ConflictError, NotFoundError
from policy.words import opening, role_name
from web.access.directory_rights import areas_to_write, guard_of, roles_to_write
from web.access.rights import Action, areas_for
from web.desk.forms.reading import Typed, day
from web.desk.forms.shape import Option, Shape
from web.desk.forms.widgets import Widget, answers, shown
from web.pages import go, page
from web.routes import Pages
from web.visit import Visit

PAGES = Pages()
TITLES = {"unit": "Unit", "email": "E-mail address", "name": "Name", "grade": "Grade", "telephone": "Telephone",
          "from": "From", "to": "Last day"}  # fmt: skip
HINTS = {
    "unit": "The unit or prison whose line manager or office this is. Leave it blank for the whole agency.",
    "telephone": "Such as 020 7946 0000.",
    "from": "Leave it blank if it is not known.",
    "to": "The last day in this role. From the next day, prompts go to whoever follows, or up the line.",
}
CHOSEN = ("area", "agency", "role")
OF_THE_FORM = ("name", "email", "unit", "grade", "telephone", "from", "to")
REQUIRED = ("area", "agency", "role", "name", "email")


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the history of an entry: what was changed, from what to what, by whom and when."""

    entry: AuditEntry
    changes: Sequence[tuple[str, Any, Any]]


@PAGES.get("/people", Action.SEE_PEOPLE)
def people(visit: Visit) -> Response:
    """Show who holds which role in the reader's areas, today and from when to when."""
    query = select(DirectoryEntry).where(DirectoryEntry.area.in_(areas_for(visit.reader, Action.SEE_PEOPLE)))
    with visit.record.reading() as session:
        rows = session.scalars(
            query.order_by(DirectoryEntry.area, DirectoryEntry.agency, DirectoryEntry.role, DirectoryEntry.id)
        ).all()
        return page(
            visit, "people.html", rows=rows, may_edit=visit.may(Action.EDIT_PEOPLE), own=areas_to_write(visit.reader)
        )


@PAGES.get("/people/add", Action.EDIT_PEOPLE)
def empty_entry(visit: Visit) -> Response:
    """Show the form for somebody new."""
    return form_page(visit, None, {"area": areas_to_write(visit.reader)[0]}, {})


@PAGES.post("/people/add", Action.EDIT_PEOPLE)
def add(visit: Visit) -> Response:
    """Add an entry; what is wrong with it is said beside each field."""
    typed = read(visit, None)
    with visit.record.writing() as session:
        rejects = write_by_hand(session, typed, None, guard_of(visit.reader), as_at=visit.as_at,
                                actor=visit.reader.name)  # fmt: skip
    errors = {one.column: [opening(one.reason)] for one in rejects}
    return form_page(visit, None, typed, errors, 422) if errors else go("/people")


@PAGES.get("/people/{number}", Action.EDIT_PEOPLE)
def entry_page(visit: Visit) -> Response:
    """Show an entry, to change it, with its history."""
    with visit.record.reading() as session:
        entry = entry_asked(session, visit)
        return form_page(visit, entry, written(entry), {}, history=history_of(session, entry))


@PAGES.post("/people/{number}", Action.EDIT_PEOPLE)
def change(visit: Visit) -> Response:
    """Change an entry, unless somebody else changed it since the page was opened."""
    with visit.record.writing() as session:
        entry = entry_asked(session, visit)
        if visit.text("seen") != mark_of(entry):
            raise ConflictError("somebody changed this entry while you had it open", to_do="open it anew from People")
        typed = read(visit, entry)
        rejects = write_by_hand(session, typed, entry, guard_of(visit.reader), as_at=visit.as_at,
                                actor=visit.reader.name)  # fmt: skip
        if not rejects:
            return go(f"/people/{entry.id}")
        errors = {one.column: [opening(one.reason)] for one in rejects}
        return form_page(visit, entry, typed, errors, 422, history_of(session, entry))


def entry_asked(session: Session, visit: Visit) -> DirectoryEntry:
    """Return the entry that the address names, of an area whose directory the reader may write."""
    entry = session.get(DirectoryEntry, visit.number("number"))
    if entry is None or entry.area not in areas_to_write(visit.reader):
        raise NotFoundError("there is no such entry in the directory of your area")
    return entry


def written(entry: DirectoryEntry) -> dict[str, str]:
    """Return an entry as a row of the file would have it."""
    said = {column: str(getattr(entry, name) or "") for name, column in SAYS.items()}
    return {name: str(getattr(entry, name)) for name in CHOSEN} | said


def mark_of(entry: DirectoryEntry) -> str:
    """Return what tells an entry as it stands from the same entry after a change."""
    return sha256(repr(sorted(written(entry).items())).encode()).hexdigest()[:16]


def read(visit: Visit, entry: DirectoryEntry | None) -> dict[str, str]:
    """Return what was typed, as a row of the file would have it; which role it is, is not changed."""
    typed = Typed(visit.pairs())
    found = {name: day(typed, name) if name in ("from", "to") else typed.text(name) for name in OF_THE_FORM}
    fixed = {name: str(getattr(entry, name)) for name in CHOSEN} if entry is not None else {
        name: typed.text(name) for name in CHOSEN}  # fmt: skip
    return fixed | found


def history_of(session: Session, entry: DirectoryEntry) -> list[Told]:
    """Return what the trail says of an entry, the newest first."""
    of_entry = AuditEntry.after["entry"].as_integer() == entry.id
    query = select(AuditEntry).where(AuditEntry.chain == f"directory/{entry.area}"[:80], of_entry)
    found = session.scalars(query.order_by(AuditEntry.seq.desc()))
    return [Told(one, list(changes_of(one))) for one in found]


def changes_of(told: AuditEntry) -> Sequence[tuple[str, Any, Any]]:
    """Return what an entry of the trail changed: the field in words, what it was, what it became."""
    before, after = told.before or {}, told.after or {}
    return [
        (TITLES[column], before.get(name), after[name])
        for name, column in SAYS.items()
        if name in after and (after[name] or before.get(name))
    ]


def form_page(
    visit: Visit,
    entry: DirectoryEntry | None,
    values: Mapping[str, str],
    errors: Mapping[str, list[str]],
    status: int = 200,
    history: Sequence[Told] = (),
) -> Response:
    """Return the form of an entry, with what is wrong with it."""
    made = [] if entry is not None else list(choices(visit, values, errors))
    for name in OF_THE_FORM:
        shape = Shape.DAY if name in ("from", "to") else Shape.TEXT
        made.append(
            Widget(name, shape.value, TITLES[name], HINTS.get(name, ""), name in REQUIRED, shown(shape, values.get(
                name)), errors=errors.get(name, []))
        )  # fmt: skip
    reached = {one.name for one in made}
    summary = [(f"{one.title}: {what}", one.first_id) for one in made for what in one.errors]
    summary += [(what, "") for name, found in errors.items() if name not in reached for what in found]
    role = None if entry is None else guard_of(visit.reader)(entry, {**values, "email": entry.email})
    return page(
        visit, "people_entry.html", status=status, entry=entry, widgets=made, summary=summary, history=history,
        refusal=role, seen="" if entry is None else mark_of(entry),
    )  # fmt: skip


def choices(visit: Visit, values: Mapping[str, str], errors: Mapping[str, list[str]]) -> Sequence[Widget]:
    """Return the fields of a new entry that say which role it is: of those that the reader may give."""
    areas = areas_to_write(visit.reader)
    area = values.get("area") if values.get("area") in areas else areas[0]
    policy = visit.record.policies.for_area(area or "", visit.today)
    agencies = sorted((Option(name, opening(policy.agency_name(name))) for name in policy.agencies),
                      key=lambda one: one.text)  # fmt: skip
    roles = {role: None for one in areas for role in roles_to_write(visit.reader, one)}
    offered = {
        "area": ("Area", [Option(one, one) for one in areas]),
        "agency": ("Agency", agencies),
        "role": ("Role", [Option(role.value, opening(role_name(role))) for role in roles]),
    }
    return [
        Widget(name, Shape.CHOICE.value, title, "", True, answers=answers(options, values.get(name)),
               errors=errors.get(name, []))
        for name, (title, options) in offered.items()
    ]  # fmt: skip
