"""What is of no case stands on Today: a caseload above 50 (our default), and overdue actions of the board."""

from datetime import date

from tests.support import rows
from tests.support.story import CORA, HANA, LIONEL, OLIVE, Story, at
from tests.web.conftest import TODAY
from tests.web.visiting import Desk


def test_the_manager_and_the_coordinator_are_told_and_nobody_else(desk: Desk, story: Story) -> None:
    """Olive has Darren's case and 50 more: 51. An action that was due the day before Monday 21 September is overdue."""
    with story.record.writing() as session:
        for number in range(50):
            someone = rows.person(session, f"X5{number:05d}")
            rows.case(session, someone, f"LON-2026-0005{number:02d}", offender_manager_email=OLIVE,
                      line_manager_email=LIONEL)  # fmt: skip
        rows.board_action(session, "London", date(2026, 6, 10), date(2026, 9, 20))
    told = {who: desk.sign_in(who, at(TODAY, 10)).get("/today").text for who in (LIONEL, CORA, HANA, OLIVE)}
    assert "More open cases than the policy allows: Olive" in told[LIONEL]
    assert "(51; at most 50)" in told[LIONEL]
    assert "1 action of the board is overdue: it was due on Sunday 20 September." in told[CORA]
    # Whoever reads it at the desk has it there, and needs no command.
    assert "by Sunday 20 September" in told[CORA]
    assert "mappa board-actions" not in told[CORA]
    assert [who for who in told if "More open cases" in told[who]] == [LIONEL]
    assert [who for who in told if "of the board" in told[who]] == [CORA]
