"""SIGKILL at every named point of a sweep and of a delivery: nothing is lost, nothing goes out twice."""

import signal
from collections import Counter
from collections.abc import Iterator
from email import message_from_bytes
from pathlib import Path

import pytest
from sqlalchemy import func, select

from models.audit_seals import verify
from models.checkpoints import DELIVERY_POINTS, SWEEP_POINTS
from models.obligations import Message, Prompt, Timescale
from models.record import Record
from tests.support.killed import work
from tests.support.smtp_sink import SmtpSink
from tests.support.story import DARREN, Story, at
from tests.support.told_once import told_once

PEOPLE = 12
SWEEP_DAY = "2026-09-14"
LATER = at("2026-09-14", 12)


@pytest.fixture
@told_once
def story(record: Record, tmp_path: Path) -> Story:
    """Twelve people like Darren, for each of whom four rungs of the referral are due on the sweep day."""
    story = Story(record, tmp_path)
    rows = [
        {
            **DARREN,
            "crn": f"X3207{n:02d}",
            "forenames": f"Darren {n}",
            "offender_manager_email": f"om{n % 3}@probation.example",
        }
        for n in range(PEOPLE)
    ]
    story.load("2026-06-01", *rows)
    story.tick("2026-06-01")
    record.close()
    return story


def raised(record: Record) -> Counter[tuple[int, int, str, str]]:
    with record.reading() as session:
        return Counter(
            tuple(row)
            for row in session.execute(
                select(Prompt.timescale_id, Prompt.revision, Prompt.rung, Prompt.recipient).where(
                    Prompt.rung != "identified"
                )
            )
        )


def expected(record: Record) -> Counter[tuple[int, str]]:
    """Return what the ladders themselves say should have gone out by the sweep day, by timescale and rung."""
    with record.reading() as session:
        return Counter(
            (timescale.id, step["rung"])
            for timescale in session.scalars(select(Timescale))
            for step in timescale.ladder
            if step["on"] <= SWEEP_DAY and timescale.state == "open"
        )


@pytest.mark.parametrize("occurrence", [1, 2])
@pytest.mark.parametrize("point", SWEEP_POINTS)
def test_a_sweep_killed_anywhere_loses_and_doubles_nothing(story, point, occurrence):
    record, moment = story.record, at(SWEEP_DAY)
    killed = work(record.url, "prompts", moment, point, occurrence)
    assert killed == -signal.SIGKILL
    again = work(record.url, "prompts", moment)
    assert again == 0
    found = raised(record)
    assert max(found.values()) == 1
    assert Counter((timescale, rung) for timescale, _, rung, _ in found.elements()) == expected(record)
    with record.reading() as session:
        assert not session.scalar(select(func.count()).select_from(Prompt).where(Prompt.message_id.is_(None)))
        carried = session.scalar(select(func.count(func.distinct(Prompt.message_id))))
        assert session.scalar(select(func.count()).select_from(Message)) == carried
        assert list(verify(session)) == []


def mails(folder: Path) -> list[str]:
    return [message_from_bytes(path.read_bytes())["Message-ID"] for path in folder.glob("*.eml")]


@pytest.fixture
def swept(story: Story) -> Story:
    """The same, with the sweep done and every message waiting in the outbox."""
    assert work(story.record.url, "prompts", at(SWEEP_DAY)) == 0
    return story


@pytest.mark.parametrize("occurrence", [1, 3])
@pytest.mark.parametrize("point", DELIVERY_POINTS)
def test_a_delivery_to_a_folder_killed_anywhere_leaves_each_message_there_once(swept, point, occurrence, tmp_path):
    folder = tmp_path / "mail"
    env = {"MAPPA_TRANSPORT": "folder", "MAPPA_MAIL_FOLDER": str(folder)}
    url, moment = swept.record.url, at(SWEEP_DAY)
    killed = work(
        url, "deliver", moment, point, min(occurrence, 2) if point == "delivery.claimed" else occurrence, chunk=3, **env
    )
    assert killed == -signal.SIGKILL
    # Known to be dead: what it had not begun goes at once, and after the lease what it had.
    assert work(url, "deliver", moment, **env) == 0
    assert work(url, "deliver", LATER, **env) == 0
    with swept.record.reading() as session:
        assert Counter(session.scalars(select(Message.state))).keys() == {"sent"}
        assert sorted(session.scalars(select(Message.header_id))) == sorted(mails(folder))


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    with SmtpSink() as sink:
        yield sink


@pytest.mark.parametrize("point", DELIVERY_POINTS)
def test_a_delivery_by_smtp_killed_anywhere_is_honest_about_what_it_cannot_know(swept, point, sink):
    """Nothing is lost; what may be doubled is one escalation, under the same Message-ID, and it says so."""
    env = {
        "MAPPA_TRANSPORT": "smtp",
        "MAPPA_SMTP_HOST": "127.0.0.1",
        "MAPPA_SMTP_PORT": str(sink.port),
        "MAPPA_SMTP_STARTTLS": "false",
        "MAPPA_ALLOWED_DOMAINS": "probation.example,mappa.example,prison.example,smb.example",
    }
    url, moment = swept.record.url, at(SWEEP_DAY)
    killed = work(url, "deliver", moment, point, 1, chunk=3, **env)
    assert killed == -signal.SIGKILL
    assert work(url, "deliver", moment, **env) == 0
    assert work(url, "deliver", LATER, **env) == 0
    assert work(url, "deliver", at("2026-09-15"), **env) == 0
    arrived = Counter(header_id for header_id in sink.header_ids)
    with swept.record.reading() as session:
        messages = {m.header_id: m for m in session.scalars(select(Message))}
    states = Counter(m.state for m in messages.values())
    assert states["uncertain"] <= 1
    assert states["sent"] + states["uncertain"] == len(messages)
    for header_id, message in messages.items():
        if message.state == "sent":
            assert arrived[header_id] >= 1
    doubled = [header_id for header_id, count in arrived.items() if count > 1]
    assert len(doubled) <= 1
    assert all(messages[header_id].kind == "escalation" for header_id in doubled)
