"""A worker is killed again and again while it works: what is lost and what is done twice is counted."""

import sqlite3
import sys
from pathlib import Path

from bench.rivals.kills import Loss, under_kills
from bench.rivals.work import written_twice

PROMPTS = 12
BEGIN = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], timeout=30, isolation_level=None)
def waits():
    return connection.execute("SELECT number FROM job ORDER BY number LIMIT 1").fetchone()
while (row := waits()):
"""
TOGETHER = (
    BEGIN
    + """
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("INSERT INTO prompt VALUES (?)", row)
    connection.execute("DELETE FROM job WHERE number = ?", row)
    connection.execute("COMMIT")
    time.sleep(0.02)
"""
)
TAKEN_FIRST = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], timeout=30, isolation_level=None)
numbers = connection.execute("DELETE FROM job RETURNING number").fetchall()
for row in numbers:
    connection.execute("INSERT INTO prompt VALUES (?)", row)
    time.sleep(0.02)
"""
NOTED_LAST = (
    BEGIN
    + """
    try:
        connection.execute("INSERT INTO prompt VALUES (?)", row)
    except sqlite3.IntegrityError:
        open(sys.argv[2], "a").write("again\\n")
    time.sleep(0.05)
    connection.execute("DELETE FROM job WHERE number = ?", row)
"""
)


def killed(tmp_path: Path, program: str) -> Loss:
    """Let a program write twelve prompts under three kills."""
    path, work_file = tmp_path / "record.db", str(tmp_path / "work")
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE prompt (number INTEGER PRIMARY KEY)")
        connection.execute("CREATE TABLE job (number INTEGER PRIMARY KEY)")
        connection.executemany("INSERT INTO job VALUES (?)", [(number,) for number in range(PROMPTS)])
    words = [sys.executable, "-I", "-S", "-c", program, str(path), str(written_twice(work_file))]
    return under_kills(words, f"sqlite:///{path}", work_file, PROMPTS, tmp_path, kills=3, quiet_seconds=2)


def test_who_writes_and_marks_in_one_transaction_loses_nothing_and_does_nothing_twice(tmp_path: Path) -> None:
    loss = killed(tmp_path, TOGETHER)
    assert loss.kills >= 2
    assert (loss.lost, loss.twice) == (0, 0)


def test_who_takes_its_jobs_before_it_does_them_loses_them(tmp_path: Path) -> None:
    assert killed(tmp_path, TAKEN_FIRST).lost > 0


def test_who_marks_its_jobs_afterwards_does_some_twice(tmp_path: Path) -> None:
    loss = killed(tmp_path, NOTED_LAST)
    assert loss.lost == 0
    assert loss.twice > 0
