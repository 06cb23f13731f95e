"""Loaded on the day of the sentence, the day after, or a year later: the same is owed, about the same, by the same day.

Everybody of a file is loaded into one record on the day of the sentence, into another after each lag. What is still
open on that day must agree: kind, subject and due date. Only the prompts differ: what has gone by is asked at once.
What the program asks about its own record (questions, failed work) begins with the file and is left out, as does the
record on ViSOR, which is made once the case is open. So does, after more than a year, the yearly word on release dates:
the file has just told them.
"""

import shutil
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import product
from pathlib import Path

import pytest
from sqlalchemy import select

from models.cases import Case
from models.obligations import Timescale
from models.people import Person
from models.record import Record
from policy.kinds import BY_NAME, Identification, Questions, Release
from policy.vocabulary import CUSTODIAL, Disposal, State
from tests.support.opened import opened
from tests.support.random_lives import template
from tests.support.story import DARREN, Story

# A Tuesday. One lag more is within the twelve weeks in which an exit plan is made: the shortest end is 17 months on.
SENTENCED = date(2025, 6, 3)
LAGS = (1, 9, 40, 200, 370, 480)
NO_DATES = {name: "" for name in DARREN if name.endswith("_date")} | {"offence_date": "2024-01-05"}
ENDS = {"licence_expiry_date": "2026-11-03", "sentence_expiry_date": "2026-11-03"}
OFFENCES = ("COML022", "SX03001", "PT00073")
# A Saturday, a Sunday and a bank holiday are among them.
DATES_OF_CUSTODY: dict[str, dict[str, str]] = {
    "no date": {},
    "conditional": {"conditional_release_date": "2025-11-01"},
    "on the day": {"conditional_release_date": "2025-06-03"},
    "automatic": {"automatic_release_date": "2025-06-08"},
    "years ahead": {"conditional_release_date": "2026-10-30"},
    "parole alone": {"parole_eligibility_date": "2025-08-25"},
    "parole, then conditional": {"parole_eligibility_date": "2025-07-04", "conditional_release_date": "2026-07-03"},
    "curfew, then conditional": {"hdc_approved_date": "2025-07-12", "conditional_release_date": "2026-01-09"},
    "approved parole": {"parole_eligibility_date": "2025-06-13", "approved_parole_date": "2025-12-26"},
}
Owed = set[tuple[str, str, str, date]]


def sentences() -> list[dict[str, str]]:
    """Return a row for everybody: each disposal, offence, word on where they are, and dates that it can have."""
    rows = []
    for disposal, offence in product(Disposal, OFFENCES):
        inside = disposal in CUSTODIAL
        places = ("", "custody") if inside else ("", "hospital") if disposal is Disposal.HOSPITAL_ORDER else ("",)
        for (what, dates), place in product(DATES_OF_CUSTODY.items() if inside else [("no date", {})], places):
            life = disposal in (Disposal.LIFE, Disposal.IPP)
            about = {"surname": f"{disposal} {offence} {place}".title(), "forenames": what.title()}
            told = {"disposal": disposal.value, "offence_code": offence, "location": place,
                    "term_months": "" if life or not (inside or disposal is Disposal.SUSPENDED) else "18"}  # fmt: skip
            ends = {"order_end_date": ENDS["licence_expiry_date"]} if not inside else {} if life else ENDS
            crn = f"X{500000 + len(rows)}"
            born = {"date_of_birth": str(date(1970, 1, 1) + timedelta(days=len(rows)))}
            rows.append(DARREN | NO_DATES | {"sentence_date": str(SENTENCED)} | ends | dates | told | about | born
                        | {"crn": crn, "prison": "HMP Example" if inside else ""})  # fmt: skip
    return rows


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    return template(tmp_path_factory.mktemp("loaded-late"), sqlite_template)


@pytest.fixture
def new_story(begun: Path, tmp_path: Path) -> Iterator[Callable[[], Story]]:
    """How to begin a record with the directory in it."""
    records: list[Record] = []

    def begin() -> Story:
        path = tmp_path / f"{len(records)}.db"
        shutil.copy(begun, path)
        records.append(opened(f"sqlite:///{path}"))
        return Story(records[-1], tmp_path, directory=[])

    yield begin
    for record in records:
        record.close()


def still_owed(story: Story, lag: int) -> dict[str, tuple[str, str | None, Owed]]:
    """Return by CRN where the person is, the release date, and what is open: kind, subject and due date."""
    columns = select(Person.crn, Case.location, Case.release_date, Case.id).join(Case, Case.person_id == Person.id)
    found: dict[str, tuple[str, str | None, Owed]] = {}
    with story.record.reading() as session:
        of_case = {case_id: crn for crn, _, _, case_id in session.execute(columns)}
        for crn, location, release, _ in session.execute(columns):
            found[crn] = (location, release and str(release), set())
        for one in session.scalars(select(Timescale).where(Timescale.state.in_((State.OPEN, State.PAUSED)))):
            of_the_file = one.kind == Identification.VISOR_RECORD or (lag > 365 and one.kind == Release.DATES_CHECK)
            if not isinstance(BY_NAME[one.kind], Questions) and not of_the_file:
                found[of_case[one.case_id]][2].add((one.kind, str(one.subject), one.due_on))
    return found


def test_loaded_on_the_day_or_later_the_same_is_owed(new_story: Callable[[], Story]) -> None:
    """On the day itself a clock goes round; in the other records nothing is known before the file."""
    rows, in_time = sentences(), new_story()
    assert {row["disposal"] for row in rows} == set(Disposal)
    assert not in_time.load(str(SENTENCED), *rows).rejects
    in_time.tick(str(SENTENCED))
    for lag in LAGS:
        day = str(SENTENCED + timedelta(days=lag))
        in_time.tick(day)
        late = new_story()
        late.load(day, *rows)
        late.tick(day)
        expected, found = still_owed(in_time, lag), still_owed(late, lag)
        differ = {crn: (expected.get(crn), one) for crn, one in found.items() if expected.get(crn) != one}
        names = {row["crn"]: f"{row['surname']}, {row['forenames']}" for row in rows}
        told = [f"{names[crn]}: {was} became {is_now}" for crn, (was, is_now) in differ.items()]
        assert not told, f"{len(told)} of {len(rows)} loaded {lag} days late differ: " + "\n".join(told[:4])
        assert set(found) == set(expected)
