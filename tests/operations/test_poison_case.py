"""An operator's day with a row that cannot be read."""

import sqlite3
from pathlib import Path

from tests.operations.conftest import THE_DAY, assert_nothing_lost_or_doubled, letters, prompts, tick
from tests.support.program import Program

CASE = "LON-2026-000005"
PERSONAL = ("Darren", "Invented", "X3207", "@")
TRIED_AT = "2026-09-17"


def change_ladder(database: Path, change: tuple[str, str]) -> None:
    """Change the ladder of one case's referral past the program."""
    with sqlite3.connect(database) as connection:
        changed = connection.execute(
            "UPDATE timescale SET ladder = replace(ladder, ?, ?) WHERE kind = 'referral' "
            'AND case_id = (SELECT id FROM "case" WHERE reference = ?)',
            (*change, CASE),
        )
        assert changed.rowcount == 1
    connection.close()


def test_a_poison_case(mappa: Program, undisturbed: Program, tmp_path: Path) -> None:
    # Somebody's script has written a name where the day of a rung stands.
    damage = ('"on":"2026-09-14"', '"on":"Darren Invented"')
    change_ladder(tmp_path / "record.db", damage)

    # The case is set aside and named, without a word about the person; the eleven others go on.
    answer = mappa("tick", "--as-at", f"{THE_DAY}T08:00")
    assert answer.code == 0
    assert "prompts: 12 waited, 11 done, 0 skipped, 1 failed" in answer.out
    assert f"prompts: {CASE} failed with ValueError; it is set aside" in answer.err
    assert f"prompts: {CASE} failed: ValueError; problem 1, next try 2026-09-14 07:05 UTC" in answer.err
    assert not [word for word in PERSONAL if word in answer.out + answer.err]
    healthy = [p for p in prompts(undisturbed, "message") if (p["case"], p["rung"]) != (CASE, "+1W")]
    assert prompts(mappa, "message") == healthy
    # The audit says, too, that somebody has changed a row.
    problem, altered = mappa("problems", "--open", "--json").document
    assert (altered["stage"], altered["subject"]) == ("assurance", "rows-as-written")
    assert (problem["stage"], problem["case"], problem["kind"]) == ("prompts", CASE, "failure")
    assert problem["reason"].startswith("ValueError: Invalid isoformat string")
    assert CASE in mappa("timescales", "--crn", CASE).out

    # Until its next try it rests, and the clock leaves it alone; then it fails again, and rests for longer.
    assert "prompts: 0 waited" in mappa("tick", "--as-at", f"{THE_DAY}T08:04").out
    assert "1 failed" in mappa("tick", "--as-at", f"{THE_DAY}T08:05").out
    [problem] = mappa("problems", "--open", "--stage", "prompts", "--json").document
    assert (problem["tries"], problem["next_try_at"]) == (2, "2026-09-14T08:35:00+01:00")

    # The row is mended on Thursday. The next try does it all by itself, and says how late it is.
    change_ladder(tmp_path / "record.db", damage[::-1])
    tick(mappa, TRIED_AT)
    assert mappa("problems", "--open").out == "no problems\n"
    late = [p for p in mappa("prompts", "--json").document if p["raised_at"] > TRIED_AT]
    assert [(p["case"], p["rung"], p["late_by_days"]) for p in late] == [(CASE, "+1W", 3)]
    letter = letters(tmp_path / "mail")[late[0]["message"]].get_body(("plain",))
    assert letter is not None
    # The rung was for Monday 14 September, a working day after the due date, and goes on Thursday 17.
    assert "This should have reached you on Monday 14 September." in letter.get_content()

    # Whoever ticks again finds nothing to do.
    tick(mappa, TRIED_AT)
    assert_nothing_lost_or_doubled(mappa, undisturbed)
