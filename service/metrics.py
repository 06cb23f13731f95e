"""Metrics for Prometheus: what the record says at the time of a look, and what the clock of this process has done.

The record is asked by set-based queries, in one session and at most every ten seconds. Labels are kinds, states,
stages, areas and levels: never a case, a person or an address.
"""

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from threading import Lock
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import Select, and_, case, func, literal_column, select, text
from sqlalchemy.orm import Session

from models.cases import Case, Problem
from models.obligations import WAITING, Message, Prompt, Timescale
from models.record import Record
from models.replies import ReceivedMail, ReturnedAddress
from notifications.outbox.claims import IN_OUTBOX
from notifications.outbox.route import is_open_fault
from policy.calendar import london_date
from policy.vocabulary import MessageState, State
from tasks.stage import StageReport

log = logging.getLogger(__name__)

KEPT_SECONDS = 10.0
"""How long what the record said is given again: several may look, and a look should not cost the work anything."""
SECONDS = (0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300)
"""Upper bounds of the histogram of runs: an empty one takes milliseconds, ten thousand prompts some seconds."""
# Written as in the partial indexes, word for word: with bound values SQLite would not use them.
IS_OPEN = Timescale.state == literal_column(f"'{State.OPEN.value}'")
TO_LEAVE = and_(IN_OUTBOX, Message.state != MessageState.UNCERTAIN)


def gauge(name: str, text: str, value: float) -> Metric:
    """Return a metric of one number."""
    return GaugeMetricFamily(name, text, value=value)


def gauges(session: Session, name: str, text: str, labels: tuple[str, ...], query: Select[*tuple[Any, ...]]) -> Metric:
    """Return a metric with labels from a query that gives them and, last, a count."""
    metric = GaugeMetricFamily(name, text, labels=labels)
    for *values, count in session.execute(query):
        metric.add_metric(["none" if value is None else str(value) for value in values], count)
    return metric


def of_timescales(session: Session, as_at: datetime) -> Iterator[Metric]:
    """Yield what is owed, what is due for a prompt, and for how long."""
    due, oldest = session.execute(
        select(func.count(), func.min(Timescale.next_prompt_at)).where(text(WAITING), Timescale.next_prompt_at <= as_at)
    ).one()
    yield gauge("mappa_timescales_due", "Open timescales of which a prompt is due now.", due)
    yield gauge("mappa_sweep_lag_seconds", "For how long the longest due prompt has been due.", age(oldest, as_at))
    late = func.sum(case((Timescale.due_on < london_date(as_at), 1), else_=0))
    rows = session.execute(select(Timescale.kind, func.count(), late).where(IS_OPEN).group_by(Timescale.kind)).all()
    owed = GaugeMetricFamily("mappa_timescales_open", "Open timescales by kind.", labels=["kind"])
    overdue = GaugeMetricFamily(
        "mappa_timescales_overdue", "Open timescales whose due date is past, by kind.", labels=["kind"]
    )
    for kind, count, past in rows:
        owed.add_metric([kind], count)
        overdue.add_metric([kind], past)
    yield owed
    yield overdue


def of_prompts(session: Session) -> Iterator[Metric]:
    """Yield what was ever raised, and how much of it after its day."""
    raised, late = session.execute(
        select(func.count(), func.sum(case((Prompt.late_by_days > 0, 1), else_=0))).select_from(Prompt)
    ).one()
    yield CounterMetricFamily("mappa_prompts_raised", "Prompts in the record.", value=raised)
    yield CounterMetricFamily("mappa_late_prompts", "Prompts that were raised after their day.", value=late or 0)


def of_messages(session: Session, as_at: datetime) -> Iterator[Metric]:
    """Yield where messages stand, and how long the oldest that may leave has not."""
    by_state = select(Message.state, func.count()).group_by(Message.state)
    yield gauges(session, "mappa_messages", "Messages by state.", ("state",), by_state)
    down = session.scalar(select(func.min(Problem.first_seen_at)).where(is_open_fault()))
    yield gauge("mappa_mail_route_up", "0 where the mail server or folder takes nothing, else 1.", float(down is None))
    yield gauge("mappa_mail_route_down_seconds", "For how long it has taken nothing.", age(down, as_at))
    oldest = session.scalar(select(func.min(Message.not_before)).where(TO_LEAVE, Message.not_before <= as_at))
    yield gauge(
        "mappa_messages_oldest_pending_age_seconds",
        "For how long the longest waiting message might have left.",
        age(oldest, as_at),
    )


def of_replies(session: Session) -> Iterator[Metric]:
    """Yield what came back of e-mails, and how many addresses nobody is asked by."""
    read = select(ReceivedMail.kind, ReceivedMail.outcome, func.count()).group_by(
        ReceivedMail.kind, ReceivedMail.outcome
    )
    name, text = "mappa_mail_received", "E-mails that were read in the mailbox, by what they are and what came of them."
    yield gauges(session, name, text, ("kind", "outcome"), read)
    returned = session.scalar(select(func.count()).select_from(ReturnedAddress)) or 0
    yield gauge("mappa_addresses_returned", "Addresses that sent e-mail back and wait to be confirmed.", returned)


def of_cases(session: Session) -> Iterator[Metric]:
    """Yield open problems and open cases."""
    problems = (
        select(Problem.stage, Problem.kind, func.count())
        .where(Problem.resolved_at.is_(None))
        .group_by(Problem.stage, Problem.kind)
    )
    yield gauges(
        session, "mappa_problems_open", "Failures that rest and questions, by stage.", ("stage", "kind"), problems
    )
    cases = select(Case.area, Case.level, func.count()).where(Case.closed_on.is_(None)).group_by(Case.area, Case.level)
    yield gauges(session, "mappa_cases_open", "Open cases by area and level.", ("area", "level"), cases)


def age(when: datetime | None, as_at: datetime) -> float:
    """Return the seconds since a moment; 0 where there is none."""
    return 0.0 if when is None else max(0.0, (as_at - when).total_seconds())


class OfTheRecord(Collector):
    """What the record says now. A record that cannot be asked is ``mappa_record_up 0``, and the rest is left out."""

    def __init__(self, record: Record, now: Callable[[], datetime], kept_seconds: float = KEPT_SECONDS) -> None:
        """Nothing is asked before the first look."""
        self.record, self.now, self.kept_seconds = record, now, kept_seconds
        self._lock = Lock()
        self._kept: list[Metric] = []
        self._until = 0.0

    def collect(self) -> Iterable[Metric]:
        """Return the metrics; those of the last seconds where somebody has just looked."""
        with self._lock:
            if time.monotonic() >= self._until:
                self._kept = list(self.asked())
                self._until = time.monotonic() + self.kept_seconds
            return self._kept

    def asked(self) -> list[Metric]:
        """Ask the record."""
        as_at, begun = self.now(), time.monotonic()
        try:
            with self.record.reading() as session:
                found = [
                    *of_timescales(session, as_at),
                    *of_prompts(session),
                    *of_messages(session, as_at),
                    *of_replies(session),
                    *of_cases(session),
                ]
        except Exception as error:  # noqa: BLE001  whoever looks must learn that the record is away
            log.warning("the record cannot be asked for metrics (%s)", type(error).__name__)
            found = []
        up = gauge("mappa_record_up", "1 where the record could be asked, else 0.", float(bool(found)))
        took = gauge("mappa_record_ask_seconds", "How long the record took to answer.", time.monotonic() - begun)
        return [up, took, *found]


class Metrics:
    """Everything there is to look at: the record, and the clock of this process."""

    def __init__(self, record: Record, now: Callable[[], datetime]) -> None:
        """Nothing listens before ``listen``."""
        self.registry = CollectorRegistry()
        self.registry.register(OfTheRecord(record, now))
        self._beat = Gauge(
            "mappa_clock_last_beat_timestamp_seconds", "When the clock last came to the end of a beat.",
            registry=self.registry,
        )  # fmt: skip
        self._seconds = Histogram(
            "mappa_stage_run_seconds", "How long a run of a stage took.", ["stage"], buckets=SECONDS,
            registry=self.registry,
        )  # fmt: skip
        self._outcomes = Counter(
            "mappa_stage_outcomes", "What came of what a stage handled.", ["stage", "result"], registry=self.registry
        )

    def ran(self, report: StageReport) -> None:
        """Take down a run of a stage."""
        self._seconds.labels(report.stage).observe(report.seconds)
        for outcome in report.outcomes:
            self._outcomes.labels(report.stage, outcome.result).inc()

    def beaten(self, at: datetime) -> None:
        """Take down the end of a beat."""
        self._beat.set(at.timestamp())

    def listen(self, host: str, port: int) -> int:
        """Serve the metrics over HTTP for as long as the process lives; return the port. ``OSError`` where taken."""
        server, _ = start_http_server(port, host, self.registry)
        return int(server.server_port)


def as_text(record: Record, as_at: datetime) -> str:
    """Return what the record says at a moment, as Prometheus reads it."""
    registry = CollectorRegistry()
    registry.register(OfTheRecord(record, lambda: as_at))
    return generate_latest(registry).decode()
