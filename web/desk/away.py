"""Hand over while I am away: to which colleague, from when to when; and take it back early."""

from collections.abc import Mapping, Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session
from starlette.responses import Response

from casework.errors import RefusedError
from casework.hand_overs import Colleague, colleagues, hand_over, take_back
from models.hand_overs import HandOver, in_force
from policy.dates import iso_day
from policy.words import listed, opening, role_name
from web.access.rights import Action
from web.desk.forms.reading import Typed, day
from web.desk.forms.shape import Option, Shape
from web.desk.forms.widgets import Widget, answers, shown
from web.pages import go, page
from web.routes import Pages
from web.visit import Visit, number_in

PAGES = Pages()
FIELDS = {
    "deputy": ("Colleague", "In brackets: what they can do for you. What they cannot do still comes to you."),
    "begins_on": ("First day", ""),
    "until": ("Last day", "The next day, what is asked comes to you again."),
}


@PAGES.get("/away", Action.SIGNED_IN)
def away(visit: Visit) -> Response:
    """Show the form, what the reader has handed over, and for whom they stand in."""
    return form_page(visit, {"begins_on": str(visit.today)}, {})


@PAGES.post("/away", Action.SIGNED_IN)
def hand(visit: Visit) -> Response:
    """Hand the reader's duties to a colleague."""
    typed = Typed(visit.pairs())
    values = {"deputy": typed.text("deputy"), "begins_on": day(typed, "begins_on"), "until": day(typed, "until")}
    errors: dict[str, list[str]] = {}
    days = {}
    for name in ("begins_on", "until"):
        try:
            days[name] = iso_day(values[name]) if values[name] else None
        except ValueError as error:
            days[name] = None
            errors[name] = [str(error)]
    if not errors:
        try:
            with visit.record.writing() as session:
                hand_over(session, visit.reader.email, visit.reader.name, values["deputy"], days["begins_on"],
                          days["until"], as_at=visit.as_at)  # fmt: skip
            return go("/away")
        except RefusedError as refusal:
            for reason in refusal.reasons:
                name, _, what = reason.partition(": ")
                errors.setdefault(name, []).append(what)
    return form_page(visit, values, errors, 422)


@PAGES.post("/away/end", Action.SIGNED_IN)
def end(visit: Visit) -> Response:
    """Take a hand-over back: from now on the reader is asked again."""
    with visit.record.writing() as session:
        take_back(session, number_in(visit.text("hand_over")) or 0, visit.reader.email, visit.reader.name,
                  as_at=visit.as_at)  # fmt: skip
    return go("/away")


def form_page(visit: Visit, values: Mapping[str, str], errors: Mapping[str, list[str]], status: int = 200) -> Response:
    """Return the page, with what is wrong with the form."""
    with visit.record.reading() as session:
        known = colleagues(session, visit.reader.email, visit.today)
        made = list(widgets_of(known, values, errors))
        return page(
            visit, "away.html", status=status, widgets=made if known else [], own=own(session, visit),
            others=in_force(session, visit.today, to=visit.reader.email),
            summary=[(f"{one.title}: {what}", one.first_id) for one in made for what in one.errors],
        )  # fmt: skip


def widgets_of(
    known: Sequence[Colleague], values: Mapping[str, str], errors: Mapping[str, list[str]]
) -> Sequence[Widget]:
    """Return the fields of the form."""
    options = [Option(one.email, f"{opening(one.name)} ({listed(map(role_name, one.roles))})") for one in known]
    deputy = Widget("deputy", Shape.CHOICE.value, *FIELDS["deputy"], True, answers=answers(options, values.get(
        "deputy")), errors=errors.get("deputy", []))  # fmt: skip
    days = [
        Widget(name, Shape.DAY.value, *FIELDS[name], True, shown(Shape.DAY, values.get(name)), errors=errors.get(
            name, []))
        for name in ("begins_on", "until")
    ]  # fmt: skip
    return [deputy, *days]


def own(session: Session, visit: Visit) -> Sequence[HandOver]:
    """Return the reader's hand-overs that hold or are to come, the next first."""
    not_ended = or_(HandOver.ended_on.is_(None), HandOver.ended_on > visit.today)
    query = select(HandOver).where(HandOver.email == visit.reader.email, HandOver.until >= visit.today, not_ended)
    return session.scalars(query.order_by(HandOver.begins_on, HandOver.id)).all()
