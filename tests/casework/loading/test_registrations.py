"""A caseload taken on with its history: people, episodes, levels and spells, whatever the order of the rows."""

from datetime import date, timedelta
from itertools import permutations
from pathlib import Path

import pytest
from sqlalchemy import select

from models.audit import AuditEntry
from models.audit_seals import verify
from models.people import Person
from models.record import Record
from models.referrals import LevelSpell
from tests.support.story import DARREN, Story
from tests.support.taken_on import cases, registrations, spell, spells, taken_on

TODAY = "2026-06-01"
# Two years at level 1, then level 2 without an end.
RAISED = (spell("2020-01-01", "2021-12-31", location="community"), spell("2022-01-01", level=2, location="community"))


@pytest.fixture
def story(record: Record, tmp_path: Path) -> Story:
    return Story(record, tmp_path)


def entries(story: Story) -> int:
    with story.record.reading() as session:
        assert list(verify(session)) == []
        return len(session.scalars(select(AuditEntry.id)).all())


def test_spells_that_follow_each_other_are_one_open_case_with_its_levels(story: Story) -> None:
    report = taken_on(story, TODAY, *RAISED)
    assert (report.added, report.rejected, report.warnings) == (2, 0, [])
    [case] = cases(story)
    assert (case.category, case.categories, case.level, str(case.level_set_on)) == (1, [1], 2, "2022-01-01")
    assert (case.location, case.lead_agency, case.closed_on, case.holds) == ("community", "police", None, [[1, None]])
    assert spells(story, "category", "level") == [
        ("2020-01-01", "2021-12-31", 1, 1),
        ("2022-01-01", "-", 1, 2),
    ]
    with story.record.reading() as session:
        levels = session.execute(
            select(LevelSpell.since, LevelSpell.level, LevelSpell.reason).order_by(LevelSpell.since)
        )
        assert [tuple(row) for row in levels] == [
            (date(2020, 1, 1), 1, "Registered at level 1 in the system it was taken on from."),
            (date(2022, 1, 1), 2, "Registered at level 2 in the system it was taken on from."),
        ]
        assert session.scalars(select(Person.surname)).one() == "Invented"


def test_the_same_file_again_changes_nothing_and_leaves_no_trace(story: Story) -> None:
    taken_on(story, TODAY, *RAISED)
    before = (entries(story), spells(story, "id"), registrations(story, "id", "loaded_at"))
    report = taken_on(story, "2026-06-02", *RAISED)
    assert (report.added, report.changed, report.unchanged) == (0, 0, 2)
    assert (entries(story), spells(story, "id"), registrations(story, "id", "loaded_at")) == before


def test_an_episode_all_of_which_has_ended_is_a_closed_case(story: Story) -> None:
    taken_on(story, TODAY, spell("2015-01-01", "2016-03-31"), spell("2020-01-01"))
    ended, running = cases(story)
    assert (str(ended.opened_on), str(ended.closed_on), ended.stage) == ("2015-01-01", "2016-03-31", "closed")
    assert ended.closed_reason == "taken on as ended: the registration ended on 2016-03-31"
    assert running.closed_on is None
    assert spells(story, "case_id") == [
        ("2015-01-01", "2016-03-31", ended.id),
        ("2020-01-01", "-", running.id),
    ]


def test_an_end_that_is_now_given_closes_the_case(story: Story) -> None:
    taken_on(story, TODAY, *RAISED)
    story.tick(TODAY)
    report = taken_on(story, "2026-07-01", RAISED[0], {**RAISED[1], "end_date": "2026-06-20"})
    assert report.changes == ["line 3: registration of 2022-01-01: ends_on empty -> 2026-06-20"]
    [case] = cases(story)
    assert (str(case.closed_on), case.stage) == ("2026-06-20", "closed")
    assert spells(story, "level")[-1] == ("2022-01-01", "2026-06-20", 2)
    assert {one.state for one in story.timescales("level_2_review", "X500001")} <= {"missed", "cancelled"}


def test_one_that_goes_on_after_all_is_opened_again(story: Story) -> None:
    taken_on(story, TODAY, spell("2020-01-01", "2026-05-31"))
    taken_on(story, "2026-06-08", spell("2020-01-01", "2026-05-31"), spell("2026-06-01", level=2))
    [case] = cases(story)
    assert (case.closed_on, case.closed_reason, case.level) == (None, None, 2)
    assert spells(story, "level") == [("2020-01-01", "2026-05-31", 1), ("2026-06-01", "-", 2)]


def outcome(story: Story) -> object:
    told = [(str(c.opened_on), str(c.closed_on), c.category, c.categories, c.level, str(c.level_set_on), c.holds)
            for c in cases(story)]  # fmt: skip
    return told, spells(story, "category", "categories", "level", "unit"), registrations(story, "flags")


@pytest.mark.parametrize("order", list(permutations(range(4)))[::5])
def test_the_order_of_the_rows_does_not_matter(story: Story, order: tuple[int, ...]) -> None:
    rows = [
        spell("2012-01-01", "2013-06-30", unit="North"),
        spell("2018-05-01", "2020-12-31", category=2, level=3, unit="North"),
        spell("2021-01-01", "", category=1, level=2, unit="South"),
        spell("2019-01-01", "2022-01-01", category=1, level=1, unit="South"),
    ]
    taken_on(story, TODAY, *(rows[place] for place in order))
    # By hand: of registrations that overlap the one that began last counts, and every category that runs.
    assert outcome(story) == (
        [
            ("2012-01-01", "2013-06-30", 1, [1], 1, "2012-01-01", []),
            (TODAY, "None", 1, [1], 2, "2021-01-01", [[1, None]]),
        ],
        [
            ("2012-01-01", "2013-06-30", 1, [1], 1, "North"),
            ("2018-05-01", "2018-12-31", 2, [2], 3, "North"),
            ("2019-01-01", "2020-12-31", 1, [1, 2], 1, "South"),
            ("2021-01-01", "-", 1, [1], 2, "South"),
        ],
        [
            ("2012-01-01", "2013-06-30", []),
            ("2018-05-01", "2020-12-31", ["levels_overlap"]),
            ("2019-01-01", "2022-01-01", ["levels_overlap"]),
            ("2021-01-01", "-", ["levels_overlap"]),
        ],
    )


@pytest.mark.parametrize(
    ("rows", "flags"),
    [
        # CJA 2003 s.325(2)(b), and the error 1 of the annual report of Lancashire 2015.
        ([spell("2010-01-01", category=3, level=1)], [["category_3_level"]]),
        # A report of 2005-06 has category 3 at no level.
        ([spell("2005-04-01", category=3, level="")], [["category_3_level"]]),
        ([spell("2005-04-01", category=3, level="none")], [["category_3_level"]]),
        ([spell("2010-01-01", category=3, level=2)], [[]]),
        # Joint inspection 2015, 4.3: duplicate registrations that nobody closed.
        ([spell("2010-01-01"), spell("2012-01-01")], [["two_open"], ["two_open"]]),
        ([spell("2010-01-01", "2012-01-01"), spell("2012-01-01", level=2)], [[], []]),
        ([spell("2010-01-01", "2012-01-02"), spell("2012-01-01", level=2)], [["levels_overlap"], ["levels_overlap"]]),
        ([spell("2010-01-01", "2012-01-02"), spell("2012-01-01", category=2)], [[], []]),
    ],
)
def test_history_that_breaks_the_rules_goes_in_flagged(story: Story, rows: list[dict[str, str]], flags) -> None:
    report = taken_on(story, TODAY, *rows)
    assert (report.added, report.rejected) == (len(rows), 0)
    assert [row[2] for row in registrations(story, "flags")] == flags


def test_a_flag_goes_when_what_broke_the_rule_is_put_right(story: Story) -> None:
    taken_on(story, TODAY, spell("2010-01-01"), spell("2012-01-01"))
    taken_on(story, "2026-06-02", spell("2010-01-01", "2011-12-31"))
    assert [row[2] for row in registrations(story, "flags")] == [[], []]


@pytest.mark.parametrize(
    ("row", "column", "because"),
    [
        (spell("2020-01-02", "2020-01-01"), "end_date", "2020-01-01 is before the start date 2020-01-02"),
        (spell("2026-06-02"), "start_date", "2026-06-02 is in the future; a fact has happened by 2026-06-01"),
        (spell("2020-01-01", category=5), "category", "'5' is not one of 1, 2, 3, 4"),
        (spell("2020-01-01", level=4), "level", "'4' is not one of 1, 2, 3, none"),
        (spell("1970-02-03"), "start_date", "1970-02-03 is not after the date of birth 1970-02-03"),
        (
            spell("2020-01-01", forenames=""),
            "crn",
            "X500001 is not on record: give surname, forenames and date_of_birth, or load the sentences",
        ),
    ],
)
def test_a_bad_row_comes_back_with_line_column_and_reason(story: Story, row, column: str, because: str) -> None:
    rejects = story.folder / "rejects.csv"
    report = taken_on(story, TODAY, row, rejects=rejects)
    assert [(r.line, r.column, r.reason) for r in report.rejects] == [(2, column, because)]
    assert because in rejects.read_text(encoding="utf-8")
    assert cases(story) == []


def test_rows_that_contradict_each_other_are_both_refused(story: Story) -> None:
    other = {**spell("2020-01-01"), "crn": "X500002"}
    report = taken_on(
        story, TODAY, spell("2020-01-01"), spell("2020-01-01", "2021-01-01"), other, {**other, "surname": "Else"}
    )
    assert [(r.line, r.column) for r in report.rejects] == [
        (2, "start_date"),
        (3, "start_date"),
        (4, "crn"),
        (5, "crn"),
    ]
    assert (report.added, registrations(story)) == (0, [])


def test_a_dry_run_counts_and_leaves_nothing(story: Story) -> None:
    report = taken_on(story, TODAY, *RAISED, dry_run=True)
    assert (report.added, cases(story), registrations(story)) == (2, [], [])


def test_names_of_areas_are_those_on_record_in_whatever_letters(story: Story) -> None:
    taken_on(story, TODAY, spell("2020-01-01", area="LONDON"))
    assert [case.area for case in cases(story)] == ["London"]


DARREN_REGISTERED = spell(
    "2023-12-01", category=2, level=2, crn="X320741", lead_agency="police", location="community",
    surname="", forenames="", date_of_birth="",
)  # fmt: skip


@pytest.mark.parametrize("sentences_first", [True, False])
def test_a_sentence_of_the_same_person_is_joined_whichever_came_first(story: Story, sentences_first: bool) -> None:
    registered = {**DARREN_REGISTERED, **{n: DARREN[n] for n in ("surname", "forenames", "date_of_birth")}}
    if sentences_first:
        story.load(TODAY, DARREN)
        story.tick(TODAY)
    taken_on(story, TODAY, registered)
    if not sentences_first:
        story.load(TODAY, DARREN)
    story.tick("2026-06-02")
    [case] = cases(story, "X320741")
    # The sentence says where the person is and who leads; the registration alone tells the level.
    assert (case.category, case.categories, case.level) == (2, [2], 2)
    assert (case.location, case.lead_agency, case.unit, case.prison) == ("custody", "probation", "North", "HMP Example")
    told = spells(story, "category", "level", crn="X320741")
    assert (told[0], told[-1][1:]) == (("2023-11-12", "2023-11-30", 2, None), ("-", 2, 2))
    assert [date.fromisoformat(one[1]) + timedelta(days=1) for one in told[:-1]] == [
        date.fromisoformat(one[0]) for one in told[1:]
    ]


def test_a_category_that_only_a_registration_gives_survives_an_identification(story: Story) -> None:
    story.load(TODAY, DARREN)
    story.tick(TODAY)
    taken_on(story, TODAY, {**DARREN_REGISTERED, "category": "1"})
    story.tick("2026-06-02")
    story.load("2026-06-03", {**DARREN, "licence_expiry_date": "2031-07-12"})
    story.tick("2026-06-03")
    [case] = cases(story, "X320741")
    # Category 1 comes before 2 (the definitions of the annual reports: category 2 does not qualify under 1).
    assert (case.category, case.categories) == (1, [1, 2])
    assert case.holds == [[1, None], [2, "2031-07-12"]]
    # It ends with the registration, and what the sentence gives goes on.
    taken_on(story, "2026-07-01", {**DARREN_REGISTERED, "category": "1", "end_date": "2026-06-20"})
    story.tick("2026-07-01")
    [case] = cases(story, "X320741")
    assert (case.category, case.categories, case.closed_on) == (2, [2], None)


def test_a_sentence_loaded_later_opens_what_was_taken_on_as_ended(story: Story) -> None:
    registered = {**DARREN_REGISTERED, **{n: DARREN[n] for n in ("surname", "forenames", "date_of_birth")}}
    taken_on(story, TODAY, {**registered, "end_date": "2025-12-31"})
    story.load(TODAY, DARREN)
    story.tick(TODAY)
    [case] = cases(story, "X320741")
    assert (case.closed_on, case.category) == (None, 2)


def test_reviews_fall_due_from_the_start_of_the_running_spell(story: Story) -> None:
    """Joint inspection 2015, 4.9: level 1 is reviewed after 16 weeks, 112 days, by the police (who lead)."""
    start = date(2026, 5, 4)
    taken_on(story, TODAY, spell(start.isoformat(), location="community"))
    story.tick(TODAY)
    assert story.owed("level_1_review", "X500001") == [(str(start + timedelta(days=112)), "open", None)]
