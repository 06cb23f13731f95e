"""What waits for a stage: those whose moment is set, the longest wait first, on both databases."""

from datetime import timedelta

import cloudpickle
import pytest

from models.cases import Case
from models.record import Record
from tasks import identification, pre_release, screening
from tasks.registry import STAGES
from tasks.stage import Stage
from tests.support import rows
from tests.support.story import at

NOW = at("2026-06-01")


def three_cases(record: Record) -> list[int]:
    """Add three open cases that are to be looked at: since yesterday in Essex, since today, and from tomorrow on."""
    ids = []
    with record.writing() as session:
        for number, (area, hours) in enumerate((("London", 0), ("Essex", -24), ("London", 24)), 1):
            someone = rows.person(session, f"X10000{number}")
            case = rows.case(
                session, someone, f"LON-2026-00000{number}", area=area, review_at=NOW + timedelta(hours=hours)
            )
            ids.append(case.id)
    return ids


def test_who_waits_longest_comes_first_and_nobody_before_their_time(record: Record) -> None:
    today, yesterday, tomorrow = three_cases(record)
    with record.reading() as session:
        assert pre_release.waiting(session, NOW) == [yesterday, today]
        assert pre_release.waiting(session, NOW, limit=1) == [yesterday]
        assert pre_release.waiting(session, NOW, "London") == [today]
        assert pre_release.waiting(session, NOW, "London", 5) == [today]
        assert pre_release.waiting(session, NOW + timedelta(hours=24)) == [yesterday, today, tomorrow]
        assert pre_release.waiting(session, NOW - timedelta(hours=25)) == []


def test_a_case_that_is_closed_waits_for_nothing_before_release(record: Record) -> None:
    today, yesterday, _ = three_cases(record)
    with record.writing() as session:
        session.get_one(Case, yesterday).closed_on = NOW.date()
    with record.reading() as session:
        assert pre_release.waiting(session, NOW) == [today]


def test_a_replay_of_last_spring_still_sees_what_was_loaded_today(record: Record) -> None:
    with record.writing() as session:
        rows.sentence(session, rows.person(session), area="Essex", identify_at=NOW)
    with record.reading() as session:
        [waits] = identification.waiting(session, NOW - timedelta(days=60))
        assert identification.waiting(session, NOW, "Essex", 1) == [waits]
        assert identification.waiting(session, NOW, "London") == []
        # What belongs to a case is found by the area of the case.
        assert screening.waiting(session, NOW, "London") == []


@pytest.mark.parametrize("stage", STAGES.values(), ids=STAGES)
def test_a_process_of_its_own_can_be_handed_every_stage(stage: Stage) -> None:
    """A run that an operator starts gets a process of its own, which is handed the flow, and with it its stage."""
    handed = cloudpickle.loads(cloudpickle.dumps(stage))
    assert (handed.name, handed.noun, handed.chunk) == (stage.name, stage.noun, stage.chunk)
