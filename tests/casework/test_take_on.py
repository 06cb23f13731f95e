"""An area that is taken on begins quietly: what was overdue comes once, as one list, and waits for a decision.

Darren's prison notice was due on Sunday 12 July 2026, his referral and his level on Saturday 12 September; his release
is on Friday 12 March 2027. His area is prompted from Monday 19 October 2026: the list goes out on Friday 16 October,
and again each week from Monday 26 October on.
"""

from collections import Counter
from datetime import date

import pytest
from sqlalchemy import select

from assurance.of_take_on import on_neither_list
from assurance.silence import silent_cases
from casework.errors import RefusedError
from casework.recompute import recompute
from models.audit import AuditEntry
from models.obligations import Prompt, Timescale
from models.record import Record
from policy.calendar import london_date
from policy.errors import ConflictError, InvalidError
from tasks.take_on import take_on
from tests.support.story import CHRIS, CORA, DARREN, LIONEL, OLIVE, OPAL, Story, at, form
from views.timescales import timescales

LOADED, FIRST, LIST = "2026-10-12", "2026-10-19", "2026-10-16"
OVERDUE = ["prison_notice", "referral", "level_setting"]
# Released in September 2027: his notice falls due in January, and nothing of his is overdue.
LATER = DARREN | {
    "crn": "X320742", "surname": "Later", "conditional_release_date": "2027-09-10", "licence_expiry_date": "2031-01-10",
}  # fmt: skip


@pytest.fixture
def begun(record: Record, tmp_path) -> Story:
    """The area is taken on, on the day on which its caseload was loaded."""
    story = Story(record, tmp_path)
    story.load(LOADED, DARREN, LATER)
    done = take_on(record, "London", date.fromisoformat(FIRST), at(LOADED, 10), "Cora")
    assert (done.listed, done.cases, str(done.list_on), done.unidentified) == (3, 2, LIST, 0)
    return story


def undecided(story: Story) -> list[str]:
    with story.record.reading() as session:
        return [one.kind for one in timescales(session, taken_on=True)]


def decide(story: Story, day: str, kind: str, decision: str, **more: str) -> None:
    told = form("taken-on", due_on=None, about=None) | {"kind": kind, "decision": decision, **more}
    story.record_fact("taken-on", day, **told)


def holds(story: Story, day: str) -> None:
    with story.record.reading() as session:
        assert not on_neither_list(session, at(day)).total
        assert not session.scalars(silent_cases(session, at(day))).all()


def mails(story: Story) -> list[tuple[str, str, str]]:
    """Return (day, kind, to) of every e-mail."""
    return sorted((str(london_date(m.not_before)), m.kind, m.recipient) for m in story.messages())


def test_what_was_overdue_comes_once_as_one_list_and_nobody_is_chased(begun: Story) -> None:
    begun.every_day("2026-10-12", "2026-10-19")
    holds(begun, FIRST)
    assert mails(begun) == [(LIST, "stuck_list", CORA)]
    assert undecided(begun) == OVERDUE
    [first] = begun.messages()
    assert first.subject == "3 duties were overdue when your area was taken on, the oldest since 12 July"
    # A tick again on the same morning, the list of the week after, and weeks without a tick: each list once.
    begun.tick(FIRST)
    begun.tick("2026-10-26")
    begun.tick("2026-11-11")
    assert [day for day, _, who in mails(begun) if who == CORA] == [LIST, "2026-10-26", "2026-11-11"]


def test_without_it_the_first_morning_brings_every_rung_of_the_past(record: Record, tmp_path) -> None:
    story = Story(record, tmp_path)
    story.load(LOADED, DARREN)
    story.tick(LOADED)
    assert {OLIVE, LIONEL, OPAL, CORA, CHRIS} <= {who for _, _, who, _ in story.prompts()}


def test_on_the_first_morning_nobody_gets_two_e_mails(begun: Story) -> None:
    begun.every_day("2026-10-12", "2026-12-31")
    counts = Counter((day, who) for day, _, who in mails(begun) if day <= FIRST)
    assert set(counts.values()) == {1}


def test_what_was_not_overdue_has_its_reminders_from_the_first_day_on(begun: Story) -> None:
    """His notice is due on 10 January 2027, a Sunday: a month before is Thursday 10 December."""
    begun.every_day("2026-10-12", "2026-12-11")
    of_his = [(rung, who, day) for rung, _, who, day in begun.prompts("prison_notice") if rung != "take-on"]
    assert of_his == [("-1 month", OPAL, "2026-12-10")]


def test_a_duty_that_is_adopted_is_prompted_from_that_day_on(begun: Story) -> None:
    """Adopted on Tuesday 20 October: the line manager is told a working day later, the coordinator after five, the
    SMB member after ten, as of a referral that became due that day; its due date stands."""
    begun.every_day("2026-10-12", "2026-10-19")
    decide(begun, "2026-10-20", "referral", "adopt")
    begun.every_day("2026-10-20", "2026-11-10")
    raised = [(rung, who, day) for rung, _, who, day in begun.prompts("referral")]
    assert raised == [
        ("take-on", CORA, LIST),
        ("due, adopted", OLIVE, "2026-10-20"),
        ("+1W, adopted", LIONEL, "2026-10-21"),
        ("+5W, adopted", CORA, "2026-10-27"),
        ("+10W, adopted", "simon@probation.example", "2026-11-03"),
    ]
    assert begun.owed("referral")[0][:2] == ("2026-09-12", "open")
    assert undecided(begun) == ["prison_notice", "level_setting"]
    holds(begun, "2026-11-10")


def test_what_is_adopted_climbs_one_ladder_whoever_works_out_duties_anew(record: Record, tmp_path) -> None:
    """The area begins on Monday 14 September, two days after his referral was due. Of the ladder of 12 September the
    rungs of 18 and 25 September were still to come; that of the adoption, of the same Monday, has 15, 21 and 28."""
    story = Story(record, tmp_path)
    story.load("2026-09-10", DARREN)
    take_on(record, "London", date(2026, 9, 14), at("2026-09-10", 10), "Cora")
    story.every_day("2026-09-10", "2026-09-14")
    decide(story, "2026-09-14", "referral", "adopt")
    assert not [one for one in recompute(record, at("2026-09-14", 12), "t") if "referral" in str(one.changes)]
    story.every_day("2026-09-14", "2026-10-02")
    assert [(rung, day) for rung, _, _, day in story.prompts("referral")] == [
        ("take-on", "2026-09-11"),
        ("due, adopted", "2026-09-14"),
        ("+1W, adopted", "2026-09-15"),
        ("+5W, adopted", "2026-09-21"),
        ("+10W, adopted", "2026-09-28"),
    ]


def test_a_duty_that_is_put_down_is_missed_with_its_reason_and_stays_so(begun: Story) -> None:
    begun.every_day("2026-10-12", "2026-10-19")
    why = "The prison gave notice by telephone in July; the note is in ViSOR."
    decide(begun, "2026-10-20", "prison_notice", "put_down", reason=why)
    begun.record_fact("level", "2026-10-21", **form("level", level=2))
    begun.every_day("2026-10-21", "2026-11-03")
    [notice] = begun.timescales("prison_notice")
    assert (notice.state, str(notice.missed_on), notice.reason) == ("missed", "2026-10-20", why)
    assert [rung for rung, *_ in begun.prompts("prison_notice")] == ["take-on"]
    with begun.record.reading() as session:
        actions = set(session.scalars(select(AuditEntry.action).where(AuditEntry.chain == "case/1")))
    assert "taken-on-put-down" in actions


def test_what_is_done_is_done_and_leaves_the_list(begun: Story) -> None:
    begun.tick(LIST)
    begun.record_fact("referral", "2026-10-19", **form("referral"))
    assert begun.owed("referral")[0] == ("2026-09-12", "met", "2026-10-19")
    assert "referral" not in undecided(begun)


def test_a_duty_that_moves_behind_the_first_day_climbs_its_own_ladder(begun: Story) -> None:
    """Release put off to 11 June 2027: the notice is due on 11 October 2026, still before the first day; the referral
    on 11 December, with reminders from 11 November."""
    begun.every_day("2026-10-12", "2026-10-19")
    begun.record_fact("release-date", "2026-10-20", **form("release-date", which="conditional_release_date",
                      release_date="2027-06-11"))  # fmt: skip
    begun.every_day("2026-10-20", "2026-11-12")
    assert [(rung, day) for rung, revision, _, day in begun.prompts("referral") if revision == 2] == [
        ("-1 month", "2026-11-11")
    ]
    assert undecided(begun) == ["prison_notice"]
    holds(begun, "2026-11-12")


@pytest.mark.parametrize(
    ("first", "why"),
    [
        ("2026-10-12", "is not after today, Monday 12 October 2026"),
        ("2026-10-17", "is no working day: the next is Monday 19 October 2026"),
        ("2026-11-10", "is more than 28 days ahead"),
    ],
)
def test_a_day_that_cannot_be_the_first_is_refused(record: Record, tmp_path, first: str, why: str) -> None:
    Story(record, tmp_path).load(LOADED, DARREN)
    with pytest.raises(InvalidError, match=why):
        take_on(record, "London", date.fromisoformat(first), at(LOADED), "Cora")


def test_an_area_that_is_prompted_already_is_not_taken_on(record: Record, tmp_path) -> None:
    story = Story(record, tmp_path)
    story.load("2026-06-01", DARREN)
    story.tick("2026-06-12")
    with pytest.raises(ConflictError, match="London has been prompted since Friday 12 June 2026"):
        take_on(record, "London", date.fromisoformat("2026-06-22"), at("2026-06-15"), "Cora")


def test_the_first_day_can_be_changed_until_somebody_is_prompted(begun: Story) -> None:
    """A week later, on Monday 26 October: what falls due in between is on the list too."""
    done = take_on(begun.record, "London", date(2026, 10, 26), at("2026-10-13"), "Cora")
    assert str(done.list_on) == "2026-10-23"
    begun.every_day("2026-10-13", "2026-10-23")
    assert [(day, kind) for day, kind, _ in mails(begun)] == [("2026-10-23", "stuck_list")]


def test_a_dry_run_leaves_nothing(record: Record, tmp_path) -> None:
    story = Story(record, tmp_path)
    story.load(LOADED, DARREN)
    done = take_on(record, "London", date.fromisoformat(FIRST), at(LOADED), "Cora", dry_run=True)
    assert (done.listed, done.unidentified) == (0, 1)
    story.tick(LOADED)
    assert story.prompts()


def test_an_area_can_be_taken_on_before_its_caseload_is_loaded(record: Record, tmp_path) -> None:
    story = Story(record, tmp_path)
    take_on(record, "London", date.fromisoformat(FIRST), at(LOADED), "Cora")
    story.load("2026-10-13", DARREN)
    story.every_day("2026-10-13", FIRST)
    assert {rung for rung, *_ in story.prompts()} == {"take-on"}
    holds(story, FIRST)


def test_nobody_decides_on_what_was_not_overdue_or_leaves_a_case_to_nobody(begun: Story) -> None:
    begun.tick(LIST)
    with pytest.raises(RefusedError, match="it was not overdue when the area was taken on"):
        decide(begun, "2026-10-20", "release", "adopt")
    decide(begun, "2026-10-20", "referral", "adopt")
    with pytest.raises(RefusedError, match="it was adopted on Tuesday 20 October 2026"):
        decide(begun, "2026-10-21", "referral", "put_down")


def test_the_auditor_sees_what_stands_on_neither_list(begun: Story) -> None:
    begun.tick(LIST)
    with begun.record.writing() as session:
        [notice] = session.scalars(select(Timescale).where(Timescale.kind == "prison_notice", Timescale.case_id == 1))
        notice.next_prompt_at = None
    with begun.record.reading() as session:
        assert on_neither_list(session, at(FIRST)).subjects == ("LON-2026-000001 prison_notice",)
    with begun.record.writing() as session:
        [notice] = session.scalars(select(Timescale).where(Timescale.kind == "prison_notice", Timescale.case_id == 1))
        notice.next_prompt_at = at(FIRST)
        notice.ladder = [*notice.ladder, notice.ladder[0] | {"rung": "+5W", "message": "escalation"}]
    with begun.record.reading() as session:
        assert on_neither_list(session, at(FIRST)).total == 1


def test_a_list_is_raised_once_for_each_duty(begun: Story) -> None:
    begun.every_day("2026-10-12", "2026-11-02")
    with begun.record.reading() as session:
        rungs = session.execute(select(Prompt.timescale_id, Prompt.rung, Prompt.recipient)).all()
    assert len(rungs) == len(set(rungs))
