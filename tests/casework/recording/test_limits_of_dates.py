"""Every date has limits, in every door: birth <= fact <= today, and what is planned within the years of the policy.

The shipped policy: appointments and tasks five years ahead, releases and ends a hundred. Today is 9 July 2026 here, and
Darren was born on 4 March 1985.
"""

import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.errors import RefusedError
from casework.recording import KINDS, Entry, Refused, example, submit
from casework.recording.form_fields import FormField
from casework.recording.recorder import checked
from models.record import Record
from policy.book import compile_book, shipped_book
from policy.dates import iso_moment
from policy.texts import HIGHEST_NUMBER
from policy.vocabulary import FactKind
from tests.casework.recording.test_days import EVERY_DATE
from tests.support.story import CLERK, DARREN, Story, at, form

TODAY, BORN = datetime.date(2026, 7, 9), datetime.date(1985, 3, 4)
YEARS = {"appointment_years": datetime.date(2031, 7, 9), "end_years": datetime.date(2126, 7, 9)}
LAST_DAY = "9999-12-31"
TOP_LEVEL = [(path, field) for path, field in EVERY_DATE if "." not in path and "[]" not in path]


@pytest.fixture
def story(record: Record, tmp_path) -> Story:
    story = Story(record, tmp_path)
    story.load("2026-06-01", DARREN)
    story.tick("2026-06-01")
    return story


def typed(story: Story, kind: str, day: str = "2026-07-09", **data: Any) -> list[str]:
    """Return the reasons for which a form is refused; a draft keeps it."""
    entry = Entry(kind, "X320741", {"date": day, **data})
    result = submit(story.record, entry, actor=CLERK, as_at=at("2026-07-09", 12))
    assert isinstance(result, Refused)
    assert result.draft
    return list(result.reasons)


def reasons_for(kind: str, data: dict[str, Any]) -> list[str]:
    """Return the reasons for which a form of Darren's is refused before the record is asked; none where it passes."""
    try:
        checked(KINDS[FactKind(kind)], data, TODAY, shipped_book().policies[0], BORN)
    except RefusedError as error:
        return list(error.reasons)
    return []


def beyond(field: FormField) -> datetime.date:
    """Return the last day that a field accepts."""
    return TODAY if field.ahead is None else YEARS[field.ahead.value]


@given(st.sampled_from(TOP_LEVEL), st.dates())
def test_no_field_of_any_form_takes_a_day_outside_its_limits(found: tuple[str, FormField], day: datetime.date) -> None:
    """Whatever the day, of those there are: it is refused where it is before the birth, or too far on."""
    path, field = found
    kind, name = path.split(": ")
    moment = datetime.datetime in (field.annotation, *getattr(field.annotation, "__args__", ()))
    told = reasons_for(kind, example(kind) | {name: f"{day}T10:00" if moment else str(day)})
    if BORN <= day <= beyond(field):
        assert not [one for one in told if one.startswith(f"{name}: {day} is")]
    else:
        # By its field, unless the form does not hold together: an end before its beginning is refused as that.
        assert told


@given(
    st.sampled_from([found for found in TOP_LEVEL if found[1].name != "starts_at"]),
    st.one_of(
        st.integers(-HIGHEST_NUMBER, HIGHEST_NUMBER),
        st.floats(allow_nan=False, allow_infinity=False),
        st.booleans(),
        st.datetimes().map(str),
        st.integers(0, 10**12).map(str),
    ),
)
def test_a_number_or_a_moment_is_no_day(found: tuple[str, FormField], value: Any) -> None:
    path, field = found
    kind = path.split(": ")[0]
    told = reasons_for(kind, example(kind) | {field.name: value})
    assert any(one.startswith(f"{field.name}: ") and "is not a date in the form 2027-03-12" in one for one in told)


@pytest.mark.parametrize(
    ("kind", "wrong", "reason"),
    [
        ("release-date", {"release_date": LAST_DAY}, "release_date: 9999-12-31 is too far ahead: 2126-07-09"),
        ("order", {"ends_on": LAST_DAY}, "ends_on: 9999-12-31 is too far ahead: 2126-07-09, 100 years from today"),
        ("order", {"starts_on": "0001-01-01"}, "starts_on: 0001-01-01 is before 1900-01-01"),
        ("notification-review", {"next_on": LAST_DAY}, "next_on: 9999-12-31 is too far ahead"),
        ("notification-review", {"date": "1984-12-31"}, "date: 1984-12-31 is before the date of birth, 1985-03-04"),
        ("custody-event", {"release_date": LAST_DAY}, "release_date: 9999-12-31 is too far ahead"),
        ("meeting-plan", {"starts_at": f"{LAST_DAY}T10:00"}, "starts_at: 9999-12-31 is the first or the last day"),
        ("meeting-plan", {"starts_at": "2031-07-10T10:00"}, "starts_at: 2031-07-10 is too far ahead: 2031-07-09"),
    ],
)
def test_the_last_day_of_time_is_refused_by_its_field_and_kept(
    story: Story, kind: str, wrong: dict[str, Any], reason: str
) -> None:
    """The program stopped with an OverflowError, and what was typed was lost."""
    data = {"day": "2026-07-08"} | form(kind) | wrong
    told = typed(story, kind, data.pop("date", data.pop("day")), **data)
    assert any(one.startswith(reason) for one in told), told


@pytest.mark.parametrize(
    ("date", "release_date"),
    [
        (1783468800, "1804809600"),
        ("2026-07-08T23:00:00Z", "2027-03-12"),
        ("2026-07-08T00:00:00.000Z", "2027-03-11T00:00:00.000Z"),
    ],
)
def test_a_number_or_a_time_of_day_is_not_read_as_a_day(story: Story, date: Any, release_date: str) -> None:
    """1783468800 was read as 8 July 2026; a release at midnight in Greenwich became the day before in summer."""
    [told, *_] = typed(story, "prison-notice", date, release_date=release_date)
    assert told.startswith("date: ")
    assert "is not a date in the form 2027-03-12" in told


@pytest.mark.parametrize("text", ["2027-05-19", "2027-05-19T", 1783468800, "2027-05-19 at ten", "2027-02-30T10:00"])
def test_a_meeting_needs_its_time(text: Any) -> None:
    told = reasons_for("meeting-plan", example("meeting-plan") | {"starts_at": text})
    assert any(one.startswith("starts_at: ") for one in told)


def test_a_meeting_is_at_a_time_that_the_clocks_show() -> None:
    """On Sunday 28 March 2027 at 01:00 the clocks go forward to 02:00 (Summer Time Order 2002)."""
    told = reasons_for("meeting-plan", example("meeting-plan") | {"starts_at": "2027-03-28T01:30"})
    assert told == [
        "starts_at: 01:30 on 2027-03-28 does not exist in Europe/London: the clocks go forward that night; write 00:30 "
        "or 02:30, or give an offset"
    ]
    assert iso_moment("2027-03-28T02:30").utcoffset() == datetime.timedelta(hours=1)


@pytest.mark.parametrize(
    ("kind", "data", "reason"),
    [
        ("level", {"level": 10**500, "reason": "Three agencies hold parts."}, "level: the number is too large"),
        ("level", {"level": "9" * 5000, "reason": "Three agencies hold parts."}, "level: '999999999"),
        ("prison-notice", {"contact": "OMU \ud83d"}, "contact: character 5 is U+D83D half of a character"),
        ("prison-notice", {"contact": "OMU\0"}, "contact: character 4 is U+0000 a control character"),
    ],
)
def test_what_no_database_can_keep_is_refused_by_its_field(
    story: Story, kind: str, data: dict[str, Any], reason: str
) -> None:
    told = typed(story, kind, **data)
    assert any(one.startswith(reason) for one in told), told


def test_lists_in_lists_without_end_are_refused_and_the_rest_is_kept(story: Story) -> None:
    deep: Any = []
    for _ in range(500):
        deep = [deep]
    [told] = typed(story, "level", level=2, reason=deep)
    assert told == "reason.0: there are more than 20 lists or sections inside one another"


def test_a_release_is_not_after_the_end_of_its_sentence(story: Story) -> None:
    """Darren's licence ends on 12 July 2030: a release on the day after is none of this sentence (as in the file)."""
    change = {"which": "conditional_release_date", "reason": "Added days after an adjudication."}
    [told] = typed(story, "release-date", release_date="2061-03-12", **change)
    assert told == "release_date: 2061-03-12 is after the sentence ends on 2030-07-12"
    story.record_fact("release-date", "2026-07-09", release_date="2030-07-12", **change)


def test_nor_is_one_that_a_recall_or_the_parole_board_tells_of(story: Story) -> None:
    parole = form("custody-event", event="parole_outcome", decision="release_directed", release_date="2061-03-12",
                  prison=None)  # fmt: skip
    assert typed(story, "custody-event", **parole) == [
        "release_date: 2061-03-12 is after the sentence ends on 2030-07-12"
    ]
    released = form("custody-event", event="release", prison=None, release_date=None)
    story.record_fact("custody-event", "2026-07-01", **released)
    recalled = form("custody-event", release_date="2061-03-12")
    assert typed(story, "custody-event", **recalled) == [
        "release_date: 2061-03-12 is after the sentence ends on 2030-07-12"
    ]


@pytest.mark.parametrize(
    ("column", "text", "reason"),
    [
        ("licence_expiry_date", "2126-06-02", "2126-06-02 is too far ahead: 2126-06-01, 100 years from today"),
        ("date_of_birth", "1899-12-31", "1899-12-31 is before 1900-01-01"),
        ("sentence_date", "2026-06-02", "2026-06-02 is in the future; a fact has happened by 2026-06-01"),
        ("post_recall_release_date", "2030-07-13", "2030-07-13 is after the sentence ends on 2030-07-12"),
    ],
)
def test_a_file_has_the_same_limits(story: Story, column: str, text: str, reason: str) -> None:
    report = story.load("2026-06-01", DARREN | {"crn": "X320742", column: text})
    assert any((one.column, one.reason[: len(reason)]) == (column, reason) for one in report.rejects)


# An area that has seen a longer term than a hundred years, and says so.
OF_LONDON = 'version = "L1"\nin_force_from = 2026-01-01\nbase = "P2012"\narea = "London"\n[dates]\n'
OF_LONDON += 'longest_term_months = 1440\nsource = "London SMB, January 2026"\nstatus = "confirmed"\n'


@pytest.mark.parametrize(("policy", "longest"), [(None, 1200), (OF_LONDON, 1440)])
@pytest.mark.parametrize("column", ["term_months", "total_term_months"])
def test_no_term_is_longer_than_the_policy_of_the_area_accepts(
    record: Record, tmp_path, policy: str | None, longest: int, column: str
) -> None:
    """A hundred years are 1,200 months (our default); London's own are a hundred and twenty, 1,440 months."""
    if policy is not None:
        record.policies = compile_book([("london.toml", policy)])
    story = Story(record, tmp_path)
    report = story.load("2026-06-01", DARREN | {column: str(longest)}, DARREN | {"crn": "X320742", "surname": "Other",
                        "date_of_birth": "1986-05-06", "term_months": "80", column: str(longest + 1)})  # fmt: skip
    assert report.added == 1
    [reject] = report.rejects
    assert (reject.column, reject.reason) == (
        column, f"{longest + 1} months is too long: {longest} is the longest term accepted")  # fmt: skip
