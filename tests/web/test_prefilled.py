"""What a form begins with is never what it is refused for: tried on what invented people answer for a quarter.

A release confirmed with the release date that stood in the form was refused, and so was an exit plan: each form is
filled here with what it begins with and what was answered, and recorded, and taken back.
"""

import shutil
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from starlette.datastructures import FormData, QueryParams

from casework.errors import RefusedError
from casework.loading import load_directory, load_sentences
from casework.recording import Entry, record_many
from casework.recording.registry import KINDS
from models.cases import Case
from models.obligations import Timescale
from models.people import Person
from models.record import policies
from models.settings import shipped
from notifications.settings import MailSettings
from policy.calendar import london_date
from policy.roles import Role
from policy.vocabulary import FactKind
from sample.answers import Answering, read_rates
from sample.answers.answering import ACTOR, Answer
from sample.area import write_area
from sample.simulate import Span, simulate
from tests.sample.test_answers import LIVELY
from tests.support.opened import opened, with_mail_in
from tests.support.story import at
from web.access.hats import Hat, Reader
from web.access.relations import access_to
from web.desk.forms.prefill import OF_AN_AGENCY, OWN_EMAIL, OWN_NAME, known_values
from web.desk.forms.shape import shaped
from web.settings import DeskSettings
from web.visit import CaseAsked, Here, Visit

pytestmark = pytest.mark.slow
# Who writes, for whom and on which day is the writer's own, and another's in what was answered.
OF_THE_WRITER = {*OWN_NAME, *OWN_EMAIL, *OF_AN_AGENCY, "date"}


class Watched(Answering):
    """Answers, each tried before with what the form at the desk begins with."""

    refused: list[str]
    tried: Counter[str]

    def record_batch(self, answers: Sequence[Answer], when: datetime) -> None:
        for answer in answers:
            if len(answer.entries) == 1 and answer.of.case_id:
                self.look(answer, answer.entries[0], when)
        super().record_batch(answers, when)

    def look(self, answer: Answer, entry: Entry, when: datetime) -> None:
        known = self.begins_with(answer, entry, when)
        if self.reasons(entry, entry.data, when):
            return
        for data in (known | entry.data, entry.data | known):
            for reason in self.reasons(entry, data, when):
                self.refused.append(f"{entry.kind} for {answer.of.kind} with {known}: {reason}")
        self.tried.update([entry.kind] if known else [])

    def begins_with(self, answer: Answer, entry: Entry, when: datetime) -> dict[str, Any]:
        """What stands in the form of the coordinator, besides what is the writer's own, and lists."""
        with self.record.reading() as session:
            case = session.get_one(Case, answer.of.case_id)
            reader = Reader("c@unit.example", "Coordinator", (Hat(Role.COORDINATOR, case.area, "mappa_unit"),))
            asked = CaseAsked(case.id, case.reference, session.get_one(Person, case.person_id).crn, case.area,
                              access_to(session, reader, case.id, when))  # fmt: skip
            here = Here(self.record, shipped(DeskSettings), shipped(MailSettings))
            visit = Visit(here, "GET", "", QueryParams(), {}, FormData(), when, "", "", {}, known_reader=reader,
                          case_asked=asked)  # fmt: skip
            fact_type = KINDS[FactKind(entry.kind)]
            fields = shaped(fact_type.form, policies(session).for_area(case.area, london_date(when)))
            about = session.scalar(
                select(Timescale.id)
                .where(Timescale.case_id == case.id, Timescale.kind == answer.of.kind)
                .where(Timescale.subject == answer.of.subject, Timescale.state == "open")
                .order_by(Timescale.due_on, Timescale.id)
            )
            known = known_values(session, visit, fact_type, fields, about)
        return {name: value for name, value in known.items()
                if name not in OF_THE_WRITER and not isinstance(value, list | dict)}  # fmt: skip

    def reasons(self, entry: Entry, data: dict[str, Any], when: datetime) -> list[str]:
        with self.record.writing() as session:
            try:
                record_many(session, [Entry(entry.kind, entry.crn, data)], actor=ACTOR, as_at=when)
            except RefusedError as error:
                return list(error.reasons)
            finally:
                session.rollback()
        return []


def test_no_form_is_refused_for_what_it_began_with(tmp_path: Path, sqlite_template: Path) -> None:
    shutil.copy(sqlite_template, tmp_path / "record.db")
    record = with_mail_in(opened(f"sqlite:///{tmp_path}/record.db"), tmp_path / "mail")
    first = date(2026, 3, 2)
    files = write_area(tmp_path, today=first, people=30)
    load_directory(record, files.directory, as_at=at("2026-03-01", 18), actor="t")
    load_sentences(record, files.sentences, as_at=at("2026-03-01", 18), actor="t")
    (tmp_path / "lively.toml").write_text(LIVELY, encoding="utf-8")
    answering = Watched(record, 11, read_rates(tmp_path / "lively.toml"))
    answering.refused, answering.tried = [], Counter()
    simulate(record, Span(first, date(2026, 6, 1)), "day", None, answering=answering)
    assert answering.refused == []
    assert len(answering.tried) > 8, answering.tried
    record.close()
