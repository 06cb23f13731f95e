"""People with all their registrations, cases and sentences: what is on record of them, and what a file adds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.facts.between_meetings import by
from casework.facts.querying import now_known_as
from casework.loading.as_written import alike
from casework.loading.registration_columns import IDENTITY, SAYS, said
from casework.loading.report import LoadReport
from casework.loading.together import Rows
from models.bulk import insert_many
from models.cases import Case
from models.people import Person, Sentence
from models.registrations import Registration
from policy.registrations import Registered, Stretch, flags_of_each, stretches


@dataclass(slots=True)
class One:
    """One registration of a person, on record or new. ``before``: what a changed one said of what it now says anew."""

    says: dict[str, Any]
    line: int = 0
    row: Registration | None = None
    before: dict[str, Any] | None = None
    case: "Target | None" = None
    flags: list[str] = field(default_factory=list)

    @property
    def is_told(self) -> bool:
        """Tell whether the file told something new by it."""
        return self.row is None or self.before is not None

    def as_registered(self) -> Registered:
        """Return it as the rules see it."""
        return Registered(**self.says)


@dataclass(slots=True)
class Target:
    """The case that an episode belongs to: one on record, or values of a new one."""

    case: Case | None
    values: dict[str, Any]
    ones: list[One] = field(default_factory=list)

    @property
    def id(self) -> int:
        """The key of the case; a new one has it once it is written."""
        return self.case.id if self.case is not None else int(self.values["id"])

    @property
    def reference(self) -> str:
        """The reference of the case."""
        return self.case.reference if self.case is not None else str(self.values["reference"])

    def cut(self) -> list[Stretch]:
        """Return the registrations of the case cut into stretches."""
        return stretches([one.as_registered() for one in self.ones])


@dataclass(slots=True)
class Whole:
    """A person with all their registrations that stand, cases and sentences. ``withdrawn``: those told in error."""

    person: Person
    ones: list[One]
    cases: list[Case]
    sentences: list[Sentence]
    targets: list[Target] = field(default_factory=list)
    withdrawn: list[Registration] = field(default_factory=list)

    @property
    def open_case(self) -> Case | None:
        """The case that is open."""
        return next((case for case in self.cases if case.closed_on is None), None)


def known_and_new(
    session: Session, people: Sequence[Rows], report: LoadReport
) -> tuple[dict[str, Person], dict[str, Person]]:
    """Return the people of some rows by CRN, those on record and the new ones, who are written.

    A name on record stays as it is.
    """
    named: dict[str, dict[str, Any]] = {}
    for rows in people:
        for _, values in rows:
            told = {name: values[name] for name in IDENTITY if values[name] is not None}
            named[values["crn"]] = told | named.get(values["crn"], {})
    found = {p.crn: p for p in session.scalars(select(Person).where(Person.crn.in_(named)))}
    for rows in people:
        line, values = rows[0]
        if (known := found.get(values["crn"])) is not None:
            told = named[known.crn]
            if differing := [name for name in told if not alike(told[name], getattr(known, name))]:
                names = " and ".join(name.replace("_", " ") for name in differing)
                report.warnings.append(f"line {line}: the record has another {names} for this CRN, and keeps it")
    empty = {"noms_number": None, "pnc_number": None, "sex": None}
    new = {crn: {"crn": crn, **told, **empty} for crn, told in named.items() if crn not in found}
    insert_many(session, Person, list(new.values()))
    ids = session.execute(select(Person.crn, Person.id).where(Person.crn.in_(new)))
    # They were written a moment ago: nothing of them need be read.
    return found, {crn: Person(id=number, **new[crn]) for crn, number in ids}


def read_wholes(session: Session, known: dict[str, Person], new: dict[str, Person]) -> dict[int, Whole]:
    """Return what is on record of people, by the key of the person under whom their record goes on."""
    standing = {}
    for person in known.values():
        one = now_known_as(session, person)
        standing[one.id] = one
    ids = list(standing)
    of_cases = select(Case).where(Case.person_id.in_(ids)).order_by(Case.id).with_for_update()
    cases = by(session.scalars(of_cases), lambda row: row.person_id)
    of_rows = select(Registration).where(Registration.person_id.in_(ids)).order_by(Registration.id)
    rows = by(session.scalars(of_rows), lambda row: row.person_id)
    of_sentences = select(Sentence).where(Sentence.person_id.in_(ids), Sentence.withdrawn_on.is_(None))
    sentences = by(session.scalars(of_sentences.order_by(Sentence.id)), lambda row: row.person_id)
    found = {person.id: Whole(person, [], [], []) for person in new.values()}
    for key, person in standing.items():
        ones = [One(says_of(row), row=row) for row in rows[key] if row.withdrawn_on is None]
        withdrawn = [row for row in rows[key] if row.withdrawn_on is not None]
        found[key] = Whole(person, ones, cases[key], sentences[key], withdrawn=withdrawn)
    return found


def pair(session: Session, people: Sequence[Rows], wholes: dict[int, Whole]) -> Iterator[tuple[Rows, Whole]]:
    """Yield the rows of each CRN with the person whose record they are of."""
    by_crn = {whole.person.crn: whole for whole in wholes.values()}
    for rows in people:
        crn = rows[0][1]["crn"]
        whole = by_crn.get(crn)
        if whole is None:
            merged = session.scalars(select(Person).where(Person.crn == crn)).one()
            whole = wholes[now_known_as(session, merged).id]
        yield rows, whole


def says_of(row: Registration) -> dict[str, Any]:
    """Return what a registration on record says."""
    return {name: getattr(row, name) for name in ("category", "level", "starts_on", *SAYS)}


def take_in(whole: Whole, rows: Rows, report: LoadReport, as_at: datetime) -> None:
    """Bring the registrations of a person up to the rows of the file. An empty cell takes no value away."""
    known = {key_of(one.says): one for one in whole.ones}
    withdrawn = {key_of(says_of(row)): row.withdrawn_on for row in whole.withdrawn}
    for line, values in rows:
        says = said(values)
        if (on := withdrawn.get(key_of(says))) is not None:
            report.warnings.append(f"line {line}: this registration was withdrawn on {on}, and stays so")
            report.unchanged += 1
            continue
        one = known.get(key_of(says))
        if one is None:
            known[key_of(says)] = new = One(says, line)
            whole.ones.append(new)
            report.added += 1
            continue
        differing = [n for n in SAYS if says[n] is not None and not alike(says[n], one.says[n])]
        if not differing:
            report.unchanged += 1
            continue
        one.before = (one.before or {}) | {name: one.says[name] for name in differing}
        texts = ", ".join(f"{name} {one.says[name] or 'empty'} -> {says[name]}" for name in differing)
        report.change(f"line {line}: registration of {says['starts_on']}: {texts}")
        for name in differing:
            one.says[name] = says[name]
            if one.row is not None:
                setattr(one.row, name, says[name])
                one.row.loaded_at = as_at


def key_of(says: dict[str, Any]) -> tuple[date, int, int | None]:
    """Return what tells one registration of a person from another."""
    return says["starts_on"], says["category"], says["level"]


def flag(whole: Whole) -> None:
    """Note on each registration of a person what today's rules would not allow."""
    found = flags_of_each([one.as_registered() for one in whole.ones])
    for one, flags in zip(whole.ones, found, strict=True):
        one.flags = flags
        if one.row is not None and one.row.flags != one.flags:
            one.row.flags = one.flags
