"""An area of 10,000 cases, 800 of them at level 2 or 3, made through casework: for the measurements of meetings."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from casework.recording import Actor, Entry, Through, record_many
from models import Case, DirectoryEntry, Person
from models.record import Record
from policy.agencies import Agency, AgencyClass
from policy.book import shipped_book
from policy.calendar import london_time
from policy.vocabulary import Level, Location, Standing

AREA = "Benchshire"
BENCH = Actor(id="bench", name="bench", through=Through.SAMPLE)
ADULTS = date(1980, 1, 1)
BIRTHDAYS = 12_000
"""Born on one of so many days before: who shares one is looked at, whether they are one person."""
BATCH = 200
# Fifty cases each.
MANAGERS = 200
# With the core and neighbourhood policing, ten agencies at a meeting that has all of them.
CIRCUMSTANCES = (
    "victim_contact",
    "approved_premises",
    "tagged",
    "children_at_risk",
    "adult_at_risk",
    "employment_restrictions",
    "immigration",
)
AGENCIES = tuple(
    agency for agency, entry in shipped_book().policies[0].agencies.items() if entry.class_ is not AgencyClass.MAPPA
)


def directory_rows() -> list[dict[str, Any]]:
    """Return the people of the area: three of each agency, and MAPPA's own."""
    roles: list[tuple[str, str]] = [
        (agency, role) for agency in AGENCIES for role in ("representative", "senior_manager", "smb_member")
    ]
    roles += [(Agency.MAPPA_UNIT, role) for role in ("coordinator", "coordinator_manager", "administrator", "chair")]
    roles.append((Agency.SMB, "smb_chair"))
    return [
        {"area": AREA, "agency": agency, "unit": "", "role": role, "name": f"{role.title()} {agency}",
         "email": f"{role}@{agency.replace('_', '-')}.example", "grade": None}
        for agency, role in roles
    ]  # fmt: skip


def build(record: Record, cases: int, managed: int, today: date, asked: int = 7) -> None:
    """Fill a record with cases in the community; ``managed`` of them at level 2 or 3, the others at level 1.

    ``asked``: how many agencies beside the core the circumstances of a managed case ask for, at the most. The
    levels were set over the sixteen weeks before ``today``, so that the reviews are spread over the year.
    """
    with record.writing() as session:
        session.execute(insert(DirectoryEntry), directory_rows())
        insert_cases(session, cases, managed, today, asked)
    facts = [level_fact(number, managed, today) for number in range(cases)]
    for start in range(0, cases, BATCH):
        day = today - timedelta(days=1)
        with record.writing() as session:
            record_many(session, facts[start : start + BATCH], actor=BENCH, as_at=at(day))


def insert_cases(session: Session, cases: int, managed: int, today: date, asked: int) -> None:
    """Insert the people and their cases, without a level yet."""
    session.execute(
        insert(Person),
        [
            {
                "crn": crn_of(n),
                "surname": "Bench",
                "forenames": f"Case {n}",
                "date_of_birth": ADULTS - timedelta(n % BIRTHDAYS),
            }
            for n in range(cases)
        ],
    )
    session.execute(
        insert(Case),
        [
            {
                "reference": f"BEN-2026-{n:06d}",
                "person_id": n + 1,
                "area": AREA,
                "lead_agency": "probation",
                "offender_manager": f"Manager {n % MANAGERS}",
                "offender_manager_email": f"om{n % MANAGERS}@probation.example",
                "line_manager_email": f"lm{n % 40}@probation.example",
                "police_offender_manager": f"Officer {n % MANAGERS}",
                "police_offender_manager_email": f"po{n % MANAGERS}@police.example",
                "location": Location.COMMUNITY.value,
                "category": 1 if n % 3 else 2,
                "categories": [1] if n % 3 else [2],
                "stage": Standing.COMMUNITY.value,
                "opened_on": today - timedelta(days=400),
                "victim_contact": False,
                "restricted": False,
                "circumstances": circumstances(n, asked) if n < managed else {},
            }
            for n in range(cases)
        ],
    )


def circumstances(number: int, asked: int) -> dict[str, Any]:
    """Return the circumstances of one case: from one of the kinds there are to ``asked`` of them, evenly spread."""
    held = CIRCUMSTANCES if asked >= len(CIRCUMSTANCES) else CIRCUMSTANCES[: 1 + number % asked]
    return dict.fromkeys(held, True) | {"local_authority": "Benchton"}


def level_fact(number: int, managed: int, today: date) -> Entry:
    """Return the level of one case: level 3 for one managed case in twelve."""
    level = Level.LEAD_AGENCY
    if number < managed:
        level = Level.SENIOR_MULTI_AGENCY if number % 12 == 0 else Level.MULTI_AGENCY
    # A first meeting is owed within four weeks, a review at level 1 within sixteen.
    spread = 28 if number < managed else 112
    since = today - timedelta(days=1 + number % spread)
    told: dict[str, Any] = {"date": since.isoformat(), "level": int(level), "reason": "As screened."}
    if level > Level.LEAD_AGENCY:
        senior = "A bed that only a head of service can give." if level == Level.SENIOR_MULTI_AGENCY else ""
        told["thresholds"] = {"high_risk": True, "senior_representation": senior}
    return Entry("level", crn_of(number), told)


def plan_meetings(record: Record, count: int, today: date) -> None:
    """Plan a first meeting of so many managed cases."""
    starts = (today + timedelta(days=14)).isoformat() + "T10:00"
    plans = [
        Entry("meeting-plan", crn_of(n), {"date": today.isoformat(), "starts_at": starts, "place": "Civic Centre"})
        for n in range(count)
    ]
    with record.writing() as session:
        record_many(session, plans, actor=BENCH, as_at=at(today))


def crn_of(number: int) -> str:
    """Return the CRN of a case by its number."""
    return f"{'ABCDEFGH'[number // 1_000_000]}{number % 1_000_000:06d}"


def at(day: date) -> datetime:
    """Return the hour at which the clerks of the benchmark work."""
    return london_time(day, time(9)).astimezone(UTC)
