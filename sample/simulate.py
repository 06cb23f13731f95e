"""The clock, day by day or hour by hour over past or future time: the very ticks ``serve`` would run."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Literal

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from assurance.settings import AssuranceSettings
from figures.settings import FigureSettings
from models.meetings import Absence
from models.obligations import Message, Prompt, Timescale
from models.record import Record, working_calendar
from notifications.settings import MailSettings
from policy.calendar import london_date, london_time
from policy.roles import Role
from service.tick import tick
from tasks import identification, pre_release
from tasks.stage import few_collections, run_stage
from views.times import PROMPT_HOUR

if TYPE_CHECKING:
    from sample.answers import Answering, Given

Every = Literal["day", "hour"]
FOUR_WEEKS_HOURS = 672.0
# People record at 16:00 (sample.answers); the clock of serve sees it within a minute, this one within a quarter hour.
AFTER_ANSWERS = time(16, 15)


@dataclass(frozen=True, slots=True)
class Span:
    """Days from the first to the last, both included."""

    first: date
    last: date

    def __contains__(self, day: object) -> bool:
        """Tell whether a day lies in the span."""
        return isinstance(day, date) and self.first <= day <= self.last


@dataclass(slots=True)
class Simulated:
    """What a simulation did. ``late`` counts prompts that went out after their day.

    ``answers``: what invented people recorded in it; None where nobody answered.
    """

    span: Span
    every: Every
    ticks: int = 0
    skipped: int = 0
    prompts: int = 0
    late: int = 0
    prompts_by_kind: dict[str, int] = field(default_factory=dict)
    messages: dict[str, int] = field(default_factory=dict)
    handled: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    answers: "Given | None" = None


@dataclass(frozen=True, slots=True)
class Mark:
    """The last prompt and the last absence before a simulation; what comes after is its own."""

    prompt: int
    absence: int


def moments(span: Span, every: Every, outage: Span | None = None, people_answer: bool = False) -> Iterator[datetime]:
    """Yield the moments of the ticks, in UTC, without those of an outage (whole days in Europe/London).

    Daily ones are at 08:00 Europe/London, the hour prompts go out, and where people answer also after their hour: the
    clock of ``serve`` beats every minute, so what people record is followed up that day, not a morning late. Hourly
    ones step in UTC, so that the day of the spring change has 23 ticks, that of the autumn change 25, and none comes
    twice.
    """
    if every == "day":
        days = (span.first + timedelta(days=n) for n in range((span.last - span.first).days + 1))
        hours = (PROMPT_HOUR, AFTER_ANSWERS) if people_answer else (PROMPT_HOUR,)
        found = (london_time(day, hour).astimezone(UTC) for day in days for hour in hours)
    else:
        start = london_time(span.first, time(0)).astimezone(UTC)
        end = london_time(span.last + timedelta(days=1), time(0)).astimezone(UTC)
        found = (start + timedelta(hours=n) for n in range(int((end - start) / timedelta(hours=1))))
    return (when for when in found if outage is None or london_date(when) not in outage)


def simulate(
    record: Record,
    span: Span,
    every: Every = "day",
    outage: Span | None = None,
    area: str | None = None,
    progress: Callable[[int, datetime], None] | None = None,
    answering: "Answering | None" = None,
) -> Simulated:
    """Tick at every moment of a span; return what was raised and where the messages stand at its end.

    ``answering``: invented people record facts each working day, also while the clock stands still.
    """
    people_answer = answering is not None
    result = Simulated(span, every, skipped=sum(1 for _ in moments(span, every, None, people_answer)))
    with record.reading() as session:
        before = Mark(
            session.scalar(select(func.max(Prompt.id))) or 0, session.scalar(select(func.max(Absence.id))) or 0
        )
    answered = london_time(span.first, time(0)).astimezone(UTC)
    simulated, ends_with = for_a_simulation(record, FOUR_WEEKS_HOURS), for_a_simulation(record, 0)
    if answering is not None and not before.prompt:
        take_on(simulated, answering, span.first, area)
    beats = list(moments(span, every, outage, people_answer))
    with few_collections():
        for when in beats:
            if answering is not None:
                answering.between(answered, when)
                answered = when
            for report in tick(ends_with if when == beats[-1] else simulated, when, area):
                result.handled[report.stage] += report.count("done")
                result.failed[report.stage] += report.count("failed")
            result.ticks += 1
            if progress is not None:
                progress(result.ticks, when)
    if answering is not None:
        answering.between(answered, london_time(span.last + timedelta(days=1), time(0)).astimezone(UTC))
        result.answers = answering.given
    result.skipped -= result.ticks
    with record.reading() as session:
        take_stock(session, result, before)
    return result


def take_on(record: Record, answering: "Answering", first: date, area: str | None) -> None:
    """Let people set the levels of a caseload that is new to the record before its first morning.

    They have had their levels all along: it is only the record that learns of them.
    """
    with record.reading() as session:
        eve = working_calendar(session).on_or_before(first - timedelta(days=1))
    when = london_time(eve, PROMPT_HOUR).astimezone(UTC)
    for stage in (identification.STAGE, pre_release.STAGE):
        run_stage(record, stage, when, area)
    answering.between(when, london_time(eve + timedelta(days=1), time(0)).astimezone(UTC))
    tick(record, london_time(eve, AFTER_ANSWERS).astimezone(UTC), area)


def for_a_simulation(record: Record, hours_between_audits: float) -> Record:
    """Return a record with the settings that suit days which are replayed, hundreds of them in minutes."""
    # E-mail goes to nobody, and a simulation can be run again: it need not wait for the disk.
    mail = record.settings(MailSettings).model_copy(update={"mail_folder_durable": False})
    # An audit every four weeks and one at the end show what went wrong, and about when: one costs more than a day of
    # prompts. What happens on other days is no sign of life.
    assurance = record.settings(AssuranceSettings).model_copy(
        update={"assurance_hours": hours_between_audits, "heartbeat_file": None, "heartbeat_url": None}
    )
    # What a replayed area would have published is nobody's report, and a year of it costs more than the year itself.
    figures = record.settings(FigureSettings).model_copy(update={"publish_reports": False})
    return record.with_settings(mail, assurance, figures)


def take_stock(session: Session, result: Simulated, before: Mark) -> None:
    """Count what was raised since a mark, and the messages in each state."""
    raised = (
        select(Timescale.kind, func.count(), func.count().filter(Prompt.late_by_days > 0))
        .select_from(Prompt)
        .join(Timescale, Prompt.timescale_id == Timescale.id)
        .where(Prompt.id > before.prompt)
        .group_by(Timescale.kind)
        .order_by(Timescale.kind)
    )
    for kind, number, late in session.execute(raised):
        result.prompts_by_kind[kind] = number
        result.prompts += number
        result.late += late
    states = select(Message.state, func.count()).group_by(Message.state).order_by(Message.state)
    result.messages = {row.state: row[1] for row in session.execute(states)}
    if result.answers is not None:
        result.answers.absences = counted(session, Absence.id > before.absence)
        result.answers.escalations_to_smb_chair = counted(
            session, (Prompt.id > before.prompt) & (Prompt.recipient_role == Role.SMB_CHAIR)
        )


def counted(session: Session, which: ColumnElement[bool]) -> int:
    """Return how many rows there are of which something holds."""
    return session.scalar(select(func.count()).where(which)) or 0
