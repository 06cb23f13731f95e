"""Every subject is read as it was written: no space stands around it, and none is doubled.

RFC 5322, 2.2.3: a header is unfolded by taking out the line breaks alone, so the space that leads a line stays.
"""

from datetime import date, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from notifications.letters.headers import POLICY
from notifications.letters.subjects import Item, subject_of
from policy.announcements import Announcement
from policy.kinds import KINDS
from policy.letters import MessageKind

DAY = date(2026, 9, 28)
REFERENCE = "LON-2026-000001"
RUNGS = ("due", *(one.value for one in Announcement))
WORDS = st.lists(
    st.text(st.characters(max_codepoint=8500, exclude_categories=("C", "Z")), min_size=1, max_size=30), min_size=1
)


def read(subject: str) -> tuple[str, list[bytes]]:
    """Return a subject as its reader's program has it, and the lines on which it travelled."""
    message = EmailMessage(policy=POLICY)
    message["Subject"] = subject
    sent = message.as_bytes()
    return message_from_bytes(sent, policy=policy.default)["Subject"], sent.splitlines()


def test_a_subject_a_little_longer_than_a_line_begins_on_the_first() -> None:
    """Its 75 characters and the ten of ``Subject: `` are more than the 78 of a line, but fit on one by themselves."""
    subject = "3 things are stuck, the oldest since 12 July: prison notice, LON-2026-000001"
    told, lines = read(subject)
    assert told == subject
    assert lines[:2] == [b"Subject: 3 things are stuck, the oldest since 12 July: prison notice,", b" LON-2026-000001"]


@given(WORDS.map(" ".join))
@example("x" * 77)
@example("x" * 60 + " " + "é" * 30)
@example("é" * 75)
def test_any_subject_is_read_as_it_was_written(subject: str) -> None:
    told, lines = read(subject)
    assert told == subject
    assert all(len(line) <= 78 or b" " not in line.removeprefix(b"Subject: ") for line in lines)


@pytest.mark.parametrize("kind", MessageKind)
@pytest.mark.parametrize("rung", RUNGS)
def test_the_subjects_of_every_kind_are_tidy(kind: MessageKind, rung: str) -> None:
    for number in range(len(KINDS)):
        for others in (0, 1, 2):
            things = [
                Item(at, other.value, REFERENCE, DAY + timedelta(days=at - 1), rung, "recall on 4 May 2026")
                for at, other in enumerate((KINDS * 2)[number : number + 1 + others])
            ]
            told, _ = read(subject_of(kind, things, DAY))
            assert told == " ".join(told.split())
