"""Kills: three workers and two clocks on one record, under load, killed at random again and again.

What they did is held against one process that was left in peace: nothing may be lost, nothing done twice.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.databases import databases
from bench.fresh_record import fresh
from models.clock import now
from models.record import Record
from models.settings import as_variables, shipped
from notifications.settings import MailSettings
from tests.support.chaos import Fleet, finish, kill_at_random, look_at_messages, passed_over, prompts
from tests.support.smtp_sink import SmtpSink
from tests.support.story import DARREN, Story, at

DAY = "2026-09-14"
BATCHES = 6
PEOPLE = 15
ENOUGH = 60
"""Messages sent while processes were killed: fewer would prove nothing."""


@dataclass(frozen=True, slots=True)
class Fire:
    """What came of it. ``lost``: prompts that peace raised and the fire did not; ``doubled``: those raised again."""

    killed: int
    sent_under_fire: int
    states: Counter[str]
    lost: int
    doubled: int

    @property
    def held(self) -> bool:
        """Tell whether nothing was lost and nothing done twice."""
        return not self.lost and not self.doubled


def people(batch: int) -> Iterator[dict[str, str]]:
    """People like Darren, each with an offender manager and a line manager of their own: there are many messages."""
    for n in range(PEOPLE):
        crn = f"X{batch:02d}{n:04d}"
        managers = {
            "offender_manager_email": f"om{n}-{batch}@probation.example",
            "line_manager_email": f"lm{n}-{batch}@probation.example",
        }
        yield {**DARREN, "crn": crn, "forenames": f"Darren {batch} {n}", **managers}


def mail_by(port: int) -> MailSettings:
    """Return settings by which mail goes to a server of ours."""
    return shipped(
        MailSettings,
        transport="smtp",
        smtp_host="127.0.0.1",
        smtp_port=port,
        smtp_starttls=False,
        allowed_domains=("probation.example", "mappa.example", "prison.example", "smb.example"),
        # What those hold who are killed comes back while the fire goes on, or there may be too little to send.
        lease_minutes=1,
    )


def under_fire(record: Record, peace: Record, folder: Path, seconds: float, seed: int) -> Fire:
    """Kill for ``seconds``, and longer until enough was sent; then let one process finish, and hold the two apart.

    ``AssertionError`` where a message was lost, sent twice, or a process ended by itself.
    """
    stories = [Story(one, folder) for one in (record, peace)]
    for story in stories:
        story.load("2026-06-01", *people(0))
        story.tick("2026-06-01")
    left = list(range(1, BATCHES))

    def load() -> bool:
        """Load one batch of people more, while the fleet is at work; there is more until enough was sent."""
        if left:
            stories[0].load(DAY, *people(left.pop(0)))
        return bool(left) or len(sink.received) < ENOUGH

    with SmtpSink() as sink:
        mail = mail_by(sink.port)
        # The day of the fire is not today.
        environment = {"MAPPA_DATABASE_URL": record.url, "MAPPA_ANY_MOMENT": "true", "MAPPA_CLOCK_SECONDS": "1"}
        environment |= as_variables(mail)
        fleet = Fleet(record.url, environment, shift=at(DAY, 10) - now())
        killed = kill_at_random(fleet, seed, seconds, load)
        sent = len(sink.received)
        moment = finish(record.with_settings(mail), fleet.moment())
        states = look_at_messages(record, sink.header_ids, killed, moment)
    for batch in range(1, BATCHES):
        stories[1].load(DAY, *people(batch))
    stories[1].tick(DAY, hour=10)
    found, wanted = prompts(record), prompts(peace)
    lost = sum((wanted - found).values()) + len(passed_over(record, at(DAY, 10)))
    return Fire(killed, sent, states, lost, doubled=sum((found - wanted).values()))


def main(seconds: float, seed: int) -> bool:
    """Kill on both databases, and print what came of it; tell whether it held."""
    held = True
    with databases() as kinds:
        for name, its in kinds.items():
            with TemporaryDirectory(prefix="mappa-attack-") as folder:
                record, peace = fresh(its.fresh()), fresh(its.fresh())
                fire = under_fire(record, peace, Path(folder), seconds, seed)
                for one in (record, peace):
                    one.close()
            states = ", ".join(f"{count} {state}" for state, count in sorted(fire.states.items()))
            print(f"{name}: {fire.killed} processes killed while {fire.sent_under_fire} messages were sent; "
                  f"prompts lost {fire.lost}, raised twice {fire.doubled}; messages in the end: {states}")  # fmt: skip
            held = held and fire.held
    return held
