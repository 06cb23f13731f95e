"""Every model of a JSON object is on the reference page, and says what each of its fields means."""

import importlib
import pkgutil
from collections.abc import Iterator

import pytest
from pydantic import BaseModel

import sample.documents
import views
from docs.json_samples import samples
from docs.sampling import sample_record
from views.case_list import ListedCaseView
from views.changes import ChangeView
from views.domain_events import HandledEventView
from views.duties import DutyView
from views.indicators import ExplainedView, MeasureReportView
from views.model import OfCase, View, columns
from views.person_page import PersonPage
from views.policy import AskedPolicyView

for module in pkgutil.iter_modules(views.__path__):
    importlib.import_module(f"views.{module.name}")

BASES = {View, OfCase, AskedPolicyView, MeasureReportView, ExplainedView}
AS_TEXT = {PersonPage}
"""What is shown to people alone: by a command in tables."""
OF_THE_API = {DutyView, ListedCaseView, ChangeView, HandledEventView}
"""What no command prints: the page of the API shows it."""
EXTENDED = {sample.documents.AnsweredSimulationView}
"""What the page shows in parts: a simulation, and what invented people recorded in it."""


def below(model: type[View]) -> Iterator[type[View]]:
    for one in model.__subclasses__():
        yield one
        yield from below(one)


MODELS = sorted({*below(View)} - BASES, key=lambda model: model.__name__)


def names_in(model: type[BaseModel]) -> set[str]:
    """The model, and every model inside it."""
    return {model.__name__, *model.model_json_schema(mode="serialization").get("$defs", {})}


def test_every_model_is_on_the_page_or_part_of_one() -> None:
    with sample_record():
        shown = {sample.model for sample in samples()}
    known = {name for model in shown | AS_TEXT | OF_THE_API | EXTENDED for name in names_in(model)}
    assert {model.__name__ for model in MODELS} - known == set()


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_field_says_what_it_means(model: type[View]) -> None:
    assert model.model_config.get("title")
    assert model.__doc__
    for name, field in model.model_fields.items():
        assert (field.description or "").endswith("."), f"{name} has no sentence"


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_model_has_a_table(model: type[View]) -> None:
    shown = columns(model)
    assert shown
    assert {column.field for column in shown} <= set(model.model_fields)
