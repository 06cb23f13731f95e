"""The gate before all work that goes by the clock of this machine, which asks whether that clock may be believed.

Every door by which something is raised or sent passes it (``let_in``): a tick, a run of a flow wherever it runs, each
beat of a running clock, the taking on of an area. The rule is ``policy.clock``; what it compares with is in the record.
A clock that is out of the ordinary stops the work: an operator is told, and it goes on when the clock is right again or
when a person has confirmed it.

No mail server is asked for the time: SMTP has no answer that gives one. Its greeting and its answers are free text
(RFC 5321, 4.2 and 4.3.1), and no e-mail comes in whose date could be read.
"""

import logging
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from assurance.of_cases import AUDITOR
from casework import problems
from models.audit import Change, append
from models.audit_seals import AuditSeal
from models.clock import now
from models.clock_mark import ONE, ClockMark, mark_of, present_of_the_server
from models.record import Record, policies
from models.record_checks import refuse_lost_file
from models.settings import RecordSettings
from notifications.settings import MailSettings
from policy.calendar import london_date
from policy.clock import ClockNumbers, Fault, WrongClock, judge
from policy.errors import UnavailableError
from policy.words import days
from tasks.moments import local_minute, refuse_other_moment
from tasks.operators_notice import send_to_operators

log = logging.getLogger(__name__)

SUBJECT = "clock"
KEPT_EVERY = timedelta(minutes=5)
"""How often the moment is kept: less than the policy's tolerance, so that a clock set back by an hour always shows."""
CONFIRM = "mappa confirm clock --reason TEXT"


class WrongClockError(UnavailableError):
    """The clock of this machine is out of the ordinary: nothing is raised or sent by it."""


def let_in(record: Record, as_at: datetime, dry_run: bool = False) -> None:
    """Let a run work as at a moment, or raise ``WrongMomentError`` or ``WrongClockError``.

    A rehearsal changes nothing, and invented cases may have any time (``any_moment``): their clock is not asked for.
    """
    refuse_other_moment(record, as_at, dry_run)
    if not dry_run and not record.settings(RecordSettings).any_moment:
        refuse_wrong_clock(record, now())


def refuse_wrong_clock(record: Record, present: datetime) -> None:
    """Let the work go on and keep the moment; ``WrongClockError`` where a person must look first, who is told once."""
    refuse_lost_file(record)
    with record.looking() as session:
        wrong = fault_of(session, present)
        mark = mark_of(session)
        kept = mark.ticked_at is not None and present - mark.ticked_at < KEPT_EVERY
        told = is_told(session)
    if wrong is None:
        if told or not kept:
            go_on(record, present)
        return
    if not told:
        tell(record, wrong)
    raise WrongClockError(said(wrong), to_do=to_do(wrong))


def fault_of(session: Session, present: datetime) -> WrongClock | None:
    """Return what is out of the ordinary about the clock of this machine.

    A record that has no tick yet, or was kept by an earlier version, is compared with its newest seal: not with one
    ahead, as the past and the future may have been replayed on it.
    """
    mark = mark_of(session)
    last = mark.ticked_at or session.scalar(
        select(AuditSeal.at).where(AuditSeal.at <= present).order_by(AuditSeal.at.desc(), AuditSeal.number).limit(1)
    )
    doubted = mark.server_doubted_until is not None and present <= mark.server_doubted_until
    server = None if doubted else present_of_the_server(session)
    return judge(numbers(session, present), present, last, server)


def numbers(session: Session, present: datetime) -> ClockNumbers:
    """Return the numbers of the policy in force: they are about machines, and so of no area."""
    return policies(session).for_area("", london_date(present)).clock


def is_told(session: Session) -> bool:
    """Tell whether an operator has been told that the clock is wrong, and it is not settled."""
    return bool(problems.open_questions(session, AUDITOR, [SUBJECT]))


def go_on(record: Record, present: datetime) -> None:
    """Keep the moment, never an earlier one than is kept; what was told of the clock is settled."""
    with record.writing() as session:
        later = or_(ClockMark.ticked_at.is_(None), ClockMark.ticked_at < present)
        session.execute(update(ClockMark).where(ClockMark.id == ONE, later).values(ticked_at=present))
        settle(session, present)


def settle(session: Session, present: datetime) -> None:
    """Take back what was told of the clock."""
    standing = problems.open_questions(session, AUDITOR, [SUBJECT]).get(SUBJECT)
    problems.ask(session, AUDITOR, SUBJECT, None, [], present, standing, ())


def tell(record: Record, wrong: WrongClock) -> None:
    """Put a wrong clock to an operator: as a problem of the record, and by e-mail where an address is set."""
    sentences = [f"{said(wrong)}. {to_do(wrong)}"]
    try:
        with record.writing() as session:
            problems.ask(session, AUDITOR, SUBJECT, None, sentences, wrong.present, None, ())
    except IntegrityError:
        # Another process has told it meanwhile.
        return
    settings = record.settings(MailSettings)
    if settings.operator_email:
        sent, answer = send_to_operators(settings, "the clock is wrong, the work has stopped", sentences)
        if not sent:
            log.warning("the e-mail about the clock did not leave: %s", answer)


def said(wrong: WrongClock) -> str:
    """Return what is out of the ordinary, in a sentence."""
    here, there = local_minute(wrong.present), local_minute(wrong.other)
    compared = {
        Fault.LONG_SILENCE: f"and the last tick was at {there}, {how_long(wrong.apart)} before",
        Fault.SET_BACK: f"and the last tick was at {there}, {how_long(wrong.apart)} later",
        Fault.NOT_THE_SERVERS: f"and that of the database server {there}: {how_long(wrong.apart)} apart",
    }
    return f"the clock of this machine says {here}, {compared[wrong.fault]}; nothing was raised or sent"


def to_do(wrong: WrongClock) -> str:
    """Return what a person does about it."""
    right = {
        Fault.LONG_SILENCE: "If nothing really ran for so long",
        Fault.SET_BACK: "If it is right now and was ahead before",
        Fault.NOT_THE_SERVERS: "If it is right and the server's is wrong",
    }
    return f"If the clock is wrong, set it: the work goes on by itself. {right[wrong.fault]}, confirm it: {CONFIRM}"


def how_long(apart: timedelta) -> str:
    """Return a length of time in words, in its largest unit, to the nearest minute."""
    apart += timedelta(seconds=30)
    if apart >= timedelta(days=1):
        return days(apart.days)
    minutes = int(apart.total_seconds()) // 60
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"


def confirm(record: Record, present: datetime, doubted_until: datetime, reason: str, actor: str) -> WrongClock | None:
    """Have the work go on by the clock as it is, on a person's word; return what was wrong, None where nothing was.

    ``doubted_until``: until then the clock of the database server counts for nothing, where that is the one at fault.
    The word is written in the audit trail, with the reason.
    """
    with record.writing() as session:
        wrong = fault_of(session, present)
        if wrong is None:
            settle(session, present)
            return None
        mark = mark_of(session)
        before = {"ticked_at": mark.ticked_at, "server_doubted_until": mark.server_doubted_until}
        mark.ticked_at = present
        if wrong.fault is Fault.NOT_THE_SERVERS:
            mark.server_doubted_until = doubted_until
        after: dict[str, Any] = {"ticked_at": present, "server_doubted_until": mark.server_doubted_until}
        after |= {"fault": wrong.fault.value, "compared_with": wrong.other, "reason": reason}
        append(session, [Change("record", "clock-confirmed", "record", before, after)], actor=actor, at=present)
        settle(session, present)
    return wrong
