"""Who holds a role is the same on either database, whatever order it gives its rows in."""

from datetime import date

import pytest

from models.directory import DirectoryEntry
from notifications.recipients import Directory

ON = date(2026, 6, 1)


@pytest.mark.parametrize(
    ("entries", "first"),
    [
        # The one before has no day: who came on 1 May has taken over.
        ([("adam@a.example", None), ("zoe@a.example", date(2026, 5, 1))], "zoe@a.example"),
        ([("zoe@a.example", date(2026, 5, 1)), ("adam@a.example", None)], "zoe@a.example"),
        ([("adam@a.example", date(2025, 5, 1)), ("zoe@a.example", date(2026, 5, 1))], "zoe@a.example"),
        # Who is still to come holds nothing yet.
        ([("adam@a.example", None), ("zoe@a.example", date(2026, 6, 2))], "adam@a.example"),
        # Of one day, by address and not by how a database sorts signs: an apostrophe comes before a letter.
        ([("onan@a.example", None), ("o'neill@a.example", None)], "o'neill@a.example"),
        ([("o-z@a.example", None), ("oa@a.example", None)], "o-z@a.example"),
    ],
)
def test_the_newest_holder_of_a_role_comes_first_and_one_without_a_day_last(record, entries, first):
    with record.writing() as session:
        for email, since in entries:
            named = {"area": "London", "agency": "mappa_unit", "unit": "", "role": "coordinator", "name": email}
            session.add(DirectoryEntry(**named, email=email, valid_from=since))
            session.flush()
        contact = Directory(session, ["London"], ON).unit_contact("London")
        assert contact is not None
        assert contact.email == first
