"""What the demo announces, counted from its record, and what would be wrong with it.

The clock of the demo was never away, every address is known and the folder takes every e-mail. So nothing may have
failed, nothing may wait, no e-mail may be held up, and none may have gone on a day on which nobody works. What came
back is no fault: one invitation does, to be seen.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from models.audit_seals import verify
from models.cases import FAILURE, Case, Fact, Problem
from models.meetings import Absence, Meeting
from models.obligations import Message, Prompt, Timescale
from models.people import Person
from models.record import Record, working_calendar
from notifications.outbox.returned import HELD
from policy.calendar import london_date
from policy.roles import Role
from policy.vocabulary import MeetingState, MessageState
from sample.mail_index import INDEX, LEFT
from service.prefect.secret import signed_in
from tasks.registry import STAGES
from tasks.stage import what_waits

# Whether a sentence ends on the very day of the demo is a matter of chance, and nobody answers its e-mails.
NOT_EVERY_DAY = {"exit_planning", "replies"}
# An e-mail that is no longer needed is cancelled before it goes: nothing is wrong with that.
AS_IT_SHOULD_BE = (MessageState.SENT, MessageState.CANCELLED)
ROW_OF_THE_INDEX = re.compile(r'<a class="subject" href="([^"]+)">')


@dataclass(frozen=True, slots=True)
class Tally:
    """What a record holds."""

    people: int
    open_cases: int
    facts: int
    meetings_held: int
    absences: int
    to_smb_chair: int
    mails: int


def tally(record: Record) -> Tally:
    """Count what a record holds."""

    def number(session: Session, model: Any, *which: ColumnElement[bool]) -> int:
        return session.scalar(select(func.count()).select_from(model).where(*which)) or 0

    with record.reading() as session:
        return Tally(
            people=number(session, Person),
            open_cases=number(session, Case, Case.closed_on.is_(None)),
            facts=number(session, Fact),
            meetings_held=number(session, Meeting, Meeting.state == MeetingState.HELD),
            absences=number(session, Absence),
            to_smb_chair=number(session, Prompt, Prompt.recipient_role == Role.SMB_CHAIR),
            mails=number(session, Message, LEFT),
        )


def wrong_in_the_record(record: Record, as_at: datetime) -> Iterator[str]:
    """Yield what is wrong with the record of a demo, a sentence each."""
    for stage in STAGES.values():
        if what_waits(record, stage, as_at, limit=1):
            yield f"{stage.noun} still wait for {stage.name}"
    with record.reading() as session:
        yield from (f"the audit trail is broken: {broken}" for broken in list(verify(session))[:1])
        yield from wrong_messages(session, as_at)
        failed = select(Problem.stage, func.min(Problem.reason), func.count()).group_by(Problem.stage)
        for stage_name, reason, number in session.execute(failed.where(Problem.kind == FAILURE)):
            yield f"{number} failed in {stage_name}, the first with {reason}"
        yield from falsely_late(session)


def wrong_messages(session: Session, as_at: datetime) -> Iterator[str]:
    """Yield the e-mails that are held up, and the days of rest on which some went."""
    # A reminder that came up after the morning's e-mail goes with the next one.
    in_time = (Message.state == MessageState.PENDING) & (Message.not_before > as_at)
    states = select(Message.state, func.min(Message.reason), func.count()).group_by(Message.state)
    # One address of the demo sends e-mail back: what can go to nobody else waits for a person, as it should.
    waits_for_a_person = (Message.state == MessageState.WITHHELD) & (Message.reason == HELD)
    held_up = (Message.state.not_in(AS_IT_SHOULD_BE), ~in_time, ~LEFT, ~waits_for_a_person)
    for state, reason, number in session.execute(states.where(*held_up)):
        yield f"{number} e-mails are {state}" + (f": {reason}" if reason else "")
    calendar = working_calendar(session)
    days = Counter(london_date(sent) for sent in session.scalars(select(Message.sent_at)) if sent)
    for day, number in sorted(days.items()):
        if not calendar.is_working_day(day):
            yield f"{number} e-mails went on {day:%A} {day}, no working day"


def falsely_late(session: Session) -> Iterator[str]:
    """Yield prompts that were called late though their duty was on record in time, and the clock was there."""
    query = (
        select(Timescale.kind, Prompt.rung, Prompt.rung_on, Timescale.opened_at)
        .join_from(Prompt, Timescale)
        .where(Prompt.late_by_days > 0, Prompt.revision == 1)
    )
    late = Counter(
        (kind, rung) for kind, rung, rung_on, opened in session.execute(query) if rung_on >= london_date(opened)
    )
    yield from (f"{number} prompts {kind} {rung} are wrongly called late" for (kind, rung), number in late.items())


def wrong_in_the_mail(record: Record, folder: Path) -> Iterator[str]:
    """Yield how the mail folder and its index differ from what the record says was sent."""
    sent = tally(record).mails
    files = {path.name for path in folder.glob("*.eml")}
    index = folder / INDEX
    listed = set(ROW_OF_THE_INDEX.findall(index.read_text(encoding="utf-8"))) if index.exists() else set()
    if not sent:
        yield "no e-mail was sent"
    if len(files) != sent:
        yield f"{sent} e-mails were sent, and {folder} holds {len(files)}"
    if listed != files:
        yield f"{index} lists {len(listed)} of {len(files)} e-mails"


def wrong_in_prefect(api_url: str) -> Iterator[str]:
    """Yield what Prefect lacks of the runs, tables and automations of a demo, and each run that did not end well."""
    runs = ask_prefect(api_url, "flow_runs/filter")
    for run in runs:
        if run["state"]["name"] != "Completed":
            yield f"Prefect shows a run that is {run['state']['name']}: {run['name']}"
    expected = set(STAGES) - NOT_EVERY_DAY
    if missing := expected - {run["name"].partition(" · ")[0] for run in runs}:
        yield f"Prefect shows no run of {', '.join(sorted(missing))}"
    artifacts = {artifact["key"] for artifact in ask_prefect(api_url, "artifacts/filter")}
    if missing := {f"{name.replace('_', '-')}-outcome" for name in expected} - artifacts:
        yield f"Prefect shows no artifact {', '.join(sorted(missing))}"
    if not ask_prefect(api_url, "automations/filter"):
        yield "Prefect has no automations"


def ask_prefect(api_url: str, what: str) -> list[dict[str, Any]]:
    """Return what a Prefect server answers to a filter."""
    answer = httpx.post(f"{api_url}/{what}", json={}, auth=signed_in(), timeout=30, trust_env=False)
    answer.raise_for_status()
    found: list[dict[str, Any]] = answer.json()
    return found
