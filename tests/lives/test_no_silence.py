"""About every open case somebody is asked in time, whatever happens to the person and in whatever order."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from policy.obligations import all as obligations
from policy.obligations import release, reviews
from tests.support.random_lives import RandomLife, template

PARTS, LIVES, STEPS = 4, 75, 12


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    return template(tmp_path_factory.mktemp("lives"), sqlite_template)


def live(begun: Path, part: int, lives: int) -> int:
    """Live some random lives; return how many facts were recorded in them."""

    @seed(part)
    class Life(RandomLife):
        made_from = begun

    quick = settings(
        max_examples=lives,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Life, settings=quick)
    return Life.steps


@pytest.mark.parametrize("part", range(PARTS))
def test_no_stretch_of_a_random_life_is_silent(begun: Path, part: int) -> None:
    recorded = live(begun, part, LIVES)
    assert recorded > 4 * LIVES, "lives in which hardly anything could be recorded prove nothing"


@pytest.mark.parametrize("rule", [release.owed_levels, release.owed_on_dates, reviews.owed_on_reviews])
def test_a_rule_that_is_taken_away_leaves_a_silence_that_is_found(begun: Path, monkeypatch, rule) -> None:
    kept = tuple(one for one in obligations.RULES_IN_ORDER if one is not rule)
    monkeypatch.setattr(obligations, "RULES_IN_ORDER", kept)
    with pytest.raises(AssertionError, match="nobody is asked about"):
        live(begun, PARTS, LIVES)
