"""What every document says of a case and a meeting, so that it can be read without prior knowledge of either."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.documents.blocks import Facts, Section, Table, Words
from casework.documents.wording import Names, when
from models.cases import Case
from models.meetings import Meeting
from models.people import Person, Sentence
from policy.vocabulary import MeetingState, RoshLevel
from policy.words import NOT_RECORDED, category_name, known, level_name, listed, long_date, plain_words, short_date


def about_the_meeting(meeting: Meeting, chair: str) -> Section:
    """Return the details of a meeting."""
    return Section(
        "Meeting details",
        [
            Facts(
                [
                    ("Case", meeting.case.reference),
                    ("Meeting number", str(meeting.number)),
                    ("Date and time", when(meeting)),
                    ("Place", meeting.place),
                    ("Level of the meeting", level_name(meeting.level)),
                    ("Chair", chair),
                    ("Papers", listed(str(paper) for paper in meeting.papers) if meeting.papers else "None listed"),
                ]
            )
        ],
    )


def about_the_case(case: Case, door: date | None, agency_name: Names) -> Section:
    """Return who it is about and why: identifiers, category, who manages, sentences.

    ``door``: the day on which the person leaves custody, where it is known.
    """
    person = case.person
    return Section(
        "The person and the case",
        [
            Words("Taken from the record when this was written."),
            Facts([*who(person), *where_and_by_whom(case, door, agency_name)]),
            Table(
                "Sentences",
                ("Offence", "Sentence", "Date", "Licence or order ends"),
                [sentence_row(one) for one in sentences_of(case)],
                "No sentence is on record for this case.",
            ),
        ],
    )


def who(person: Person) -> list[tuple[str, str]]:
    """Return the identifiers of a person."""
    return [
        ("Name", f"{person.surname}, {person.forenames}"),
        ("Date of birth", short_date(person.date_of_birth)),
        ("CRN", person.crn),
        ("Prison (NOMIS) number", known(person.noms_number)),
        ("PNC number", known(person.pnc_number)),
    ]


def where_and_by_whom(case: Case, door: date | None, agency_name: Names) -> list[tuple[str, str]]:
    """Return the category of a case, who manages it, and where the person is."""
    others = [str(category) for category in case.categories if category != case.category]
    also = f" (category {listed(others)} too)" if others else ""
    rows = [
        ("Category", category_name(case.category) + also),
        ("Lead agency", ", ".join(part for part in (agency_name(case.lead_agency), case.unit) if part)),
        ("Offender manager", known(case.offender_manager)),
        ("Police offender manager", known(case.police_offender_manager)),
        ("Where the person is", ", ".join(part for part in (plain_words(case.location), case.prison) if part)),
        *release_rows(case, door),
        ("MAPPA applies until", known(case.eligible_until, "No end is known")),
        ("Risk of serious harm on record", known(case.rosh_level and plain_words(case.rosh_level))),
    ]
    if case.restricted:
        rows.append(("Restricted", "Yes: nothing about this case goes out by e-mail"))
    return rows


def release_rows(case: Case, door: date | None) -> Iterable[tuple[str, str]]:
    """Yield the release date, and the day on which the person leaves custody where that is another day.

    Source: Criminal Justice Act 1961 s.23; Offenders (Day of Release from Detention) Act 2023.
    """
    yield "Release date", known(case.release_date, "None on record, or not in custody")
    if door is not None and door != case.release_date:
        yield "Leaves custody on", long_date(door)


def sentences_of(case: Case) -> Sequence[Sentence]:
    """Return the sentences of a case."""
    return [sentence for sentence in case.person.sentences if sentence.case_id == case.id]


def sentence_row(sentence: Sentence) -> tuple[str, str, str, str]:
    """Return a sentence as documents show it."""
    term = f", {sentence.term_months} months" if sentence.term_months else ""
    ends = [sentence.licence_expiry_date, sentence.order_end_date, sentence.sentence_expiry_date]
    last: date | None = max((day for day in ends if day is not None), default=None)
    return (
        sentence.offence_description or f"Offence code {sentence.offence_code}",
        plain_words(sentence.disposal) + term,
        short_date(sentence.sentence_date),
        short_date(last) if last else NOT_RECORDED,
    )


def last_held(session: Session, meeting: Meeting) -> Meeting | None:
    """Return the last meeting of the case that was held before this one."""
    return session.scalars(
        select(Meeting)
        .where(
            Meeting.case_id == meeting.case_id,
            Meeting.id != meeting.id,
            Meeting.state == MeetingState.HELD,
            Meeting.starts_at < meeting.starts_at,
        )
        .order_by(Meeting.starts_at.desc(), Meeting.id.desc())
        .limit(1)
    ).first()


def risk_views(views: Iterable[dict[str, Any]], caption: str, notes: dict[str, str], agency_name: Names) -> Table:
    """Return how each agency sees the risk of serious harm. ``notes``: what to add, by agency."""
    rows = []
    for view in views:
        reason = noted(view["reason"], notes.get(view["agency"], ""))
        rows.append((agency_name(view["agency"]), plain_words(view["level"]), reason))
    return Table(caption, ("Agency", "Risk", "Why"), rows, "No agency stated its view of the risk.")


def at_risk_table(at_risk: Iterable[dict[str, str]], caption: str, notes: dict[str, str]) -> Table:
    """Return who is at risk of what, when, and on which evidence. ``notes``: what to add, by person."""
    rows = [
        (one["who"], one["of_what"], one["when"], noted(one["evidence"], notes.get(one["who"], ""))) for one in at_risk
    ]
    return Table(caption, ("Who", "Of what", "When", "Evidence"), rows, "Nobody was named as at risk.")


def noted(text: str, note: str) -> str:
    """Return a text of a table with what a reader must know about it."""
    return f"{text}\n[{note}]" if note else text


def meaning_of(levels: Iterable[str], key: dict[RoshLevel, str]) -> Words:
    """Return what the words for the levels of risk mean, of those that were used."""
    named = set(levels)
    used = [f"{plain_words(level)}: {meaning}." for level, meaning in key.items() if level in named]
    return Words("\n".join(used), "What the words mean")


PILLARS = {
    "supervision": "Supervision",
    "monitoring_and_control": "Monitoring and control",
    "interventions_and_treatment": "Interventions and treatment",
    "victim_safety": "Victim safety",
    "contingency": "Contingency",
}
PLAN = PILLARS | {
    "licence_conditions": "Licence conditions and orders, in full",
    "conclusion": "In conclusion",
}


def plan_words(plan: dict[str, str], notes: dict[str, str]) -> list[Words]:
    """Return the risk management plan by pillar. ``notes``: what to add, by part of the plan."""
    return [Words(plan[part], heading, notes.get(part, "")) for part, heading in PLAN.items()]
