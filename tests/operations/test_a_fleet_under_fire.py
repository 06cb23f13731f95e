"""Two clocks and three workers on one PostgreSQL, under load, killed at random: nothing lost, nothing twice."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.clock import now
from tests.conftest import run_on_server, with_database
from tests.support.chaos import Fleet, finish, kill_at_random, look_at_messages, passed_over, prompts
from tests.support.opened import by_the_settings, opened
from tests.support.smtp_sink import SmtpSink
from tests.support.story import DARREN, Story, at

SEED = 20260914
SECONDS = 9
BATCHES = 6
PEOPLE = 15
ENOUGH = 60
"""Messages sent while processes were killed: fewer would prove nothing."""
DAY = "2026-09-14"


def people(batch: int) -> Iterator[dict[str, str]]:
    """People like Darren, each with an offender manager and a line manager of their own: there are many messages."""
    for n in range(PEOPLE):
        crn = f"X{batch:02d}{n:04d}"
        managers = {
            "offender_manager_email": f"om{n}-{batch}@probation.example",
            "line_manager_email": f"lm{n}-{batch}@probation.example",
        }
        yield {**DARREN, "crn": crn, "forenames": f"Darren {batch} {n}", **managers}


@pytest.fixture
def two(postgresql_server: str, request: pytest.FixtureRequest) -> Iterator[tuple[str, str]]:
    """Two databases, each a copy of the template."""
    names = ("fleet_under_fire", "fleet_in_peace")
    for name in names:
        run_on_server(postgresql_server, f"CREATE DATABASE {name} TEMPLATE template_mappa")
    yield with_database(postgresql_server, names[0]), with_database(postgresql_server, names[1])
    for name in names:
        run_on_server(postgresql_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.slow
def test_a_fleet_whose_processes_are_killed_loses_nothing_and_does_nothing_twice(
    two: tuple[str, str], tmp_path: Path
) -> None:
    record, copy = (opened(url) for url in two)
    stories = [Story(one, tmp_path) for one in (record, copy)]
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
        environment = {
            "MAPPA_DATABASE_URL": two[0],
            # The day of the fire is not the day of the test.
            "MAPPA_ANY_MOMENT": "true",
            "MAPPA_TRANSPORT": "smtp",
            "MAPPA_SMTP_HOST": "127.0.0.1",
            "MAPPA_SMTP_PORT": str(sink.port),
            "MAPPA_SMTP_STARTTLS": "false",
            "MAPPA_ALLOWED_DOMAINS": "probation.example,mappa.example,prison.example,smb.example",
            "MAPPA_CLOCK_SECONDS": "1",
            # What those hold who are killed comes back while the fire goes on, or there may be too little to send.
            "MAPPA_LEASE_MINUTES": "1",
        }
        fleet = Fleet(two[0], environment, shift=at(DAY, 10) - now())
        killed = kill_at_random(fleet, SEED, SECONDS, load)
        under_fire = len(sink.received)
        with pytest.MonkeyPatch.context() as patch:
            for name, value in environment.items():
                patch.setenv(name, value)
            moment = finish(by_the_settings(record), fleet.moment())
        states = look_at_messages(record, sink.header_ids, killed, moment)
    print(f"{killed} killed, {under_fire} messages under fire, {dict(states)}")
    assert killed >= 10
    assert under_fire >= ENOUGH
    assert states["sent"] >= under_fire - killed

    for batch in range(1, BATCHES):
        stories[1].load(DAY, *people(batch))
    stories[1].tick(DAY, hour=10)
    found = prompts(record)
    assert set(found.values()) == {1}
    assert found == prompts(copy)
    assert passed_over(record, at(DAY, 10)) == []
    for one in (record, copy):
        one.close()
