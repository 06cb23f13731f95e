"""The rates by which invented people answer, and the command that has them answer."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from models.record import Record
from policy.subjects import row
from sample.answers import RatesError, RealPeopleError, read_rates, refuse_real_people
from sample.answers.answering import fitting
from sample.answers.dice import Dice
from sample.answers.life import happenings
from sample.answers.open_things import Open
from sample.answers.plans import Step
from sample.area import write_area
from tests.support import rows
from tests.support.command_line import Mappa

FIRST, SEED = date(2026, 3, 2), 11


def test_years_of_many_lives_keep_to_the_rates() -> None:
    rates = read_rates().happening
    years = [happenings(SEED, f"X{n:06d}", 2026, rates) for n in range(4000)]
    assert years[:50] == [happenings(SEED, f"X{n:06d}", 2026, rates) for n in range(50)]
    assert years[:500] != [happenings(SEED, f"X{n:06d}", 2027, rates) for n in range(500)]
    happened = Counter(kind for year in years for _, kind in year)
    for kind in ("recall", "transfer", "death", "further_charge", "order"):
        assert happened[kind] / len(years) == pytest.approx(getattr(rates, kind).share, abs=0.015), kind


def test_what_happens_keeps_off_the_days_that_have_something_of_weight() -> None:
    def of(kind: str, case_id: int = 1) -> Open:
        return Open(case_id, "X000001", "probation", kind, row(1), "", FIRST, FIRST, FIRST)

    def left(*steps: tuple[str, str]) -> list[str]:
        return [step.what for _, step in fitting([(of(kind), Step(FIRST, what)) for kind, what in steps])]

    assert left(("on_licence", "recall"), ("event_review", "look_at_event")) == ["recall", "look_at_event"]
    assert left(("on_licence", "recall"), ("meeting", "hold")) == ["hold"]
    assert left(("disclosure", "close_disclosure"), ("meeting", "hold")) == ["hold"]
    assert left(("in_custody", "death"), ("minutes", "final")) == ["death"]
    assert left(("end_of_sentence_check", "check_end"), ("minutes", "final")) == ["check_end"]
    assert left(("in_custody", "death"), ("release", "release")) == ["release"]
    assert left(("at_large", "back"), ("return_due", "back")) == ["back"]


def test_dice_fall_alike_for_the_same_thing_only() -> None:
    assert Dice(1, "X000001", "referral").share() == Dice(1, "X000001", "referral").share()
    thrown = {Dice(seed, crn).share() for seed in (1, 2) for crn in ("X000001", "X000002")}
    assert len(thrown) == 4


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("[minutes]\nin_time = { share = 1.5 }", "minutes.in_time.share"),
        ("[minutes]\nin_tyme = { share = 0.5 }", "minutes.in_tyme"),
        ("[action]\ndue_in_working_days = { from = 9, to = 3 }", "action.due_in_working_days"),
        ("[minutes", "not TOML"),
    ],
)
def test_a_file_of_rates_that_cannot_be_meant_is_refused_with_its_place(tmp_path: Path, text: str, where: str) -> None:
    path = tmp_path / "rates.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RatesError, match=where):
        read_rates(path)


def test_every_shipped_rate_says_where_it_comes_from() -> None:
    rates = read_rates()
    assert rates.visor_posting.in_time.share == 0.33
    assert "5.37" in rates.visor_posting.in_time.source
    assert rates.screening.in_time.share == 0.8


@pytest.mark.slow
class TestCommand:
    """``mappa simulate --answers``."""

    SPAN = ("--from", "2026-03-02", "--to", "2026-03-13")

    @pytest.fixture
    def area(self, mappa: Mappa, tmp_path: Path) -> None:
        files = write_area(tmp_path / "area", today=FIRST, people=30)
        mappa("load", "directory", files.directory, "--as-at", "2026-03-01T18:00")
        mappa("load", "sentences", files.sentences, "--as-at", "2026-03-01T18:00")

    def test_the_document_says_what_was_recorded(self, mappa: Mappa, area: None) -> None:
        answer = mappa("simulate", *self.SPAN, "--answers", 5, "--json")
        assert answer.code == 0
        told = answer.document["answers"]
        assert set(told) == {"seed", "facts", "meetings_held", "absences", "escalations_to_smb_chair",
                             "refused_as_meant", "refused", "refusals"}  # fmt: skip
        assert told["seed"] == 5
        assert told["facts"]["level"] > 0
        assert told["refusals"] == []

    def test_without_it_nobody_answers(self, mappa: Mappa, area: None) -> None:
        assert "answers" not in mappa("simulate", *self.SPAN, "--json").document

    def test_people_get_the_same_in_words(self, mappa: Mappa, area: None) -> None:
        out = mappa("simulate", *self.SPAN, "--answers", 5).out
        assert "facts recorded: " in out
        assert "(seed 5)" in out

    def test_rates_without_answers_are_wrong_usage(self, mappa: Mappa, tmp_path: Path) -> None:
        path = tmp_path / "rates.toml"
        path.write_text("[referral]\nreferred = { share = 0.6 }", encoding="utf-8")
        answer = mappa("simulate", *self.SPAN, "--rates", path)
        assert (answer.code, "--answers" in answer.err) == (2, True)

    def test_a_bad_file_of_rates_is_wrong_usage(self, mappa: Mappa, area: None, tmp_path: Path) -> None:
        path = tmp_path / "rates.toml"
        path.write_text("[minutes]\nin_time = { share = 2 }", encoding="utf-8")
        answer = mappa("simulate", *self.SPAN, "--answers", 5, "--rates", path)
        assert (answer.code, "minutes.in_time.share" in answer.err) == (2, True)


def test_nobody_answers_for_people_who_may_be_real(sqlite_record: Record) -> None:
    with sqlite_record.writing() as session:
        rows.directory_entry(session, email="cora@probation.example")
    refuse_real_people(sqlite_record)
    with sqlite_record.writing() as session:
        rows.directory_entry(session, role="chair", email="clare@justice.gov.uk")
    with pytest.raises(RealPeopleError, match="its people may be real"):
        refuse_real_people(sqlite_record)
