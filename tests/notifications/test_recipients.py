"""Who holds a role is the same on either database, whatever order it gives its rows in."""

from datetime import date

import pytest

from models.cases import Case
from models.directory import DirectoryEntry
from notifications.recipients import Directory
from policy.roles import Role

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


@pytest.mark.parametrize(
    ("role", "asked"),
    [("offender_manager", "lena@probation.example"), ("police_offender_manager", "piet@police.example")],
)
def test_an_offender_manager_without_an_address_is_stood_in_for_by_their_own_agency(record, role, asked):
    """A release is the prison's duty, and its offender manager is asked too: nobody at the prison manages for them."""
    case = Case(area="London", unit="", lead_agency="probation", prison="Example")
    with record.writing() as session:
        for agency, email in (
            ("prison", "petra@prison.example"),
            ("probation", "lena@probation.example"),
            ("police", "piet@police.example"),
        ):
            named = {"area": "London", "agency": agency, "unit": "", "role": "senior_manager", "name": email}
            session.add(DirectoryEntry(**named, email=email))
        session.flush()
        found = Directory(session, ["London"], ON).resolve(case, role, "prison", {Role(role): (Role.SENIOR_MANAGER,)})
        assert found is not None
        assert (found.email, found.stands_in_for) == (asked, role)
