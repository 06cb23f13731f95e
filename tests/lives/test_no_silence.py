"""About every open case somebody is asked in time, whatever happens to the person and in whatever order."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import invariant, run_state_machine_as_test
from sqlalchemy import update

from assurance.silence import silent_cases
from models.obligations import Timescale
from models.record import Record
from policy.calendar import london_date
from policy.obligations import all as obligations
from policy.obligations import release, reviews
from tasks.stage import few_collections
from tests.support.random_lives import RandomLife, template
from tests.support.random_sentences import imposed_on
from tests.support.story import Story, at, form

# Ten thousand lives are lived by the benchmark of them; these are for each change of the program.
PARTS, LIVES, STEPS = 2, 50, 12


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    return template(tmp_path_factory.mktemp("lives"), sqlite_template)


def live(kind: type[RandomLife], begun: Path, part: int, lives: int) -> type[RandomLife]:
    """Live some random lives of a kind; return the kind, with the number of facts that were recorded in them."""

    @seed(part)
    class Life(kind):  # type: ignore[misc, valid-type]
        made_from = begun

    quick = settings(
        max_examples=lives,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    with few_collections():
        run_state_machine_as_test(Life, settings=quick)
    return Life


class Seen(RandomLife):
    """A life of which every step is written down: the day, and how the case then stands."""

    def __init__(self) -> None:
        super().__init__()
        if "steps_seen" not in vars(type(self)):
            type(self).steps_seen = []

    @invariant()
    def written_down(self) -> None:
        # Whatever is stuck is raised each week; on which day next hangs on the day of the last look.
        owed = [(one.kind, one.due_on, one.state, one.stuck_since or one.next_prompt_at) for one in self.owed]
        self.steps_seen.append((self.today, owed))


class SeenEveryDay(Seen):
    """The same life, with a clock that goes round every day."""

    def next_moment(self) -> datetime:
        return at(str(self.today + timedelta(days=1)))


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_no_stretch_of_a_random_life_is_silent(begun: Path, part: int) -> None:
    recorded = live(RandomLife, begun, part, LIVES).steps
    assert recorded > 4 * LIVES, "lives in which hardly anything could be recorded prove nothing"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("rule", "part"),
    # Among the lives of the part is one that only this rule keeps from silence.
    [(release.owed_levels, 4), (release.owed_on_dates, 0), (reviews.owed_on_reviews, 0)],
)
def test_a_rule_that_is_taken_away_leaves_a_silence_that_is_found(begun: Path, monkeypatch, rule, part: int) -> None:
    kept = tuple(one for one in obligations.RULES_IN_ORDER if one is not rule)
    monkeypatch.setattr(obligations, "RULES_IN_ORDER", kept)
    with pytest.raises(AssertionError, match="nobody is asked about"):
        live(RandomLife, begun, part, LIVES)


def test_a_stopped_clock_is_no_silence(record: Record, tmp_path: Path) -> None:
    """Cautioned on Mon 2 March 2026: a level within 20 working days, Mon 30. Nothing else is due for years.

    The person has notified the police within three days (Sexual Offences Act 2003 s.83), and is on ViSOR.
    The clock is stopped until Sat 2 May, longer than the four weeks of the policy; Mon 4 is a bank holiday.
    """
    story = Story(record, tmp_path)
    story.load("2026-03-03", imposed_on("caution with registration", date(2026, 3, 2)))
    story.tick("2026-03-03")
    story.record_fact("first-notification", "2026-03-03", station="Hove", by="Priya")
    story.record_fact("visor-record", "2026-03-03", **form("visor-record", level=None))
    assert story.owed("level_setting") == [("2026-03-30", "open", None)]
    why = {"reason": "The report on the second offence comes in May.", "authority": "Mona, head of the unit"}
    pause = {"kind": "level_setting", "way": "stop_clock", "until": "2026-05-02", "by": "Cora"}
    story.record_fact("pause", "2026-03-03", **pause, **why)
    assert london_date(story.timescale("level_setting").next_prompt_at) == date(2026, 5, 5)
    for day in ("2026-03-04", "2026-04-15", "2026-05-04", "2026-05-05"):
        story.tick(day)
        assert silent(story, day) == [], day
    assert story.owed("level_setting") == [("2026-03-30", "open", None)]
    story.record_fact("level", "2026-05-06", **form("level", level=1))
    # Without the pause, what is due in years is no answer: what the level asks for this year is met by taking it away.
    with record.writing() as session:
        this_year = (Timescale.state == "open", Timescale.due_on < date(2027, 1, 1))
        session.execute(update(Timescale).where(*this_year).values(state="met"))
    assert silent(story, "2026-05-06") == [story.case().reference]


def silent(story: Story, day: str) -> list[str]:
    """Return the cases about which nobody is asked in time."""
    with story.record.reading() as session:
        return list(session.scalars(silent_cases(session, at(day, 9))))


def test_the_days_that_are_left_out_change_nothing(begun: Path) -> None:
    seen, every_day = (live(kind, begun, 5, 4).steps_seen for kind in (Seen, SeenEveryDay))
    assert len(seen) > 4 * STEPS
    assert seen == every_day
