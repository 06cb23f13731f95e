"""Backup while others write, and restore: sound, whole, never over anything, and nothing leaves twice unmarked."""

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections import Counter
from contextlib import closing
from datetime import date, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from sqlalchemy import select, text

from models.audit_seals import verify
from models.obligations import Message, Prompt
from models.people import Person
from models.record import Record
from models.row_checks import looked_at
from notifications.letters.rendering import REPEAT
from service.settings import read_settings
from service.upkeep.backup import (
    BadBackupError,
    Contents,
    CopyFailedError,
    NoBackupError,
    PlaceTakenError,
    Restored,
    back_up,
    restore,
)
from service.upkeep.doubts import DoubtError
from tasks import deliver
from tasks.stage import run_stage
from tests.support import killed
from tests.support.command_line import Mappa
from tests.support.opened import opened
from tests.support.story import DARREN, Story, at

BACKED_UP, LOST = at("2026-09-11", 19), at("2026-09-18", 18)
HOUR = timedelta(hours=1)


@pytest.fixture
def mail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder the mails go to."""
    folder = tmp_path / "mail"
    monkeypatch.setenv("MAPPA_MAIL_FOLDER", str(folder))
    monkeypatch.delenv("MAPPA_TRANSPORT", raising=False)
    return folder


@pytest.fixture
def story(mail: Path, sqlite_template: Path, tmp_path: Path) -> Story:
    """Six people like Darren, whose referrals are owed by 12 September and who are not referred."""
    path = tmp_path / "record.db"
    shutil.copy(sqlite_template, path)
    story = Story(opened(f"sqlite:///{path}"), tmp_path)
    story.load("2026-06-01", *({**DARREN, "crn": f"X3207{n:02d}", "forenames": f"Darren {n}"} for n in range(6)))
    return story


def live(story: Story, first: str, last: str) -> None:
    """Tick every day, and let the mail leave."""
    day = date.fromisoformat(first)
    while day <= date.fromisoformat(last):
        story.tick(str(day))
        run_stage(story.record, deliver.STAGE, at(str(day)))
        day += timedelta(days=1)


def put_back(story: Story, file: Path, **changes: object) -> Restored:
    """Restore a backup in the place of the story's record."""
    story.record.close()
    asked = {"replace": True, "sent_until": LOST, "as_at": LOST + HOUR, "actor": "operator"} | changes
    return restore(read_settings(story.record.url), file, **asked)  # type: ignore[arg-type]


def mails(folder: Path) -> dict[str, str]:
    """The text of every mail by its file's name."""
    found = {}
    for path in folder.glob("*.eml"):
        part = message_from_bytes(path.read_bytes(), policy=policy.default).get_body(("plain",))
        assert part is not None
        found[path.name] = str(part.get_content())
    return found


def raised(record: Record) -> Counter[tuple[int, int, str, str]]:
    """Every prompt by what it is known by."""
    with record.reading() as session:
        query = select(Prompt.timescale_id, Prompt.revision, Prompt.rung, Prompt.recipient)
        return Counter(tuple(row) for row in session.execute(query))


def people(url: str) -> int:
    """How many people a record knows."""
    record = opened(url)
    with record.reading() as session:
        found = session.query(Person).count()
    record.close()
    return found


def broken_chains(url: str) -> list[str]:
    """The breaks of a record's audit trail."""
    record = opened(url)
    with record.reading() as session:
        breaks = list(verify(session))
    record.close()
    return breaks


def test_after_a_restore_nothing_is_lost_and_what_leaves_again_says_so(
    story: Story, mail: Path, tmp_path: Path
) -> None:
    live(story, "2026-06-01", "2026-09-10")
    back_up(story.record.url, tmp_path / "thursday.db")
    before = set(mails(mail))
    live(story, "2026-09-11", "2026-09-18")
    lost = set(mails(mail)) - before
    assert lost, "the week that is lost sent nothing: this test would show nothing"
    known = raised(story.record)

    restored = put_back(story, tmp_path / "thursday.db")
    assert raised(story.record) == known
    assert restored.doubted.messages > 1
    # Nothing leaves at the weekend; on Monday new e-mails leave too, which are no repeats.
    live(story, "2026-09-19", "2026-09-21")
    with story.record.reading() as session:
        of_the_week = set(session.scalars(select(Message.id).where(Message.created_at <= LOST + 2 * HOUR)))
    again = {
        name: body
        for name, body in mails(mail).items()
        if name not in before | lost and name.removesuffix(".eml") in of_the_week
    }
    assert again
    assert all(REPEAT in body for body in again.values())
    with story.record.reading() as session:
        doubted = (Message.created_at >= LOST, Message.created_at <= LOST + 2 * HOUR)
        states = session.execute(select(Message.kind, Message.state).where(*doubted)).all()
        assert {tuple(row) for row in states} == {
            ("digest", "uncertain"), ("stuck_list", "uncertain"), ("escalation", "sent")}  # fmt: skip
        assert list(verify(session)) == []
        assert looked_at(session)[0] == [], "a row does not fit its seal"


def test_a_backup_older_than_the_last_mail_doubts_what_waited_to_leave(story: Story, tmp_path: Path) -> None:
    story.tick("2026-09-11")
    with story.record.writing() as session:
        waiting = session.scalars(select(Message)).first()
        assert waiting is not None
        waiting.state, waiting.sent_at, key = "pending", None, waiting.id
    back_up(story.record.url, tmp_path / "friday.db")
    put_back(story, tmp_path / "friday.db", sent_until=BACKED_UP)
    with story.record.reading() as session:
        message = session.get_one(Message, key)
        assert (message.state, "may have left" in (message.reason or "")) == ("uncertain", True)


def test_where_nothing_was_sent_since_nothing_is_in_doubt(story: Story, tmp_path: Path) -> None:
    story.tick("2026-09-11")
    with story.record.writing() as session:
        session.execute(text("UPDATE message SET state = 'pending', sent_at = NULL"))
    back_up(story.record.url, tmp_path / "friday.db")
    assert put_back(story, tmp_path / "friday.db", sent_until=None).doubted.messages == 0
    with story.record.reading() as session:
        assert set(session.scalars(select(Message.state))) == {"pending"}


def test_nothing_can_have_been_sent_in_the_future(story: Story, tmp_path: Path) -> None:
    back_up(story.record.url, tmp_path / "b.db")
    with pytest.raises(DoubtError, match="still to come"):
        put_back(story, tmp_path / "b.db", sent_until=LOST + 2 * HOUR)
    assert not list(tmp_path.glob("*before-restore*"))


def test_a_moment_before_what_the_backup_itself_knows_is_refused(story: Story, tmp_path: Path) -> None:
    story.tick("2026-09-11")
    back_up(story.record.url, tmp_path / "b.db")
    with pytest.raises(DoubtError, match="knows of changes at 2026-09-11 08:00"):
        put_back(story, tmp_path / "b.db", sent_until=at("2026-09-11", 7))


def test_backups_taken_while_another_process_works_are_each_whole(story: Story, tmp_path: Path) -> None:
    story.record.close()

    def work() -> None:
        busy = Story(opened(story.record.url), tmp_path)
        busy.every_day("2026-06-01", "2026-10-30")

    child = killed.start(work)
    taken: list[tuple[Path, Contents]] = []
    ended = 0
    while not ended:
        path = tmp_path / f"backup-{len(taken)}.db"
        taken.append((path, back_up(story.record.url, path)))
        ended, status = os.waitpid(child, os.WNOHANG)
    assert status == 0
    assert len({contents.head for _, contents in taken}) > 2, "the record did not change meanwhile"
    for path, contents in (taken[0], taken[len(taken) // 2], taken[-1]):
        assert broken_chains(f"sqlite:///{path}") == []
        with closing(sqlite3.connect(path)) as connection:
            [entries] = connection.execute("SELECT count(*) FROM audit_entry").fetchone()
        assert entries == contents.rows["audit_entry"]
    put_back(story, taken[len(taken) // 2][0], sent_until=at("2026-10-30", 18), as_at=at("2026-10-30", 19))
    assert broken_chains(story.record.url) == []


def test_a_backup_is_one_file_for_its_owner_alone_and_never_over_another(story: Story, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    back_up(story.record.url, folder / "b.db")
    assert [path.name for path in folder.iterdir()] == ["b.db"]
    assert stat.S_IMODE((folder / "b.db").stat().st_mode) == 0o600
    with pytest.raises(PlaceTakenError, match="exists already"):
        back_up(story.record.url, folder / "b.db")


def test_a_damaged_record_gives_no_backup(story: Story, tmp_path: Path) -> None:
    story.record.close()
    path = Path(story.record.url.removeprefix("sqlite:///"))
    data = bytearray(path.read_bytes())
    data[8192:20000] = bytes(20000 - 8192)
    path.write_bytes(bytes(data))
    with pytest.raises((BadBackupError, CopyFailedError), match=r"damaged|cannot be"):
        back_up(story.record.url, tmp_path / "b.db")
    assert not list(tmp_path.glob("*b.db*"))


def test_a_record_in_use_is_not_replaced(story: Story, tmp_path: Path) -> None:
    back_up(story.record.url, tmp_path / "b.db")
    path = story.record.url.removeprefix("sqlite:///")
    script = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('SELECT 1 FROM person').fetchall(); "
    words = [sys.executable, "-c", script + "print(1, flush=True); sys.stdin.read()", path]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(PlaceTakenError, match="is in use: stop mappa serve"):
            put_back(story, tmp_path / "b.db")
        other.communicate(b"")
    put_back(story, tmp_path / "b.db")


def test_a_record_that_is_there_is_replaced_only_on_demand_and_kept(story: Story, tmp_path: Path) -> None:
    back_up(story.record.url, tmp_path / "b.db")
    with pytest.raises(PlaceTakenError, match="--replace"):
        put_back(story, tmp_path / "b.db", replace=False)
    story.load("2026-06-02", DARREN)
    kept = put_back(story, tmp_path / "b.db").kept
    assert kept is not None
    assert kept.name == "record.db.before-restore-20260918T190000Z"
    assert (people(f"sqlite:///{kept}"), people(story.record.url)) == (7, 6)


def test_a_record_damaged_beyond_reading_is_replaced_too(story: Story, tmp_path: Path) -> None:
    back_up(story.record.url, tmp_path / "b.db")
    story.record.close()
    path = Path(story.record.url.removeprefix("sqlite:///"))
    path.write_bytes(b"no database at all, but long enough to look like one" * 100)
    (tmp_path / "record.db-wal").write_bytes(b"left over")
    kept = put_back(story, tmp_path / "b.db").kept
    assert kept is not None
    assert kept.read_bytes().startswith(b"no database")
    assert not (tmp_path / "record.db-wal").exists()
    assert broken_chains(story.record.url) == []


def test_what_is_no_backup_is_refused_and_nothing_is_changed(story: Story, tmp_path: Path) -> None:
    other, newer, cut = tmp_path / "other.db", tmp_path / "newer.db", tmp_path / "cut.db"
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE person (id)")
    back_up(story.record.url, newer)
    with closing(sqlite3.connect(newer)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    back_up(story.record.url, cut)
    os.truncate(cut, cut.stat().st_size // 2)
    for file, sentence in ((other, "not a record of mappa"), (newer, "schema 9999"), (cut, "damaged|cannot be read"),
                           (tmp_path / "none.db", "no such file")):  # fmt: skip
        with pytest.raises((BadBackupError, NoBackupError), match=sentence):
            put_back(story, file)
    assert not list(tmp_path.glob("*before-restore*"))


def test_for_postgresql_the_command_is_told_without_the_password(mappa: Mappa, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAPPA_DATABASE_URL", "postgresql://clerk:hunter2@db.example/mappa")
    saved, put = mappa("backup", "m.dump"), mappa("restore", "m.dump")
    assert (saved.code, put.code) == (2, 2)
    assert "pg_dump --format=custom --file=m.dump 'postgresql://clerk@db.example/mappa'" in saved.err
    assert (
        "pg_restore --clean --if-exists --single-transaction --dbname='postgresql://clerk@db.example/mappa' m.dump"
        in (put.err)
    )
    assert "mappa messages doubt --sent-until MOMENT" in put.err
    assert "hunter2" not in saved.err + put.err


def test_the_commands_say_what_they_did(mappa: Mappa, record: Record, tmp_path: Path) -> None:
    record.close()
    saved = mappa("backup", tmp_path / "b.db", "--json").document
    assert len(saved["audit"]["head"]) == 64
    put = mappa("restore", tmp_path / "b.db", "--replace")
    assert put.code == 0
    assert f"head {saved['audit']['head']}" in put.out
    assert "0 messages, now uncertain" in put.out
    assert mappa("messages", "doubt", "--json").document["in_doubt"] == 0
    assert date.fromisoformat(mappa("messages", "doubt", "--json").document["sent_until"][:10])
