"""From a template and its values to a page; how the desk writes days, moments and words."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader, Undefined, pass_context
from jinja2.runtime import Context
from jinja2.utils import missing
from starlette.responses import HTMLResponse, RedirectResponse, Response

from policy.calendar import london_date
from policy.roles import role_and_agency
from policy.words import (
    agency_inside,
    category_name,
    days,
    days_left,
    level_name,
    long_date,
    near_date,
    opening,
    plain_words,
    role_name,
)
from web.access.form_key import masked
from web.access.rights import Action
from web.assets.served import STYLE_SHEET
from web.health import troubles
from web.tables import clock, headings, moment, rows
from web.visit import Visit
from web.wording import days_in_words, in_words

NAVIGATION = (
    ("Today", "/today", Action.SIGNED_IN),
    ("Cases", "/cases", Action.SIGNED_IN),
    ("Due", "/due", Action.SIGNED_IN),
    ("Meetings", "/meetings", Action.SIGNED_IN),
    ("Drafts", "/drafts", Action.SIGNED_IN),
    ("Messages", "/messages", Action.SEE_MESSAGES),
    ("Problems", "/problems", Action.SEE_PROBLEMS),
    ("People", "/people", Action.SEE_PEOPLE),
    ("Load", "/load", Action.LOAD),
    ("Policy", "/policy", Action.SEE_POLICY),
)


class Strict(Undefined):
    """A name that a template uses and nobody gave is a defect; a part that a component's parameters lack is not."""

    def _fails(self) -> bool:
        return self._undefined_obj is missing and self._undefined_name not in (None, "caller")

    def __str__(self) -> str:
        """Refuse to write what is not there."""
        return self._fail_with_undefined_error() if self._fails() else ""

    def __iter__(self) -> Any:
        """Refuse to walk through what is not there."""
        return self._fail_with_undefined_error() if self._fails() else iter(())


@cache
def environment() -> Environment:
    """Return the templates: the desk's own, and the components of GOV.UK Frontend."""
    made = Environment(
        loader=ChoiceLoader(
            [
                PackageLoader("web.desk"),
                PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
            ]
        ),
        autoescape=True,
        undefined=Strict,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters |= {
        "agency": agency,
        "category": category_name,
        "clock": clock,
        "days": days,
        "days_in_words": days_in_words,
        "days_left": days_left,
        "in_words": in_words,
        "level": level_name,
        "london_day": london_date,
        "long_date": long_date,
        "moment": moment,
        "near": near_date,
        "opening": opening,
        "reader_of_a_rung": reader_of_a_rung,
        "role": role_name,
        "words": plain_words,
    }
    made.globals |= {"STYLE_SHEET": STYLE_SHEET, "headings": headings, "cells": rows}
    return made


@pass_context
def agency(context: Context, name: str) -> str:
    """Return an agency by the name that the policy of the area gives it."""
    visit: Visit = context["visit"]
    areas = visit.known_reader.areas if visit.known_reader is not None else ()
    area = visit.case_asked.area if visit.case_asked is not None else next(iter(areas), "")
    return opening(visit.record.policies.for_area(area, visit.today).agency_name(name))


def reader_of_a_rung(addressee: str) -> str:
    """Return whom a ladder names, in words: ``representative@housing`` is the agency representative (housing)."""
    role, agency_named = role_and_agency(addressee)
    return role_name(role) + (f" ({agency_inside(agency_named)})" if agency_named else "")


def rendered(visit: Visit, template: str, **values: Any) -> str:
    """Return a page as text."""
    reader = visit.known_reader
    shown = {
        "visit": visit,
        "reader": reader,
        "today": visit.today,
        "navigation": [] if reader is None else list(navigation(visit)),
        "form_key": masked(visit.token) if visit.token else "",
        "troubles": told_troubles(visit),
    }
    return environment().get_template(template).render(shown | values)


def told_troubles(visit: Visit) -> Sequence[str]:
    """Return what is not well with the program: to everybody on Today, to an operator on every page."""
    reader = visit.known_reader
    if reader is None or not (reader.operator or visit.path == "/today"):
        return ()
    with visit.record.looking() as session:
        return troubles(session, visit.as_at)


def navigation(visit: Visit) -> Iterable[dict[str, Any]]:
    """Yield the places that the reader may go to."""
    for text, path, action in NAVIGATION:
        if visit.may(action):
            yield {"text": text, "href": path, "active": visit.path == path or visit.path.startswith(f"{path}/")}


def page(visit: Visit, template: str, status: int = 200, **values: Any) -> Response:
    """Return a page as the answer to a visit."""
    return HTMLResponse(rendered(visit, template, **values), status_code=status)


def go(path: str) -> Response:
    """Return the answer that sends a browser to another page of the desk, which it gets by GET."""
    return RedirectResponse(path, status_code=303)
