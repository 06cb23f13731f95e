"""What is open past its last rung is on the list of what is stuck each week, and each month, until it is settled.

Darren's prison notice is due on Sunday 12 July 2026; its last rung is ten working days on, Friday 24 July. Lists go out
on Mondays; Monday 31 August is a bank holiday, so that week's is of Tuesday 1 September. The SMB Chair gets the first
of each month.
"""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, update

from assurance.of_cases import rungs_passed_over
from models.obligations import Prompt, Timescale
from models.record import Record
from policy.calendar import london_date
from tests.casework.recording.test_pauses import mails
from tests.support.story import CHRIS, CORA, DARREN, Story, at, form
from tests.support.told_once import told_once
from views.timescales import timescales

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@pytest.fixture
@told_once
def stuck(record: Record, tmp_path: Path) -> Story:
    """Nobody gave the notice, and everybody was prompted by 24 July."""
    story = Story(record, tmp_path)
    story.load("2026-06-01", DARREN)
    story.tick("2026-06-01")
    story.tick("2026-07-24")
    return story


def lists(story: Story, kind: str = "prison_notice") -> list[tuple[str, str]]:
    """Return (day raised, to whom) of the lists on which the duties of a kind stood."""
    query = select(Prompt).join(Timescale).where(Timescale.kind == kind, Prompt.rung.like("list %")).order_by(Prompt.id)
    with story.record.reading() as session:
        return [(london_date(one.raised_at).isoformat(), one.recipient) for one in session.scalars(query)]


def test_it_is_on_the_list_of_each_week_until_it_is_done(stuck: Story) -> None:
    stuck.every_day("2026-07-25", "2026-09-08")
    assert lists(stuck) == [
        ("2026-07-27", CORA), ("2026-08-03", CORA), ("2026-08-03", CHRIS), ("2026-08-10", CORA), ("2026-08-17", CORA),
        ("2026-08-24", CORA), ("2026-09-01", CORA), ("2026-09-01", CHRIS), ("2026-09-07", CORA),
    ]  # fmt: skip
    stuck.record_fact("prison-notice", "2026-09-09", **form("prison-notice"))
    stuck.every_day("2026-09-10", "2026-09-15")
    assert len(lists(stuck)) == 9
    with stuck.record.reading() as session:
        assert not rungs_passed_over(session, at("2026-09-15")).total


def test_each_reader_gets_one_e_mail_a_week_whatever_is_on_it(stuck: Story) -> None:
    """Referral and level are stuck from 25 September: three duties, one e-mail each Monday."""
    stuck.every_day("2026-07-25", "2026-10-13")
    sent = [(m.recipient, london_date(m.created_at).isoformat()) for m in stuck.messages() if m.kind == "stuck_list"]
    assert len(sent) == len(set(sent))
    assert [day for who, day in sent if who == CHRIS] == ["2026-08-03", "2026-09-01", "2026-10-05"]
    assert len([day for who, day in sent if who == CORA]) == 12
    assert ("2026-09-28", CORA) in lists(stuck, "referral")


def test_an_outage_of_weeks_is_made_good_by_one_list(stuck: Story) -> None:
    """From 24 July to Thursday 20 August: the lists of four Mondays are one; that of 3 August was the Chair's too."""
    for _ in range(2):
        stuck.tick("2026-08-20")
    assert lists(stuck) == [("2026-08-20", CORA), ("2026-08-20", CHRIS)]
    stuck.every_day("2026-08-21", "2026-08-26")
    assert lists(stuck)[2:] == [("2026-08-24", CORA)]


def test_a_list_caught_up_on_a_saturday_is_that_of_monday(stuck: Story) -> None:
    stuck.tick("2026-08-15")
    stuck.every_day("2026-08-16", "2026-08-24")
    assert [day for day, who in lists(stuck) if who == CORA] == ["2026-08-15", "2026-08-24"]
    to_cora = [m for m in stuck.messages() if m.kind == "stuck_list" and m.recipient == CORA]
    assert [str(london_date(m.not_before)) for m in to_cora] == ["2026-08-17", "2026-08-24"]


def test_what_is_paused_is_off_the_list_until_the_pause_ends(stuck: Story) -> None:
    stuck.record_fact("pause", "2026-07-27", kind="prison_notice", way="stop_clock", until="2026-08-12",
                      reason="The prison moved its files.", authority="Mona Example", by="Opal")  # fmt: skip
    stuck.every_day("2026-07-27", "2026-08-11")
    assert lists(stuck) == []
    stuck.every_day("2026-08-12", "2026-08-17")
    assert [day for day, who in lists(stuck) if who == CORA] == ["2026-08-12", "2026-08-17"]


def test_a_list_of_one_thing_speaks_of_one(stuck: Story) -> None:
    stuck.every_day("2026-07-25", "2026-07-27")
    text = mails(stuck, "2026-07-27")[CORA]
    assert "One thing is stuck: everybody who can be reminded has been, and it is still not done." in text
    assert "Have it done and recorded, pause it with a reason, or decide that it is not needed." in text


def test_the_e_mail_says_the_worst_first(stuck: Story) -> None:
    stuck.every_day("2026-07-25", "2026-09-28")
    [last] = [
        m for m in stuck.messages() if m.kind == "stuck_list" and london_date(m.created_at).isoformat() == "2026-09-28"
    ]
    assert last.subject == "3 things are stuck, the oldest since 12 July: prison notice, LON-2026-000001"
    text = mails(stuck, "2026-09-28")[CORA]
    assert "3 things are stuck: everybody who can be reminded has been, and they are still not done." in text
    assert "* Prison notice, LON-2026-000001. Overdue by 78 days: it was due on Sunday 12 July." in text
    assert "This is for the prison offender management unit to do." in text
    assert "Have each of these done and recorded" in text
    text = text[text.index("3 things are stuck") :]
    assert text.index("* Prison notice") < text.index(
        "* Referral (MAPPA A), LON-2026-000001. Overdue by 16 days: it was due on Saturday 12 September"
    )


def restrict(story: Story, *crns: str) -> None:
    """Nothing is sent about these cases by e-mail any more."""
    for crn in crns:
        story.record_fact("restriction", "2026-07-25", crn=crn, restricted=True, reason="A protected witness.")


def test_a_restricted_case_is_counted_and_not_named(stuck: Story) -> None:
    """A second case with the same dates: the list names the one, and counts the other."""
    stuck.load("2026-07-24", DARREN | {"crn": "X320742", "surname": "Other", "forenames": "Ben"})
    stuck.every_day("2026-07-24", "2026-08-08")
    restrict(stuck, "X320742")
    assert stuck.case("X320742").reference == "LON-2026-000002"
    stuck.every_day("2026-08-09", "2026-08-10")
    [last] = [m for m in stuck.messages() if m.kind == "stuck_list" and str(london_date(m.created_at)) == "2026-08-10"]
    assert (last.state, last.subject) == (
        "pending", "2 things are stuck, the oldest since 12 July: prison notice, LON-2026-000001",
    )  # fmt: skip
    text = mails(stuck, "2026-08-10")[CORA]
    assert "And 1 restricted case: mappa timescales --stuck" in text
    assert "LON-2026-000001" in text
    assert "LON-2026-000002" not in text


def test_of_restricted_cases_alone_there_is_a_number(stuck: Story) -> None:
    restrict(stuck, "X320741")
    stuck.every_day("2026-07-25", "2026-07-27")
    sent = [m for m in stuck.messages() if m.kind == "stuck_list"]
    assert [(m.recipient, m.state, m.subject) for m in sent] == [(CORA, "pending", "1 restricted case stuck")]
    text = mails(stuck, "2026-07-27")[CORA]
    assert "Something is stuck on 1 restricted case: mappa timescales --stuck" in text
    assert "LON-2026" not in text


def test_what_is_stuck_can_be_listed(stuck: Story) -> None:
    stuck.every_day("2026-07-25", "2026-07-28")
    with stuck.record.reading() as session:
        [one] = timescales(session, stuck=True)
    assert (one.kind.value, str(one.stuck_since)) == ("prison_notice", "2026-07-24")


def test_what_was_stuck_before_there_were_lists_is_on_the_next(stuck: Story) -> None:
    """As the migration leaves what a record of an earlier version has: its ladder climbed, and looked at once more."""
    with stuck.record.writing() as session:
        [one] = session.scalars(select(Timescale).where(Timescale.kind == "prison_notice"))
        rungs = [step for step in one.ladder if not step["rung"].startswith("list")]
        as_it_was = {"ladder": rungs, "next_rung": len(rungs), "stuck_since": None, "next_prompt_at": LONG_AGO}
        session.execute(update(Timescale).where(Timescale.id == one.id).values(**as_it_was))
    stuck.every_day("2026-07-25", "2026-07-28")
    assert lists(stuck) == [("2026-07-27", CORA)]
    assert str(stuck.timescale("prison_notice").stuck_since) == "2026-07-24"
