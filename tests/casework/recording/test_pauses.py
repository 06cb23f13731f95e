"""A duty may be paused: nobody is prompted until its day, then what came due meanwhile goes out once, and says so.

Darren's referral is due on Saturday 12 September 2026, so asked for on Friday 11; his line manager hears on Monday 14,
the coordinator on Friday 18, the SMB member on Friday 25. The limits are our default: ten working days, twice, and 26
weeks.
"""

from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from sqlalchemy import select

from casework.errors import RefusedError
from models.audit import AuditEntry
from models.obligations import Prompt, Timescale
from models.pauses import Pause
from models.record import Record
from policy.calendar import LONDON
from tasks import deliver
from tasks.stage import run_stage
from tests.support.opened import with_mail_in
from tests.support.story import CORA, DARREN, LIONEL, OLIVE, SIMON, Story, at, form
from tests.support.told_once import told_once
from views.person_page import person_page

SNOOZE = {"kind": "referral", "way": "snooze", "reason": "The psychologist reports next week.", "by": "Olive",
          "by_email": OLIVE}  # fmt: skip
STOP = SNOOZE | {"way": "stop_clock", "authority": "Mona Example, head of the MAPPA unit", "by_email": None}
BEFORE = [("-1 month", OLIVE, "2026-08-12"), ("-2 weeks", OLIVE, "2026-08-28")]
ENDED = [("resumed", CORA), ("resumed", OLIVE)]


@pytest.fixture
@told_once
def story(record: Record, tmp_path: Path) -> Story:
    story = Story(record, tmp_path)
    story.load("2026-06-01", DARREN)
    story.tick("2026-06-01")
    for day in ("2026-08-12", "2026-08-28", "2026-09-09"):
        story.tick(day)
    return story


def pause(story: Story, on: str, until: str, **changes: object) -> str:
    return story.record_fact("pause", on, **(SNOOZE | {"until": until} | changes)).summary


def refused(story: Story, on: str, until: str, **changes: object) -> str:
    with pytest.raises(RefusedError) as refusal:
        pause(story, on, until, **changes)
    return "\n".join(refusal.value.reasons)


def told(story: Story) -> list[tuple[str, str, str]]:
    """Return what was prompted on the referral: (first word or rung, to whom, on which day)."""
    found = []
    for rung, _, to, on in story.prompts("referral"):
        found.append((rung.partition(" ")[0] if rung.startswith("resumed") else rung, to, on))
    return found


def on(day: str, *prompts: tuple[str, str]) -> list[tuple[str, str, str]]:
    return [(rung, to, day) for rung, to in prompts]


def test_a_paused_duty_prompts_nobody_until_its_day_and_then_once_what_came_due(story: Story) -> None:
    assert pause(story, "2026-09-10", "2026-09-17") == "referral due 2026-09-12 is paused until 2026-09-17"
    story.every_day("2026-09-10", "2026-09-16")
    assert told(story) == BEFORE
    assert story.timescale("referral").state == "paused"
    for _ in range(3):
        story.tick("2026-09-17")
    assert sorted(told(story)[2:]) == sorted(on("2026-09-17", *ENDED, ("due", OLIVE), ("+1W", LIONEL)))
    story.every_day("2026-09-18", "2026-09-30")
    assert told(story)[6:] == [("+5W", CORA, "2026-09-18"), ("+10W", SIMON, "2026-09-25")]
    with story.record.reading() as session:
        late = set(session.scalars(select(Prompt.late_by_days).join(Timescale).where(Timescale.kind == "referral")))
        [one] = session.scalars(select(Pause))
    assert late == {0}, "what a pause kept was not late"
    assert (str(one.ended_on), one.ended_because) == ("2026-09-17", "its last day came")


def test_after_an_outage_it_goes_on_once_and_is_late_from_the_end_of_the_pause(story: Story) -> None:
    """Down from 11 September to 1 October: fourteen days after the pause ended on the 17th."""
    pause(story, "2026-09-10", "2026-09-17")
    for _ in range(2):
        story.tick("2026-10-01")
    rungs = [*ENDED, ("due", OLIVE), ("+1W", LIONEL), ("+5W", CORA), ("+10W", SIMON)]
    assert sorted(told(story)[2:]) == sorted(on("2026-10-01", *rungs))
    with story.record.reading() as session:
        rows = session.execute(select(Prompt.rung, Prompt.late_by_days).join(Timescale).where(
            Timescale.kind == "referral", Prompt.rung.in_(("due", "+1W", "+5W"))))  # fmt: skip
        assert dict(rows.tuples().all()) == {"due": 14, "+1W": 14, "+5W": 13}


def test_the_e_mails_say_that_it_was_paused(story: Story) -> None:
    pause(story, "2026-09-10", "2026-09-17")
    story.tick("2026-09-17")
    texts = mails(story, "2026-09-17")
    assert "This was paused until Thursday 17 September." in texts[LIONEL]
    assert "The pause has ended, and reminders go out again." in texts[OLIVE]
    assert "The pause has ended, and reminders go out again." in texts[CORA]


def mails(story: Story, day: str) -> dict[str, str]:
    """Deliver what waits to a folder; return the plain text of the e-mails by recipient, the last one last."""
    folder = story.folder / "mail"
    run_stage(with_mail_in(story.record, folder), deliver.STAGE, at(day, 11))
    found: dict[str, str] = {}
    for path in sorted(folder.glob("*.eml"), key=lambda one: one.stat().st_mtime_ns):
        mail = message_from_bytes(path.read_bytes(), policy=default)
        body = mail.get_body(("plain",))
        assert body is not None
        found[mail["To"]] = found.get(mail["To"], "") + body.get_content()
    return found


def test_the_page_of_the_case_says_until_when_and_why(story: Story) -> None:
    pause(story, "2026-09-10", "2027-03-01", **STOP)
    with story.record.reading() as session:
        page = person_page(session, "X320741").case
        assert page is not None
        [one] = [one for one in page.timescales if one.kind == "referral"]
    assert one.how_it_stands == (
        "paused until 2027-03-01, on the authority of Mona Example, head of the MAPPA unit: "
        "The psychologist reports next week."
    )
    assert (str(one.paused_until), one.pause_authority) == ("2027-03-01", STOP["authority"])
    assert one.next_prompt_at is not None
    assert one.next_prompt_at.astimezone(LONDON).isoformat() == "2027-03-01T08:00:00+00:00"


@pytest.mark.parametrize(
    ("on_day", "until", "changes", "why"),
    [
        # Ten working days after Thursday 10 September: Thursday 24 September.
        ("2026-09-10", "2026-09-25", {}, "the policy allows a snooze until 2026-09-24 at the latest"),
        # 26 weeks after 9 September: 10 March 2027.
        ("2026-09-09", "2027-03-11", STOP, "the policy allows a stopped clock until 2027-03-10 at the latest"),
        ("2026-09-10", "2026-10-30", STOP | {"authority": None}, "say who allowed that the clock is stopped"),
        ("2026-09-10", "2026-09-10", {}, "until: 2026-09-10 is not after today"),
        ("2027-02-20", "2027-03-15", STOP, "the person leaves custody on Friday 12 March 2027; nothing is paused"),
        ("2026-09-10", "2026-09-17", {"kind": "first_meeting"}, "no first_meeting fits that is open"),
        ("2026-09-10", "2026-09-17", {"due_on": "2026-09-01"}, "say 'due_on' and 'about': due 2026-09-12"),
    ],
)  # fmt: skip
def test_what_the_policy_does_not_allow_is_refused(
    story: Story, on_day: str, until: str, changes: dict[str, object], why: str
) -> None:
    assert why in refused(story, on_day, until, **changes)
    assert story.timescale("referral").state == "open"


def test_a_duty_is_snoozed_twice_at_most(story: Story) -> None:
    for day, until in (("2026-09-10", "2026-09-11"), ("2026-09-15", "2026-09-16")):
        pause(story, day, until)
        story.tick(until)
    assert "it was snoozed 2 times already" in refused(story, "2026-09-17", "2026-09-18")
    pause(story, "2026-09-17", "2026-10-30", **STOP)


def test_a_paused_duty_is_met_like_any_other(story: Story) -> None:
    pause(story, "2026-09-10", "2026-09-17")
    story.record_fact("referral", "2026-09-14", **form("referral"))
    assert story.owed("referral") == [("2026-09-12", "met", "2026-09-14")]
    story.every_day("2026-09-15", "2026-09-21")
    assert told(story) == BEFORE
    with story.record.reading() as session:
        assert session.scalars(select(Pause)).one().ended_because == "it was settled, or its date moved"


def test_a_release_date_that_moves_ends_the_pause(story: Story) -> None:
    """Released two months earlier, on 12 January: the referral was due on 12 July, and is asked for at once."""
    pause(story, "2026-09-10", "2027-03-01", **STOP)
    story.record_fact("release-date", "2026-09-14", which="conditional_release_date", release_date="2027-01-12",
                      reason="The sentence was put right.")  # fmt: skip
    assert story.owed("referral") == [("2026-07-12", "open", None)]
    story.tick("2026-09-15")
    assert {to for rung, to, day in told(story) if day == "2026-09-15"} >= {OLIVE, LIONEL, CORA, SIMON}


def test_it_is_taken_up_again_before_its_day(story: Story) -> None:
    pause(story, "2026-09-10", "2026-09-22")
    story.tick("2026-09-15")
    story.record_fact("resume", "2026-09-16", kind="referral", reason="The report came early.", by="Olive")
    for _ in range(2):
        story.tick("2026-09-16", 10)
    assert sorted(told(story)[2:]) == sorted(on("2026-09-16", ("due", OLIVE), ("+1W", LIONEL)))
    story.every_day("2026-09-17", "2026-09-30")
    assert told(story)[4:] == [("+5W", CORA, "2026-09-18"), ("+10W", SIMON, "2026-09-25")]


def test_both_stand_in_the_trail(story: Story) -> None:
    pause(story, "2026-09-10", "2026-10-30", **STOP)
    story.record_fact("resume", "2026-09-16", kind="referral", reason="The report came early.", by="Olive")
    with story.record.reading() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action.in_(
            ("timescale-paused", "timescale-resumed"))).order_by(AuditEntry.seq)).all()  # fmt: skip
    assert [(one.action, one.actor) for one in entries] == [
        ("timescale-paused", "clerk"),
        ("timescale-resumed", "clerk"),
    ]
