"""The auditor at work: what is no finding, what it says of many, and when it runs."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text

from assurance import invariants
from assurance.invariants import INVARIANTS
from assurance.settings import AssuranceSettings
from models.assurance import AssuranceRun
from models.obligations import Message, Prompt
from models.settings import read
from tasks import assurance
from tasks.stage import run_stage, what_waits
from tests.assurance.breaking import (
    MORNING,
    OF_REFERRAL,
    Change,
    audit,
    broken,
    failing,
    letter,
    past_the_program,
    questions,
    sql,
)
from tests.support import rows
from tests.support.story import Story, at

NOT_BROKEN: list[tuple[str, Change]] = [
    ("four failures are tried again", failing(4)),
    (
        "about a closed case nobody is asked",
        sql(
            "UPDATE timescale SET state = 'met', next_prompt_at = NULL",
            "UPDATE \"case\" SET review_at = NULL, closed_on = '2026-06-12'",
            "UPDATE spell SET ends_on = '2026-06-12'",
        ),
    ),
    (
        "what was set aside has its next try",
        sql(
            f"UPDATE timescale SET next_prompt_at = '2026-06-12 07:00:00+00:00' {OF_REFERRAL}",
            "INSERT INTO problem (stage, subject, kind, reason, tries, first_seen_at, last_seen_at) SELECT 'prompts', "
            f"CAST(id AS varchar), 'failure', 'KeyError', 1, '2026-06-12', '2026-06-12' FROM timescale {OF_REFERRAL}",
        ),
    ),
    ("a message that was cancelled carries nothing", letter("cancelled")),
]


@pytest.mark.parametrize(("why", "change"), NOT_BROKEN, ids=[one[0] for one in NOT_BROKEN])
def test_what_has_its_reason_is_no_finding(story: Story, why: str, change: Change) -> None:
    change(story.record)
    assert broken(audit(story.record, MORNING + timedelta(hours=2))) == {}


def test_what_somebody_recorded_a_moment_ago_is_not_late(story: Story) -> None:
    story.record = story.record.with_settings(read(AssuranceSettings, assurance_hours=0.5))
    past_the_program(story.record, f"UPDATE timescale SET next_prompt_at = '2026-06-12 07:00:00+00:00' {OF_REFERRAL}")
    story.record_fact("restriction", "2026-06-12", restricted=False, reason="It is handled here again.")
    assert broken(audit(story.record, MORNING + timedelta(minutes=59))) == {}
    assert set(broken(audit(story.record, MORNING + timedelta(minutes=121)))) == {"rungs-raised"}


def test_a_finding_names_twenty_and_counts_all(story: Story) -> None:
    with story.record.writing() as session:
        for number in range(25):
            rows.message(session, f"m{number:02d}", state="sent")
    told = broken(audit(story.record, MORNING + timedelta(hours=2)))["messages-carry"]
    assert told.startswith("25 found: m00, m01, ")
    assert "m19 and 5 more. " in told
    assert "m20" not in told


def test_one_that_cannot_be_looked_at_is_wrong_and_stops_no_other(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    past_the_program(story.record, "DELETE FROM directory_entry WHERE role = 'coordinator'")

    def cannot(session: object, _as_at: datetime) -> None:
        session.execute(text("SELECT Okonkwo FROM nowhere"))  # type: ignore[attr-defined]

    unreadable = invariants.Invariant("no-silence", "wrong", "It holds.", "Mend it.", cannot)  # type: ignore[arg-type]
    monkeypatch.setitem(INVARIANTS, "no-silence", unreadable)
    told = broken(audit(story.record, MORNING + timedelta(hours=2)))
    assert set(told) == {"no-silence", "coordinators-known"}
    assert told["no-silence"].startswith("it could not be looked at (")
    assert "Okonkwo" not in told["no-silence"]
    assert questions(story.record) == ["coordinators-known", "no-silence"]


class TestWhenItRuns:
    """It waits once in the hours of the settings, last in a tick, and for the whole record."""

    def test_it_waits_again_after_the_hours_of_the_settings(self, story: Story) -> None:
        def waits(as_at: datetime) -> int:
            return len(what_waits(story.record, assurance.STAGE, as_at))

        assert waits(MORNING + timedelta(minutes=59)) == 0
        assert waits(MORNING + timedelta(minutes=60)) == len(INVARIANTS)
        story.record = story.record.with_settings(read(AssuranceSettings, assurance_hours=24))
        assert waits(MORNING + timedelta(hours=23)) == 0
        assert waits(MORNING + timedelta(hours=24)) == len(INVARIANTS)
        # Time replayed: a run that lies ahead counts for nothing.
        assert waits(MORNING - timedelta(days=1)) == len(INVARIANTS)

    def test_a_run_for_one_area_leaves_it_out(self, story: Story) -> None:
        assert what_waits(story.record, assurance.STAGE, at("2026-07-01"), "London") == []

    def test_a_dry_run_says_what_it_would_find_and_writes_nothing(self, story: Story) -> None:
        past_the_program(story.record, "DELETE FROM directory_entry WHERE role = 'coordinator'")
        report = run_stage(story.record, assurance.STAGE, MORNING + timedelta(hours=2), dry_run=True)
        [told] = [o for o in report.outcomes if "failed" in o.detail]
        assert (told.subject, told.result) == ("coordinators-known", "skipped")
        assert "1 found: London" in told.detail
        assert questions(story.record) == []
        with story.record.reading() as session:
            assert len(session.scalars(select(AssuranceRun)).all()) == 1

    def test_the_older_entries_of_the_trail_have_their_turn(
        self, story: Story, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("assurance.of_the_trail.NEWEST", 2)
        monkeypatch.setattr("assurance.of_the_trail.PART", 2)
        past_the_program(story.record, "UPDATE audit_entry SET actor = 'nobody' WHERE id = 1")
        hours = range(2, 42, 2)
        seen = [bool(broken(audit(story.record, MORNING + timedelta(hours=h)))) for h in hours]
        assert 0 < sum(seen) < len(seen)


def test_the_counts_of_a_run_are_those_of_the_record(story: Story) -> None:
    with story.record.reading() as session:
        run = session.scalars(select(AssuranceRun)).one()
        assert run.counts["open_cases"] == 1
        assert run.counts["prompts"] == len(session.scalars(select(Prompt)).all()) > 1
        assert run.counts["messages"] == len(session.scalars(select(Message)).all())
        assert (run.counts["invariants"], run.counts["warnings"], run.findings) == (len(INVARIANTS), 0, [])
