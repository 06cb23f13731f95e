"""An indicator and the case page never disagree: every duty that is counted shows so on the page of its case.

A lively area is simulated for four months; what the page says of each duty is read by itself, and compared both ways.
"""

import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.loading import load_directory, load_sentences
from figures.annual.report import areas_on_record
from figures.indicators.count import Shares, count
from figures.indicators.explain import cell_named, explain
from figures.periods import span
from models.cases import Case
from models.people import Person
from models.record import Record
from policy.indicators import OF_TIMESCALES, Indicator, Reads
from policy.vocabulary import State
from sample.answers import Answering, read_rates
from sample.area import write_area
from sample.simulate import Span, simulate
from tests.support.opened import opened, with_mail_in
from tests.support.story import at
from views.person_page import case_page
from views.timescales import LabelledTimescaleView

FIRST, LAST = date(2026, 3, 2), date(2026, 6, 30)
PERIOD = span(date(2025, 4, 1), date(2027, 3, 31))
TODAY = date(2026, 7, 1)
LIVELY = """
[caseload]
level_2 = { share = 0.6 }
level_3 = { share = 0.2 }
[referral]
referred = { share = 0.6 }
[incident]
happens = { share = 0.3 }
[happening]
transfer = { share = 0.6 }
recall = { share = 0.3 }
"""
# A case, the due date of a duty and what tells it from others, and whether it counts.
Row = tuple[str, date, str | None, bool | None]


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Record]:
    folder = tmp_path_factory.mktemp("agrees")
    shutil.copy(sqlite_template, folder / "record.db")
    (folder / "lively.toml").write_text(LIVELY, encoding="utf-8")
    record = with_mail_in(opened(f"sqlite:///{folder}/record.db"), folder / "mail")
    files = write_area(folder, today=FIRST, people=16)
    load_directory(record, files.directory, as_at=at("2026-03-01", 18), actor="t")
    load_sentences(record, files.sentences, as_at=at("2026-03-01", 18), actor="t")
    simulate(record, Span(FIRST, LAST), "day", answering=Answering(record, 11, read_rates(folder / "lively.toml")))
    yield record
    record.close()


def on_the_pages(session: Session) -> list[LabelledTimescaleView]:
    """What the pages of all cases say of their duties in the period."""
    pages = (
        case_page(session, person, case) for person, case in session.execute(select(Person, Case).join(Case)).all()
    )
    return [duty for page in pages for duty in page.timescales if PERIOD.first <= duty.due_on <= PERIOD.last]


def is_meant(indicator: Indicator, duty: LabelledTimescaleView) -> bool:
    """A plan to update after something else than a meeting, and a referral after a review, are other duties."""
    if indicator.spec.reads is Reads.DUTIES_OF_MEETINGS:
        return (duty.label or "").startswith("meeting ")
    return not (duty.label or "").startswith("asked for by the level 1 review")


def read(duty: LabelledTimescaleView) -> bool | None:
    """What a reader of the page takes from it."""
    if duty.due_on >= TODAY or duty.state is State.CANCELLED or duty.how_it_stands.startswith("ended before"):
        return None
    return duty.state is State.MET and duty.met_on is not None and duty.met_on <= duty.due_on


def test_every_duty_counts_as_the_page_of_its_case_shows_it(lived: Record) -> None:
    ways: set[bool | None] = set()
    compared = 0
    with lived.reading() as session:
        areas, duties = areas_on_record(session), on_the_pages(session)
        for indicator in Indicator:
            if indicator.spec.reads not in OF_TIMESCALES:
                continue
            cell = cell_named(f"indicators.{indicator.value}.of", PERIOD, areas)
            behind = Counter(
                (one.case, one.due_on, one.label, one.counts) for one in explain(session, cell, TODAY, areas)
            )
            meant = (duty for duty in duties if duty.kind is indicator.spec.kind and is_meant(indicator, duty))
            shown = Counter[Row]((duty.case, duty.due_on, duty.label, read(duty)) for duty in meant)
            assert behind == shown, indicator
            share = count(session, PERIOD, TODAY, areas, [indicator]).in_all[indicator.value,]
            ways |= {row[3] for row in shown}
            in_or_out = Counter({way: sum(n for row, n in shown.items() if row[3] is way) for way in (True, False)})
            assert (share.counted, share.of) == (in_or_out[True], in_or_out.total()), indicator
            compared += share.of
    assert ways == {True, False, None}
    assert compared > 80


def summed(shares: Shares, keep: int) -> Counter[tuple[str, ...]]:
    """Shares added up by the first parts of their names: of how many, and what counted."""
    found: Counter[tuple[str, ...]] = Counter()
    for name, share in shares.items():
        found[*name[:keep], "of"] += share.of
        found[*name[:keep], "counted"] += share.counted
    return +found


def test_units_add_up_to_the_area_and_months_to_quarters_and_years(lived: Record) -> None:
    with lived.reading() as session:
        found = count(session, PERIOD, TODAY, areas_on_record(session))
    whole = summed(found.in_all, 1)
    assert whole.total() > 150
    assert summed(found.units, 2) == summed(found.areas, 2)
    for shares in (found.areas, found.agencies, found.levels, found.months, found.quarters, found.years):
        assert summed(shares, 1) == whole
