"""A caseload of any size, made inside the database: the benchmark measures the work on it, not its making."""

from datetime import date, datetime, timedelta

from sqlalchemy import func, insert, literal, select, text
from sqlalchemy.orm import Session

from casework.revisions import snapshot
from models import Base, Case, DirectoryEntry, Message, Person, Prompt, Timescale
from models.base import Moment
from models.record import Record, policies, working_calendar
from policy.calendar import LONDON, london_date
from policy.kinds import Identification, Kind, Release
from policy.numbers import Policy
from policy.obligations.all import Owed, due_and_ladder
from policy.subjects import THE_CASE

AREA = "Benchshire"
SEED_CASES = 1000
KINDS = (
    Release.PRISON_NOTICE,
    Release.REFERRAL,
    Release.LEVEL_SETTING,
    Identification.IDENTIFICATION,
)
MANAGERS = 400


def directory_rows() -> list[dict[str, object]]:
    """Return the people of the benchmark area."""
    roles = [
        ("mappa_unit", "coordinator"),
        ("mappa_unit", "coordinator_manager"),
        ("probation", "smb_member"),
        ("probation", "senior_manager"),
        ("prison", "representative"),
        ("smb", "smb_chair"),
    ]
    return [
        {"area": AREA, "agency": agency, "unit": "", "role": role, "name": role, "email": f"{role}@{agency}.example"}
        for agency, role in roles
    ]


def build(record: Record, timescales: int, due: int, as_at: datetime) -> None:
    """Fill a record with ``timescales`` open timescales (four a case), ``due`` of them with one rung due."""
    cases = timescales // len(KINDS)
    with record.writing() as session:
        session.execute(insert(DirectoryEntry), directory_rows())
        seed_cases(session, min(SEED_CASES, cases), as_at)
        multiply(session, cases)
        make_due(session, due, as_at)
    analyse(record)


def seed_cases(session: Session, count: int, as_at: datetime) -> None:
    """Insert the first cases with timescales whose ladders lie well ahead."""
    policy = policies(session).for_area(AREA, london_date(as_at))
    today = london_date(as_at)
    session.execute(
        insert(Person),
        [
            {"crn": f"A{n:06d}", "surname": "Bench", "forenames": "Case", "date_of_birth": date(1980, 1, 1)}
            for n in range(count)
        ],
    )
    session.execute(
        insert(Case),
        [
            {
                "reference": f"BEN-2026-{n:07d}",
                "person_id": n + 1,
                "area": AREA,
                "lead_agency": "probation",
                "offender_manager": "Manager",
                "offender_manager_email": f"om{n % MANAGERS}@probation.example",
                "line_manager_email": f"lm{n % 40}@probation.example",
                "location": "custody",
                "prison": "HMP Bench",
                "category": 2,
                "categories": [2],
                "stage": "pre_release",
                "opened_on": today,
                "victim_contact": False,
                "restricted": False,
            }
            for n in range(count)
        ],
    )
    rows = [
        timescale_row(session, policy, case, kind, today + timedelta(days=600 + case % 400), as_at)
        for case in range(1, count + 1)
        for kind in KINDS
    ]
    session.execute(insert(Timescale), rows)


def timescale_row(
    session: Session, policy: Policy, case: int, kind: Kind, release: date, as_at: datetime
) -> dict[str, object]:
    """Return one open timescale with its whole ladder ahead."""
    calendar = working_calendar(session)
    due, steps = due_and_ladder(Owed(kind, THE_CASE, release, date(2020, 1, 1), None), policy, calendar)
    rule = policy.timescales[kind]
    return {
        "case_id": case,
        "kind": kind.value,
        "subject": "",
        "revision": 1,
        "anchor_on": release,
        "due_on": due,
        "owner_role": rule.owner.value,
        "owner_agency": str(rule.owner_agency),
        "state": "open",
        "opened_at": as_at,
        "next_prompt_at": steps[0].at,
        "next_rung": 0,
        "ladder": [snapshot(step) for step in steps],
        "policy_version": policy.version,
        "calendar_version": calendar.version,
    }


def multiply(session: Session, cases: int) -> None:
    """Copy the seed until there are enough cases, inside the database."""
    numbers = text(
        "CREATE TEMPORARY TABLE copies AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
        f"WHERE i < {cases // SEED_CASES - 1}) SELECT i FROM n"
    )
    if cases <= SEED_CASES:
        return
    session.execute(numbers)
    shift = f"(copies.i * {SEED_CASES})"
    copy(session, "person", {"id": f"t.id + {shift}", "crn": f"'B' || (t.id + {shift})"})
    copy(
        session,
        "case",
        {
            "id": f"t.id + {shift}",
            "person_id": f"t.person_id + {shift}",
            "reference": f"'BEN-2027-' || (t.id + {shift})",
        },
    )
    copy(
        session, "timescale", {"id": f"t.id + copies.i * {SEED_CASES * len(KINDS)}", "case_id": f"t.case_id + {shift}"}
    )
    session.execute(text("DROP TABLE copies"))
    if session.get_bind().dialect.name == "postgresql":
        for name in ("person", "case", "timescale"):
            session.execute(
                text(f"SELECT setval(pg_get_serial_sequence('\"{name}\"', 'id'), (SELECT max(id) FROM \"{name}\"))")
            )


def copy(session: Session, table: str, changed: dict[str, str]) -> None:
    """Insert every row of a table again for each copy, with some columns changed."""
    columns = [column.name for column in Base.metadata.tables[table].columns]
    values = ", ".join(changed.get(name, f't."{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    session.execute(text(f'INSERT INTO "{table}" ({names}) SELECT {values} FROM "{table}" AS t, copies'))


def make_due(session: Session, due: int, as_at: datetime) -> None:
    """Move the first rung of ``due`` timescales, spread over the caseload, to this morning."""
    total = session.scalar(select(func.count()).select_from(Timescale)) or 0
    step = max(1, total // due)
    morning = as_at.astimezone(LONDON).replace(hour=8, minute=0, second=0, microsecond=0)
    chosen = session.scalars(select(Timescale).where(Timescale.id % step == 0).order_by(Timescale.id).limit(due))
    for timescale in chosen:
        ladder = [dict(rung) for rung in timescale.ladder]
        ladder[0] |= {"on": morning.date().isoformat(), "at": morning.isoformat()}
        timescale.ladder, timescale.next_prompt_at = ladder, morning


def raise_earlier(record: Record, each: int, as_at: datetime) -> None:
    """Give every timescale prompts of earlier days, all in one message that has left, inside the database."""
    moment = as_at - timedelta(days=30)
    with record.writing() as session:
        session.execute(
            insert(Message),
            [{"id": "earlier", "kind": "digest", "area": AREA, "recipient": "om@probation.example", "subject": "MAPPA",
              "header_id": "<earlier@mappa.example>", "state": "sent", "created_at": moment, "not_before": moment}],
        )  # fmt: skip
        for number in range(each):
            rows = select(
                Timescale.id, Timescale.revision, literal(f"{number}"), Timescale.due_on, Timescale.due_on,
                literal("reminder"), literal("om@probation.example"), literal("offender_manager"),
                literal(moment, Moment), literal(0), literal("earlier"),
            )  # fmt: skip
            names = ("timescale_id", "revision", "rung", "rung_on", "due_on", "weight", "recipient", "recipient_role",
                     "raised_at", "late_by_days", "message_id")  # fmt: skip
            session.execute(insert(Prompt).from_select(names, rows))
    analyse(record)


def analyse(record: Record) -> None:
    """Let the database look at what it has, as it would have in the course of a year."""
    with record.writing() as session:
        session.execute(text("ANALYZE"))
