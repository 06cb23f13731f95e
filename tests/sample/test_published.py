"""A caseload made to a printed report: the same for the same seed, orderly, and full of what would trap a count."""

import csv
from collections import Counter, defaultdict
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from sample.published.files import Files, write_caseload
from sample.published.people import CannotBeMadeError, Made, Maker
from sample.published.reports import Published, contradictions, parts_of, published, with_totals

LAST = date(2015, 3, 31)
FIRST = date(2014, 4, 1)
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def people() -> list[Made]:
    return Maker(published()["lancashire"], 7).people()


def on(one: Made, day: date) -> list[str]:
    """The places of somebody on a day."""
    return [s.location for s in one.stretches if s.first <= day and (s.last is None or s.last >= day)]


def test_stretches_of_a_person_follow_each_other_and_end_no_earlier_than_they_begin(people: list[Made]) -> None:
    for one in people:
        assert all(s.last is None or s.last >= s.first for s in one.stretches)
        for before, after in pairwise(one.stretches):
            assert before.last is not None
            assert after.first == before.last + DAY


def test_the_same_seed_makes_the_same_files_and_another_does_not(tmp_path: Path) -> None:
    def written(name: str, seed: int) -> list[str]:
        files = write_caseload(tmp_path / name, published()["lancashire"], seed=seed)
        return [file.read_text("utf-8") for file in (files.registrations, files.events, files.population)]

    first = written("a", 1)
    assert written("b", 1) == first
    assert written("c", 2) != first


def test_everything_that_would_trap_a_count_is_there(people: list[Made]) -> None:
    def year(one: Made) -> list[tuple[int, str]]:
        return [(s.level, s.location) for s in one.stretches if s.first <= LAST and (s.last or LAST) >= FIRST]

    traps = {
        "in custody on 31 March": sum(on(one, LAST) == ["custody"] for one in people),
        "in hospital on 31 March": sum(on(one, LAST) == ["hospital"] for one in people),
        "in custody from 31 March on": sum(one.stretches[-1].first == LAST for one in people),
        "ended in the year": sum(not on(one, LAST) and bool(year(one)) for one in people),
        "managed until the day before the year": sum(one.stretches[-1].last == FIRST - DAY for one in people),
        "managed from the day after the year": sum(one.stretches[0].first == LAST + DAY for one in people),
        "at level 2 and at level 3 in the year": sum(
            {2, 3} <= {level for level, _ in year(one)} for one in people),
        "managed in custody alone": sum(set(year(one)) == {(2, "custody")} for one in people),
        "moved between units": sum(len({s.unit for s in one.stretches if not s.area}) > 1 for one in people),
        "came from another area": sum(len({s.area for s in one.stretches}) > 1 for one in people),
        "of another area": sum(all(s.area for s in one.stretches) for one in people),
        "back in custody twice": sum(
            max(Counter(kind for kind, *_ in one.events).values(), default=0) > 1 for one in people),
        "recalled at level 1": sum(("licence_recall", 1) in {(e[0], e[3]) for e in one.events} for one in people),
        "an event of the year before": sum(any(e[1] < FIRST for e in one.events) for one in people),
        "an event of the year after": sum(any(e[1] > LAST for e in one.events) for one in people),
    }  # fmt: skip
    assert [trap for trap, number in traps.items() if not number] == []


def test_a_file_leaves_out_category_and_level_of_some_events(tmp_path: Path) -> None:
    files = write_caseload(tmp_path, published()["london"])
    with files.events.open(encoding="utf-8") as file:
        recalls = [row for row in csv.DictReader(file) if row["kind"] == "licence_recall"]
    assert {bool(row["level"]) for row in recalls} == {True, False}
    assert files.people > 10_229


def test_one_comes_to_level_3_in_another_category_where_the_print_has_more_there_than_in_the_year() -> None:
    """London 2013-14: 12 of category 3 at level 3 on 31 March, 11 in the year."""
    made = Maker(published()["london"], 2014).people()
    moved = [one for one in made if {(2, 3), (3, 3)} <= {(s.category, s.level) for s in one.stretches}]
    assert len(moved) == 1


def test_a_report_that_no_caseload_can_have_is_refused() -> None:
    london = published()["london"]
    short = with_totals([[322, 380, 63], [0, 0, 0]])
    impossible = Published(**{name: getattr(london, name) for name in Published.__slots__} | {"yearly": short})
    with pytest.raises(CannotBeMadeError, match="more people are at level 3"):
        Maker(impossible, 1).people()


def test_a_wrong_total_of_units_is_a_contradiction() -> None:
    london = published()["london"]
    wrong = Published(**{name: getattr(london, name) for name in Published.__slots__}
                      | {"units": dict(london.units) | {"Barnet": 195}})  # fmt: skip
    assert list(contradictions(wrong)) == ["units: sum of 33 numbers = 6,187, not 6,188"]


def test_parts_share_every_cell_out(tmp_path: Path) -> None:
    nation = published()["england_and_wales"]
    parts = parts_of(nation, ("A", "B", "C"), scale=1000)
    by_area: dict[str, list[Files]] = defaultdict(list)
    for part, letter in zip(parts, "ABC", strict=True):
        by_area[part.area].append(write_caseload(tmp_path / letter, part, letter=letter))
    assert sum(part.eligible[-1][-1] for part in parts) == 45 + 17
    assert list(by_area) == ["A", "B", "C"]
