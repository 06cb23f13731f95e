"""Many duties that were overdue when their area was taken on are decided on at once; what is refused leaves the rest.

Darren and Dora were both to be released on Friday 12 March 2027: a prison notice due on 12 July 2026, a referral and a
level due on 12 September, each overdue when London is taken on from Monday 19 October 2026.
"""

from datetime import date
from pathlib import Path

import pytest

from casework.recording import Actor, Through
from casework.taken_on_decisions import decide, waiting
from models.record import Record
from policy.vocabulary import TakenOnDecision
from tasks.take_on import take_on
from tests.support.story import DARREN, Story, at, form

CORA = Actor(id="cora", name="Cora", through=Through.CLI)
WHEN = at("2026-10-19", 10)
DORA = DARREN | {"crn": "X320742", "surname": "Other", "forenames": "Dora"}


@pytest.fixture
def begun(record: Record, tmp_path: Path) -> Story:
    story = Story(record, tmp_path)
    story.load("2026-10-12", DARREN, DORA)
    take_on(record, "London", date(2026, 10, 19), at("2026-10-12", 10), "Cora")
    story.tick("2026-10-16")
    return story


def listed(story: Story, **chosen: object) -> list[tuple[str, str]]:
    with story.record.reading() as session:
        found = waiting(session, chosen.get("area"), chosen.get("kind"), chosen.get("due_before"))  # type: ignore[arg-type]
    return [(one.case[-1], one.kind) for one in found]


def test_they_are_chosen_by_area_kind_and_due_date(begun: Story) -> None:
    notices = [("1", "prison_notice"), ("2", "prison_notice")]
    assert len(listed(begun)) == 6
    assert listed(begun, kind="prison_notice") == notices
    assert listed(begun, due_before=date(2026, 9, 12)) == notices
    assert listed(begun, area="Essex") == []


def test_one_decision_is_recorded_for_each(begun: Story) -> None:
    with begun.record.reading() as session:
        notices = waiting(session, "London", "prison_notice", None)
    done = decide(begun.record, notices, TakenOnDecision.PUT_DOWN, "Both prisons told us by telephone.", CORA, WHEN)
    assert (done.decided, done.refused) == (2, [])
    for crn in (DARREN["crn"], DORA["crn"]):
        [notice] = begun.timescales("prison_notice", crn)
        assert (notice.state, notice.reason) == ("missed", "Both prisons told us by telephone.")
    with begun.record.reading() as session:
        rest = waiting(session, "London", None, None)
    assert decide(begun.record, rest, TakenOnDecision.ADOPT, "Still to be done.", CORA, WHEN).decided == 4
    assert listed(begun) == []


def test_what_is_refused_is_named_and_the_others_are_decided(begun: Story) -> None:
    """Dora's level is set between the look and the decision."""
    with begun.record.reading() as session:
        referrals = waiting(session, "London", "referral", None)
    begun.record_fact("level", "2026-10-19", crn=DORA["crn"], **form("level", level=1))
    with begun.record.reading() as session:
        levels = waiting(session, "London", "level_setting", None)
    assert [one.case[-1] for one in levels] == ["1"]
    both = [*levels, *(one for one in referrals if one.case[-1] == "1"), levels[0]]
    done = decide(begun.record, both, TakenOnDecision.ADOPT, "Still to be done.", CORA, WHEN)
    assert done.decided == 2
    [(case, reasons)] = done.refused
    assert case == "LON-2026-000001"
    assert "it was adopted on Monday 19 October 2026" in reasons[0]
