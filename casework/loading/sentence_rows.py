"""Good rows of the sentences file into the record: people and sentences, new or known, with an audit entry each."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session, undefer

from casework import disagreements, episodes
from casework.events import note_release_by_file
from casework.facts.querying import now_known_as
from casework.facts.registrations import running_registrations
from casework.loading.as_written import alike
from casework.loading.report import LoadReport
from casework.loading.sentence_columns import PERSON_FIELDS, SENTENCE_FIELDS, key_of
from casework.timescales import refresh
from models.audit import Change, append
from models.bulk import insert_many
from models.cases import Case
from models.people import Person, Sentence
from policy.calendar import london_date


def write_rows(
    session: Session, rows: Sequence[tuple[int, dict[str, Any]]], report: LoadReport, as_at: datetime, actor: str
) -> None:
    """Insert new people and sentences and update known ones, with an audit entry each."""
    people = {p.crn: p for p in session.scalars(select(Person).where(Person.crn.in_({v["crn"] for _, v in rows})))}
    changes: list[Change] = list(write_people(session, people, [values for _, values in rows], as_at))
    ids = {crn: now_known_as(session, person).id for crn, person in people.items()}
    known: dict[tuple[int, str, date, str], Sentence] = {}
    of_people = select(Sentence).where(Sentence.person_id.in_(ids.values())).options(undefer(Sentence.as_told))
    for sentence in session.scalars(of_people):
        known[sentence.person_id, sentence.offence_code, sentence.sentence_date, sentence.offence_date_key] = sentence
    # Two CRNs that were found to be one person's may tell one sentence.
    new: dict[tuple[int, str, date, str], dict[str, Any]] = {}
    touched: set[int] = set()
    told: dict[int, disagreements.Told] = {}
    unchanged: set[int] = set()
    for line, values in rows:
        crn, offence_code, sentence_date, offence_date_key = key_of(values)
        person_id = ids[crn]
        key = (person_id, offence_code, sentence_date, offence_date_key)
        old = known.get(key)
        content = {name: values[name] for name in SENTENCE_FIELDS}
        if key in new:
            report.unchanged += 1
        elif old is None:
            new[key] = {
                **content,
                "person_id": person_id,
                "offence_date_key": offence_date_key,
                "as_told": as_told(content),
                "loaded_at": as_at,
                "identify_at": as_at,
            }
            changes.append(
                Change(
                    f"person/{person_id}",
                    "sentence-loaded",
                    f"sentence of {sentence_date}",
                    after={k: v for k, v in content.items() if v not in (None, False)},
                )
            )
            report.added += 1
        elif old.withdrawn_on is not None:
            report.warnings.append(f"line {line}: this sentence was withdrawn on {old.withdrawn_on}, and stays so")
            report.unchanged += 1
        else:
            told[old.id] = disagreements.Told(line, old, content)
            if change := update_sentence(old, content, line, report, as_at):
                changes.append(change)
                if old.case_id is not None:
                    touched.add(old.case_id)
            else:
                unchanged.add(line)
    insert_many(session, Sentence, list(new.values()))
    session.flush()
    append(session, changes, actor=actor, at=as_at)
    drive_touched(session, touched, as_at, actor)
    for asked in disagreements.ask(session, told, as_at):
        report.put_in_question(f"line {asked.line}: {asked.question}", known=asked.line in unchanged)


def write_people(
    session: Session, people: dict[str, Person], rows: Iterable[dict[str, Any]], as_at: datetime
) -> Iterator[Change]:
    """Insert the people not known yet and update the others; ``people`` is completed."""
    merged: dict[str, dict[str, Any]] = defaultdict(dict)
    for values in rows:
        told = {name: values[name] for name in PERSON_FIELDS if values[name] is not None}
        # Rows of one person disagree on no name, but for how it is written: what is written first stands.
        merged[values["crn"]] = told | {n: v for n, v in merged[values["crn"]].items() if alike(v, told.get(n, v))}
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
        before = {n: was for n in values if not alike(was := getattr(person, n), values[n])}
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
    told = {n: value for n, value in content.items() if value is not None and not alike(values[n], known.get(n))}
    if told:
        old.as_told = known | values
    before = {name: was for name, value in told.items() if not alike(was := getattr(old, name), value)}
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
    today = london_date(as_at)
    registered = running_registrations(session, [case.person_id for case in cases], today)
    for case in cases:
        was = case.location
        placed = any(row.case_id == case.id and row.location for row in registered[case.person_id])
        episodes.take_over(case, sentences[case.id], (), today, placed=placed)
        note_release_by_file(session, case, was, as_at)
    refresh(session, cases, as_at, actor)
