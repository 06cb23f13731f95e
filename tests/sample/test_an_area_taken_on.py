"""An invented area of two hundred people is taken on: one list, a quiet first morning, and nothing out of sight."""

import shutil
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from assurance.invariants import ALL, examine
from casework.loading import load_directory, load_sentences
from models.cases import Case
from models.obligations import Message, Prompt, Timescale
from models.record import Record
from policy.calendar import london_date
from policy.vocabulary import State
from sample.area import write_area
from service.tick import tick
from tasks.take_on import take_on
from tests.support.opened import opened, with_mail_in
from tests.support.story import at
from views.timescales import timescales

AREA, FIRST, LIST, LOADED = "Westmarch", date(2026, 3, 2), date(2026, 2, 27), "2026-02-26"
"""A Monday, the Friday before it, and the evening before that."""


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Record:
    folder = tmp_path_factory.mktemp("taken-on")
    shutil.copy(sqlite_template, folder / "record.db")
    record = with_mail_in(opened(f"sqlite:///{folder}/record.db"), folder / "mail")
    files = write_area(folder, today=FIRST, people=200)
    load_directory(record, files.directory, as_at=at(LOADED, 18), actor="t")
    load_sentences(record, files.sentences, as_at=at(LOADED, 18), actor="t")
    done = take_on(record, AREA, FIRST, at(LOADED, 19), "Cora")
    assert (done.list_on, done.unidentified) == (LIST, 0)
    assert done.listed > 100
    for day in (LIST, FIRST):
        tick(record, at(day.isoformat()))
    return record


def test_every_overdue_duty_is_on_the_list_once(begun: Record) -> None:
    with begun.reading() as session:
        overdue = select(Timescale.id).join(Case).where(
            Case.area == AREA, Timescale.state == State.OPEN, Timescale.due_on < FIRST
        )  # fmt: skip
        ids = set(session.scalars(overdue))
        raised = session.execute(select(Prompt.timescale_id, func.count()).where(Prompt.rung == "take-on")
                                 .group_by(Prompt.timescale_id)).all()  # fmt: skip
        assert {row[0] for row in raised} == ids
        assert {row[1] for row in raised} == {1}
        assert len(list(timescales(session, taken_on=True))) == len(ids)


def test_nobody_gets_two_e_mails_on_one_of_the_first_mornings(begun: Record) -> None:
    with begun.reading() as session:
        mails = session.execute(
            select(Message.not_before, Message.recipient, Message.kind).where(Message.area == AREA)
        ).all()
    by_day = Counter((london_date(mail.not_before), mail.recipient) for mail in mails)
    assert set(by_day.values()) == {1}
    assert [mail.kind for mail in mails if london_date(mail.not_before) == LIST] == ["stuck_list"]


def test_the_auditor_finds_nothing_wrong(begun: Record) -> None:
    with begun.reading() as session:
        found = [examine(session, one, at(FIRST.isoformat(), 9)) for one in ALL]
    assert [(one.invariant.name, one.found) for one in found if one.is_wrong] == []
