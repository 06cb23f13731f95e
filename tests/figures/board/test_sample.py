"""The level 1 sample: any case as likely as another, and the same whenever and wherever it is drawn again."""

from collections import Counter
from dataclasses import replace
from datetime import date
from random import Random

from figures.board.asked import Asked
from figures.board.cases import Managed, sample_of
from figures.periods import quarter
from policy.book import shipped_book

POLICY = shipped_book().version("P2012")
QUARTER = quarter("2027-Q2")
ASKED = Asked(["London"], QUARTER, QUARTER, POLICY, {"London": POLICY})


def cases(count: int, area: str = "London", level: int = 1) -> list[Managed]:
    """Some cases of an area."""
    since = date(2026, 3, 1)
    return [
        Managed(f"{area[:3].upper()}-2026-{number:06d}", f"X{number:06d}", area, "", "police", level, since, None, 30)
        for number in range(1, count + 1)
    ]


def drawn(there: list[Managed], asked: Asked = ASKED) -> list[str]:
    """The references drawn, without what they begin with."""
    return [one.case[-2:] for one in sample_of(there, asked)]


def test_the_seed_follows_from_area_and_quarter_and_draws_the_same_for_ever() -> None:
    """Written down once: a later version that drew others could not repeat a sample that a board has checked."""
    assert ASKED.seed_of("London") == 42942249
    assert drawn(cases(40)) == ["02", "05", "06", "07", "10", "14", "21", "31", "32", "36"]
    others = {replace(ASKED, quarter=quarter(name)).seed_of("London") for name in ("2027-Q1", "2027-Q3", "2026-Q2")}
    assert len({*others, ASKED.seed_of("London"), ASKED.seed_of("Essex")}) == 5


def test_how_the_rows_lie_and_who_else_is_there_do_not_matter() -> None:
    there = [*cases(40), *cases(30, level=2), *cases(30, "Essex")]
    Random(4).shuffle(there)
    assert drawn(there) == drawn(cases(40))
    # A case that was not drawn may go: the others stay.
    assert drawn(cases(39)) == drawn(cases(40))


def test_another_seed_draws_others_and_can_be_given() -> None:
    given = replace(ASKED, seed=7)
    assert given.seed_of("London") == given.seed_of("Essex") == 7
    assert drawn(cases(40), given) != drawn(cases(40))
    assert drawn(cases(40), given) == drawn(cases(40), replace(ASKED, seed=7, quarter=quarter("2027-Q3")))


def test_where_there_are_fewer_all_are_drawn() -> None:
    assert drawn(cases(4)) == ["01", "02", "03", "04"]
    assert drawn([]) == []


def test_each_area_has_its_own() -> None:
    both = replace(ASKED, areas=["Essex", "London"], by_area={"Essex": POLICY, "London": POLICY})
    found = sample_of([*cases(40), *cases(40, "Essex")], both)
    assert Counter(one.area for one in found) == {"Essex": 10, "London": 10}
    assert [one.case[-2:] for one in found if one.area == "London"] == drawn(cases(40))


def test_any_case_is_as_likely_as_another() -> None:
    """10 of 40 by each of 400 seeds: 100 times each; three standard deviations (8.66) to either side, and some."""
    often = Counter(name for seed in range(400) for name in drawn(cases(40), replace(ASKED, seed=seed)))
    assert len(often) == 40
    assert all(65 <= number <= 135 for number in often.values())
