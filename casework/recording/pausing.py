"""Pause what is due, and take it up again: within the policy's limits, never past a release."""

import datetime
from collections.abc import Iterator
from typing import Annotated

from sqlalchemy import select

from casework.change import CaseChange
from casework.errors import RefusedError
from casework.facts.release_day import door_of
from casework.pauses import RESUMED, ends_at, let_leave, running, snoozes_of
from casework.recording.fact_type import CASE_MANAGERS, UNIT, FactType, Group
from casework.recording.forms import Email, Form, Line, Name, Reason, label
from casework.revisions import next_rung_at
from models.obligations import Timescale
from models.pauses import Pause
from models.record import working_calendar
from policy.dates import Ahead
from policy.kinds import KindName
from policy.offsets import shift
from policy.roles import Role
from policy.vocabulary import FactKind, PauseWay, State
from policy.words import long_date

OWNERS = (*CASE_MANAGERS, *UNIT, Role.REPRESENTATIVE, Role.PRISON_OFFENDER_MANAGEMENT, Role.CHAIR)


class OfADuty(Form):
    """Which duty a form is about."""

    kind: Annotated[KindName, label("Duty", "Which duty, by its kind.", "referral")]
    due_on: Annotated[
        datetime.date | None,
        label(
            "Due date", "Its due date, where several of the kind are open.", "2026-09-12", shown=False, ahead=Ahead.END
        ),
    ] = None
    about: Annotated[
        Line | None,
        label("About", "What tells it from others due on the day, as the case page says it.", "number 5", shown=False),
    ] = None


class PauseForm(OfADuty):
    """Nobody is prompted about a duty until a day. It stays due, and whoever does it has done it."""

    date: Annotated[datetime.date, label("Date", "The day of the decision.", "2026-09-01")]
    way: Annotated[
        PauseWay,
        label(
            "How",
            "Whether its owner puts it off for a few days, or somebody with authority stops the clock.",
            "snooze",
        ),
    ]
    until: Annotated[
        datetime.date,
        label(
            "Until",
            "The day on which the prompts go on, within the policy's limits.",
            "2026-09-08",
            ahead=Ahead.APPOINTMENT,
        ),
    ]
    reason: Annotated[Reason, label("Reason", "Why.", "The report of the psychologist comes on 7 September.")]
    authority: Annotated[
        Name | None,
        label(
            "Authority",
            "To stop the clock: who allowed it, by name and post.",
            "Cora Example, MAPPA coordinator",
            shown=False,
        ),
    ] = None
    by: Annotated[Name, label("Paused by", "Who paused it.", "Olive Example")]
    by_email: Annotated[
        Email, label("Their e-mail address", "Where to write when the pause ends.", "olive@probation.example")
    ] = None  # fmt: skip


class ResumeForm(OfADuty):
    """A pause is over before its day: the prompts go on, and what came due meanwhile is raised once."""

    date: Annotated[datetime.date, label("Date", "The day of the decision.", "2026-09-04")]
    reason: Annotated[Reason, label("Reason", "Why.", "The report came earlier than we thought.")]
    by: Annotated[Name, label("Resumed by", "Who took it up again.", "Olive Example")]


def the_duty(change: CaseChange, form: OfADuty, state: State) -> Timescale:
    """Return the one duty a form means, locked; refuse none or several with what there is."""
    query = select(Timescale).where(
        Timescale.case_id == change.case.id, Timescale.kind == form.kind.value, Timescale.state == state
    )
    there = change.session.scalars(query.order_by(Timescale.due_on, Timescale.id).with_for_update()).all()
    found = [one for one in there if form.due_on in (None, one.due_on) and form.about in (None, one.label)]
    if len(found) == 1:
        return found[0]
    known = "; ".join(f"due {one.due_on}" + (f", {one.label}" if one.label else "") for one in there) or "none"
    what = "no" if not found else "more than one"
    raise RefusedError([f"kind: {what} {form.kind.value} fits that is {state}; say 'due_on' and 'about': {known}"])


def apply_pause(change: CaseChange, form: PauseForm) -> str:
    """Pause a duty."""
    duty = the_duty(change, form, State.OPEN)
    if reasons := list(refused(change, form, duty)):
        raise RefusedError(reasons)
    calendar = working_calendar(change.session)
    duty.state, duty.next_prompt_at = State.PAUSED, ends_at(form.until, change.policy, calendar)
    change.session.add(
        Pause(
            case_id=change.case.id,
            timescale_id=duty.id,
            revision=duty.revision,
            way=form.way,
            begins_on=form.date,
            until=form.until,
            reason=form.reason[:500],
            authority=form.authority,
            paused_by=form.by,
            paused_by_email=form.by_email,
        )
    )
    after = {"until": form.until.isoformat(), "way": form.way.value, "authority": form.authority}
    change.note("timescale-paused", f"timescale {duty.id}", {"state": State.OPEN.value}, after)
    return f"{duty.kind} due {duty.due_on} is paused until {form.until}"


def refused(change: CaseChange, form: PauseForm, duty: Timescale) -> Iterator[str]:
    """Yield why a pause is not allowed."""
    limits, calendar, case = change.policy.pausing, working_calendar(change.session), change.case
    snoozed = form.way is PauseWay.SNOOZE
    longest = shift(change.today, limits.longest_snooze if snoozed else limits.longest_stop, calendar)
    if form.until <= change.today:
        yield f"until: {form.until} is not after today, {change.today}"
    if form.until > longest:
        what = "a snooze" if snoozed else "a stopped clock"
        yield f"until: the policy allows {what} until {longest} at the latest"
    if snoozed and snoozes_of(change.session, duty) >= limits.snoozes:
        yield f"way: it was snoozed {limits.snoozes} times already; its clock can be stopped on somebody's authority"
    if not snoozed and form.authority is None:
        yield "authority: say who allowed that the clock is stopped, by name and post"
    door = door_of(change.session, case)
    if door is not None and form.until > door:
        yield f"until: the person leaves custody on {long_date(door)}; nothing is paused beyond it"


def apply_resume(change: CaseChange, form: ResumeForm) -> str:
    """Take a paused duty up again; its next prompts are the ladder's."""
    duty = the_duty(change, form, State.PAUSED)
    pause = running(change.session, duty)
    pause.ended_on, pause.ended_because = change.today, RESUMED
    duty.state, duty.next_prompt_at = State.OPEN, next_rung_at(duty)
    let_leave(change.session, duty, change.as_at)
    before = {"state": State.PAUSED.value, "until": pause.until.isoformat()}
    change.note("timescale-resumed", f"timescale {duty.id}", before, {"state": State.OPEN.value})
    return f"{duty.kind} due {duty.due_on} goes on, before the end of its pause on {pause.until}"


KINDS = (
    FactType(
        kind=FactKind.PAUSE,
        title="Pause",
        hint="Record this to put a duty off for a few days, or to stop its clock on somebody's authority.",
        group=Group.CASE,
        who=OWNERS,
        offered_when=lambda now: bool(now.owed),
        form=PauseForm,
        apply=apply_pause,
    ),
    FactType(
        kind=FactKind.RESUME,
        title="End of a pause",
        hint="Record this to take up a paused duty before its pause ends.",
        group=Group.CASE,
        who=OWNERS,
        offered_when=lambda now: now.paused,
        form=ResumeForm,
        apply=apply_resume,
    ),
)
