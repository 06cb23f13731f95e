"""The sentences file: checked row by row, told apart by person and sentence, updated when it comes again."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session, undefer

from casework import episodes
from casework.loading.cells import email_address, iso_date, months, one_of, read_cells, words, yes_no
from casework.loading.csvfile import Columns, Row, read_header, read_rows
from casework.loading.reading import good_rows
from casework.loading.report import LoadReport, Progress, Reject, RejectsFile
from casework.timescales import refresh
from models.audit import Change, append
from models.bulk import insert_many
from models.cases import Case
from models.directory import DirectoryEntry
from models.people import Person, Sentence
from models.record import Record
from policy import identifiers
from policy.agencies import LEAD_AGENCIES
from policy.calendar import london_date
from policy.release import DATE_NAMES
from policy.vocabulary import Disposal, Location, RoshLevel

COLUMNS = Columns(
    required=(
        "crn",
        "surname",
        "forenames",
        "date_of_birth",
        "area",
        "lead_agency",
        "offence_code",
        "disposal",
        "sentence_date",
    ),
    optional=(
        "noms_number",
        "pnc_number",
        "sex",
        "unit",
        "offender_manager",
        "offender_manager_email",
        "line_manager_email",
        "police_offender_manager",
        "police_offender_manager_email",
        "offence_description",
        "offence_date",
        "restriction_order",
        "term_months",
        "conditional_release_date",
        "automatic_release_date",
        "parole_eligibility_date",
        "approved_parole_date",
        "hdc_approved_date",
        "post_recall_release_date",
        "licence_expiry_date",
        "sentence_expiry_date",
        "top_up_supervision_expiry_date",
        "order_end_date",
        "location",
        "prison",
        "rosh_level",
        "victim_contact",
        "notification_order",
        "shpo",
        "shpo_end_date",
    ),
)
PERSON_FIELDS = ("crn", "noms_number", "pnc_number", "surname", "forenames", "date_of_birth", "sex")
SENTENCE_FIELDS = tuple(name for name in COLUMNS.all if name not in PERSON_FIELDS)
# Rows of one person must not tell these differently: it is then nobody's to say which is right.
IDENTITY_FIELDS = ("surname", "forenames", "date_of_birth", "noms_number", "pnc_number")
YES_NO = ("restriction_order", "victim_contact", "notification_order", "shpo")
END_DATES = (
    "licence_expiry_date",
    "sentence_expiry_date",
    "top_up_supervision_expiry_date",
    "order_end_date",
    "shpo_end_date",
)
CHUNK = 1000

Key = tuple[str, str, date, str]


def readers(today: date) -> dict[str, Any]:
    """Return the reader of each column."""
    dates = [name for name in COLUMNS.all if name.endswith("_date") or name == "date_of_birth"]
    return {
        **{name: words(100) for name in ("surname", "forenames")},
        **{name: words(60) for name in ("area",)},
        **{name: words(80) for name in ("unit", "prison")},
        **{name: words(120) for name in ("offender_manager", "police_offender_manager")},
        **{name: email_address for name in COLUMNS.all if name.endswith("_email")},
        **{name: lru_cache(iso_date) for name in dates},
        **dict.fromkeys(YES_NO, yes_no),
        "crn": identifiers.crn,
        "noms_number": identifiers.noms_number,
        "pnc_number": partial(identifiers.pnc_number, today=today),
        "sex": words(10),
        "lead_agency": one_of(LEAD_AGENCIES),
        "offence_code": lambda text: words(12)(text.upper()),
        "offence_description": words(300),
        "disposal": one_of(Disposal),
        "term_months": months,
        "location": one_of(Location),
        "rosh_level": one_of(RoshLevel),
    }


def impossible_dates(line: int, values: dict[str, Any], today: date) -> Iterator[Reject]:
    """Yield a reason for each pair of dates that cannot both be true."""
    born, offence, sentenced = values["date_of_birth"], values["offence_date"], values["sentence_date"]
    if born > today:
        yield Reject(line, "date_of_birth", f"{born} is in the future")
    if sentenced > today:
        yield Reject(line, "sentence_date", f"{sentenced} is in the future")
    if sentenced <= born:
        yield Reject(line, "sentence_date", f"{sentenced} is not after the date of birth {born}")
    if offence is not None and offence <= born:
        yield Reject(line, "offence_date", f"{offence} is not after the date of birth {born}")
    if offence is not None and offence > sentenced:
        yield Reject(line, "offence_date", f"{offence} is after the sentence date {sentenced}")
    for name in DATE_NAMES + END_DATES:
        if values[name] is not None and values[name] < sentenced:
            yield Reject(line, name, f"{values[name]} is before the sentence date {sentenced}")
    last = max((values[n] for n in ("licence_expiry_date", "sentence_expiry_date") if values[n]), default=None)
    for name in ("conditional_release_date", "automatic_release_date"):
        if values[name] is not None and last is not None and values[name] > last:
            yield Reject(line, name, f"{values[name]} is after the sentence ends on {last}")


def check(row: Row, column_readers: dict[str, Any], today: date) -> tuple[dict[str, Any], list[Reject]]:
    """Return the values of one row and every reason against it."""
    values, rejects = read_cells(row, COLUMNS, column_readers)
    if not rejects:
        for name in YES_NO:
            values[name] = bool(values[name])
        rejects = list(impossible_dates(row.line, values, today))
    return values, rejects


def key_of(values: dict[str, Any]) -> Key:
    """Return what tells one sentence from another."""
    offence_date = values["offence_date"]
    return (
        values["crn"],
        values["offence_code"],
        values["sentence_date"],
        offence_date.isoformat() if offence_date else "",
    )


@dataclass(slots=True)
class Disagreements:
    """What the first reading keeps: per person and per sentence, the first line and what it said."""

    people: dict[str, tuple[int, tuple[Any, ...]]] = field(default_factory=dict)
    sentences: dict[Key, tuple[int, bytes]] = field(default_factory=dict)
    bad_people: dict[str, str] = field(default_factory=dict)
    bad_sentences: dict[Key, str] = field(default_factory=dict)
    repeats: set[int] = field(default_factory=set)

    def see(self, row: Row, values: dict[str, Any]) -> None:
        """Take in one good row."""
        crn, told = values["crn"], tuple(values[name] for name in IDENTITY_FIELDS)
        first_line, first = self.people.setdefault(crn, (row.line, told))
        for name, one, other in zip(IDENTITY_FIELDS, first, told, strict=True):
            if one is not None and other is not None and one != other:
                self.bad_people.setdefault(
                    crn, f"lines {first_line} and {row.line} disagree on the {name} of {crn}; neither went in"
                )
        key = key_of(values)
        digest = hashlib.blake2b(repr([values[n] for n in SENTENCE_FIELDS]).encode(), digest_size=16).digest()
        first_line, first_digest = self.sentences.setdefault(key, (row.line, digest))
        if first_line != row.line:
            if first_digest != digest:
                self.bad_sentences.setdefault(
                    key,
                    f"lines {first_line} and {row.line} tell the same sentence (offence {key[1]} of {key[2]}) "
                    "differently; neither went in",
                )
            else:
                self.repeats.add(row.line)

    def against(self, row: Row, values: dict[str, Any]) -> list[Reject]:
        """Return the reason why a good row cannot go in, if another row speaks against it."""
        if reason := self.bad_people.get(values["crn"]):
            return [Reject(row.line, "crn", reason)]
        if reason := self.bad_sentences.get(key_of(values)):
            return [Reject(row.line, "offence_code", reason)]
        return []


def first_reading(path: Path, header: Sequence[str], column_readers: dict[str, Any], today: date) -> Disagreements:
    """Read the file once without writing anything; raises ``FileRefusedError`` where it cannot be read whole."""
    seen = Disagreements()
    for item in read_rows(path, header):
        if isinstance(item, Row):
            values, rejects = check(item, column_readers, today)
            if not rejects:
                seen.see(item, values)
    return seen


def load_sentences(
    record: Record,
    path: Path,
    *,
    as_at: datetime,
    actor: str,
    dry_run: bool = False,
    rejects: Path | None = None,
    progress: Progress | None = None,
) -> LoadReport:
    """Load a sentences file: good rows in, bad rows back; loading the same file twice changes nothing.

    A later file with other particulars of a known sentence updates it and says what changed. Raises
    ``FileRefusedError`` for a file that cannot be read whole; nothing of it is loaded then.
    """
    today = london_date(as_at)
    header = read_header(path, COLUMNS)
    column_readers = readers(today)
    seen = first_reading(path, header, column_readers, today)

    def check_against_all(row: Row) -> tuple[dict[str, Any], list[Reject]]:
        values, reasons = check(row, column_readers, today)
        return values, reasons or seen.against(row, values)

    report, areas = LoadReport(), set()
    with RejectsFile(rejects, header) as rejects_file:
        good: list[tuple[int, dict[str, Any]]] = []
        for row, values in good_rows(path, header, check_against_all, report, rejects_file, progress):
            areas.add(values["area"])
            if row.line in seen.repeats:
                report.unchanged += 1
            else:
                good.append((row.line, values))
            if len(good) >= CHUNK:
                write(record, good, report, as_at, actor, dry_run)
                good.clear()
        write(record, good, report, as_at, actor, dry_run)
    warn_of_unknown_areas(record, report, areas)
    return report


def warn_of_unknown_areas(record: Record, report: LoadReport, areas: set[str]) -> None:
    """Warn of areas for which the directory has nobody: prompts there would have no recipient."""
    with record.reading() as session:
        known = set(session.scalars(select(DirectoryEntry.area).distinct()))
    report.warnings.extend(
        f"area {area!r} has nobody in the directory: prompts there have no recipient until it is loaded"
        for area in sorted(areas - known)
    )


def write(
    record: Record,
    rows: Sequence[tuple[int, dict[str, Any]]],
    report: LoadReport,
    as_at: datetime,
    actor: str,
    dry_run: bool,
) -> None:
    """Write good rows in one transaction; a dry run rolls it back and keeps the counts."""
    if not rows:
        return
    with record.writing() as session:
        write_rows(session, rows, report, as_at, actor)
        if dry_run:
            session.rollback()


def write_rows(
    session: Session, rows: Sequence[tuple[int, dict[str, Any]]], report: LoadReport, as_at: datetime, actor: str
) -> None:
    """Insert new people and sentences and update known ones, with an audit entry each."""
    people = {p.crn: p for p in session.scalars(select(Person).where(Person.crn.in_({v["crn"] for _, v in rows})))}
    changes: list[Change] = list(write_people(session, people, [values for _, values in rows], as_at))
    ids = {crn: person.id for crn, person in people.items()}
    known: dict[tuple[int, str, date, str], Sentence] = {}
    of_people = select(Sentence).where(Sentence.person_id.in_(ids.values())).options(undefer(Sentence.as_told))
    for sentence in session.scalars(of_people):
        known[sentence.person_id, sentence.offence_code, sentence.sentence_date, sentence.offence_date_key] = sentence
    new: list[dict[str, Any]] = []
    touched: set[int] = set()
    for line, values in rows:
        crn, offence_code, sentence_date, offence_date_key = key_of(values)
        person_id = ids[crn]
        old = known.get((person_id, offence_code, sentence_date, offence_date_key))
        content = {name: values[name] for name in SENTENCE_FIELDS}
        if old is None:
            new.append(
                {
                    **content,
                    "person_id": person_id,
                    "offence_date_key": offence_date_key,
                    "as_told": as_told(content),
                    "loaded_at": as_at,
                    "identify_at": as_at,
                }
            )
            changes.append(
                Change(
                    f"person/{person_id}",
                    "sentence-loaded",
                    f"sentence of {sentence_date}",
                    after={k: v for k, v in content.items() if v not in (None, False)},
                )
            )
            report.added += 1
        elif change := update_sentence(old, content, line, report, as_at):
            changes.append(change)
            if old.case_id is not None:
                touched.add(old.case_id)
    insert_many(session, Sentence, new)
    session.flush()
    append(session, changes, actor=actor, at=as_at)
    drive_touched(session, touched, as_at, actor)


def write_people(
    session: Session, people: dict[str, Person], rows: Iterable[dict[str, Any]], as_at: datetime
) -> Iterator[Change]:
    """Insert the people not known yet and update the others; ``people`` is completed."""
    merged: dict[str, dict[str, Any]] = defaultdict(dict)
    for values in rows:
        merged[values["crn"]].update({n: values[n] for n in PERSON_FIELDS if values[n] is not None})
    if fresh := [values for crn, values in merged.items() if crn not in people]:
        full = [{name: values.get(name) for name in PERSON_FIELDS} for values in fresh]
        insert_many(session, Person, full)
        crns = [values["crn"] for values in fresh]
        people.update({p.crn: p for p in session.scalars(select(Person).where(Person.crn.in_(crns)))})
    new = {values["crn"] for values in fresh}
    for crn, values in merged.items():
        if crn in new:
            continue
        person = people[crn]
        before = {n: getattr(person, n) for n in values if getattr(person, n) != values[n]}
        if before:
            for name in before:
                setattr(person, name, values[name])
            if "date_of_birth" in before:
                # Ages decide thresholds and notification periods, so every sentence is looked at again.
                session.execute(update(Sentence).where(Sentence.person_id == person.id).values(identify_at=as_at))
            yield Change(
                f"person/{person.id}", "person-changed", f"person {person.id}", before, {n: values[n] for n in before}
            )


def as_told(content: dict[str, Any]) -> dict[str, Any]:
    """Return what a row tells, as it is kept: plain values, without the empty cells."""
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in content.items()
        if value is not None
    }


def update_sentence(
    old: Sentence, content: dict[str, Any], line: int, report: LoadReport, as_at: datetime
) -> Change | None:
    """Bring a known sentence up to a row; return the audit entry, None where nothing differs.

    An empty cell does not take a value away: files of other systems leave out what they do not know. What a file
    told before it does not tell anew: an event that somebody recorded since is not undone by it.
    """
    known, values = old.as_told or {}, as_told(content)
    told = {name: value for name, value in content.items() if value is not None and values[name] != known.get(name)}
    if told:
        old.as_told = known | values
    before = {name: getattr(old, name) for name, value in told.items() if getattr(old, name) != value}
    if not before:
        report.unchanged += 1
        return None
    for name in before:
        setattr(old, name, told[name])
    old.loaded_at, old.identify_at = as_at, as_at
    texts = ", ".join(f"{n} {v if v is not None else 'empty'} -> {told[n]}" for n, v in before.items())
    report.change(f"line {line}: sentence of {old.sentence_date}, offence {old.offence_code}: {texts}")
    chain = f"case/{old.case_id}" if old.case_id else f"person/{old.person_id}"
    return Change(chain, "sentence-changed", f"sentence {old.id}", before, {n: told[n] for n in before})


def drive_touched(session: Session, case_ids: set[int], as_at: datetime, actor: str) -> None:
    """Bring the open cases of changed sentences in step at once: a moved date moves what is owed."""
    if not case_ids:
        return
    cases = session.scalars(
        select(Case).where(Case.id.in_(case_ids), Case.closed_on.is_(None)).order_by(Case.id).with_for_update()
    ).all()
    sentences: dict[int, list[Sentence]] = defaultdict(list)
    for sentence in session.scalars(select(Sentence).where(Sentence.case_id.in_(case_ids)).order_by(Sentence.id)):
        sentences[sentence.case_id or 0].append(sentence)
    for case in cases:
        episodes.take_over(case, sentences[case.id], london_date(as_at))
    refresh(session, cases, as_at, actor)
