"""What the papers tell of the prison's report and of where the person lives, where anything was told."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.documents.blocks import Section, Table
from casework.documents.wording import Names
from models.cases import Case, Fact
from models.meetings import Meeting
from policy.vocabulary import FactKind
from policy.words import day_of, known, plain_words, short_date

VISIT_COLUMNS = ("Date", "By", "How", "What was found")


def facts_of(session: Session, case: Case, kind: FactKind) -> list[Fact]:
    """Return the facts of a kind, the oldest first."""
    query = select(Fact).where(Fact.case_id == case.id, Fact.kind == kind.value)
    return list(session.scalars(query.order_by(Fact.on_date, Fact.id)))


def prison_report_sections(session: Session, case: Case, last: Meeting | None) -> Iterator[Section]:
    """Yield what the prison has reported since the last meeting: item by item, each with why it matters.

    Source: Joint inspection 2015, 6.40.
    """
    reports = facts_of(session, case, FactKind.PRISON_REPORT)
    rows = [
        (plain_words(item["topic"]), item["what"], item["why"], f"{report.data['by']}, {short_date(report.on_date)}")
        for report in reports
        if last is None or report.on_date > last.on
        for item in report.data["items"]
    ]
    if rows:
        columns = ("About", "What is known", "Why it matters", "Reported by")
        yield Section("Prison's report (MAPPA F)", [Table("Since the last meeting", columns, rows, "")])


def home_sections(session: Session, case: Case) -> Iterator[Section]:
    """Yield where the person lives or will live, the newest first, with who deals with it at the housing authority."""
    rows = [
        (
            plain_words(home.data["dwelling"]),
            home.data["place"],
            f"From {day_of(home.data['since'])}"
            + (f"\nPlanned end: {day_of(home.data['until'])}" if home.data.get("until") else ""),
            f"{known(home.data.get('housing_officer'))}\nSocial landlords: {home.data['social_landlords']}",
        )
        for home in reversed(facts_of(session, case, FactKind.ACCOMMODATION))
    ]
    if rows:
        columns = ("Home", "Place", "When", "Housing officer")
        yield Section("Where the person lives", [Table("As it was told, the newest first", columns, rows, "")])


def visit_sections(session: Session, case: Case, last: Meeting | None, agency_name: Names) -> Iterator[Section]:
    """Yield the visits since the last meeting, each with its finding (Joint inspection 2015, 6.26 to 6.28)."""
    rows = [visit_row(one, agency_name) for one in recorded_visits(session, case, last.on if last else date.min)]
    if rows:
        yield Section("Visits", [Table("Since the last meeting", VISIT_COLUMNS, rows, "")])


def recorded_visits(session: Session, case: Case, after: date) -> list[dict[str, Any]]:
    """Return the visits after a day that were recorded one by one, the oldest first, each with its day as ``on``."""
    found = facts_of(session, case, FactKind.VISIT)
    return [visit.data | {"on": visit.on_date.isoformat()} for visit in found if visit.on_date > after]


def visit_row(visit: Mapping[str, Any], agency_name: Names) -> tuple[str, str, str, str]:
    """Return a visit as a row; one that was told at a meeting has no finding of its own."""
    return (
        day_of(visit["on"]),
        f"{agency_name(visit['agency'])}, {visit['by']}",
        ("Announced" if visit["announced"] else "Unannounced") + ("" if visit.get("seen", True) else ", nobody in"),
        visit.get("finding") or "Told at the meeting",
    )
