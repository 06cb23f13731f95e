"""Recording a fact: the form as a page, what was typed kept at every step, and recorded once however often it is sent.

The page has a ticket of its own. What is typed is kept under it before it is tried, so that a refusal, a crash or a
closed browser loses nothing; the record takes a form with one ticket once.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from starlette.responses import Response

from casework.recording import Entry, Refused, submit
from casework.recording.drafts import hold
from casework.recording.fact_type import FactType
from casework.recording.registry import KINDS
from casework.recording.rooms import is_of_a_room
from casework.recording.submit import why_not
from models.cases import Draft, Fact
from models.meetings import Meeting
from models.obligations import Timescale
from models.record import policies
from policy.errors import NotFoundError
from policy.vocabulary import FactKind, MeetingState
from views.duties import duty
from web.access import form_key
from web.access.rights import Action, refuse_what_others_decide, role_to_record, roles_for
from web.desk.case import head, said_of
from web.desk.forms.confirming import name_the_parts, with_rows_to_confirm
from web.desk.forms.filling import ADD, REMOVE, errors_of, pressed, rows_to_show, without_row
from web.desk.forms.prefill import known_values, references
from web.desk.forms.reading import Typed, read_form
from web.desk.forms.shape import ShapedField, shaped
from web.desk.forms.told import told
from web.desk.forms.widgets import Beside, Widget, all_of, widgets
from web.pages import go, page
from web.routes import Pages
from web.visit import Visit, number_in

PAGES = Pages()
SAVE, CONFIRM, CHANGE = "save", "confirm", "change"
PAUSING = (FactKind.PAUSE, FactKind.RESUME)
TICKET, SEEN, ABOUT = "ticket", "seen", "about"
ANSWERS = "about#duty"
"""The field that keeps which duty a form answers: no field of a form of its own is called so."""
CONFLICT, REFUSED = 409, 422


def kind_asked(visit: Visit) -> FactType:
    """Return the kind of fact that the address names, if the reader may record it."""
    try:
        known = KINDS[FactKind(visit.parts["kind"])]
    except ValueError:
        raise NotFoundError("there is no such form") from None
    visit.role_for(known)
    return known


def fields_for(session: Session, visit: Visit, fact_type: FactType) -> tuple[ShapedField, ...]:
    """Return the fields of a form, with the agencies of the area."""
    return shaped(fact_type.form, policies(session).for_area(visit.case.area, visit.today))


def newest_fact(session: Session, case_id: int) -> int:
    """Return the number of the newest fact of a case: what the form was made from."""
    return int(session.scalar(select(func.max(Fact.id)).where(Fact.case_id == case_id)) or 0)


@PAGES.get("/cases/{reference}/record/{kind}", Action.RECORD)
def empty_form(visit: Visit) -> Response:
    """Show a form: filled with what is known, or as somebody left it."""
    fact_type = kind_asked(visit)
    with visit.record.reading() as session:
        fields = fields_for(session, visit, fact_type)
        ticket, about = visit.query.get("draft", ""), number_in(visit.query.get(ABOUT, ""))
        # A form that was kept goes on as it was left, though there is a room by now.
        if not ticket and fact_type.kind is FactKind.MEETING and (room := room_to_keep(session, visit)):
            return go(room)
        if is_of_a_room(ticket):
            kept = own_draft(session, visit, ticket)
            return go(f"/cases/{visit.case.reference}/meetings/{kept.data.get('meeting')}/room")
        if ticket:
            draft = own_draft(session, visit, ticket)
            if draft.settled_at is not None:
                return go(f"/cases/{visit.case.reference}?done={draft.id}")
            data, reasons = draft.data, draft.reasons
        else:
            ticket, reasons = secrets.token_urlsafe(24), []
            data = known_values(session, visit, fact_type, fields, about)
        hand = InHand(ticket, about, newest_fact(session, visit.case.id), reasons)
        return form_page(session, visit, fact_type, fields, data, hand)


def room_to_keep(session: Session, visit: Visit) -> str:
    """Return the address of the room in which the reader records a meeting, step by step.

    "" where there is none to record there: a meeting that nobody had arranged is recorded in one form.
    """
    if not roles_for(visit.case.access, Action.KEEP_ROOM):
        return ""
    planned = select(Meeting).where(Meeting.case_id == visit.case.id, Meeting.state == MeetingState.PLANNED)
    first = session.scalars(planned.order_by(Meeting.starts_at, Meeting.id).limit(1)).first()
    if first is None or first.on > visit.today:
        return ""
    return f"/cases/{visit.case.reference}/meetings/{first.number}/room"


def own_draft(session: Session, visit: Visit, ticket: str) -> Draft:
    """Return the reader's draft with a ticket; ``NotFoundError`` where they have none."""
    draft = session.scalar(select(Draft).where(Draft.ticket == ticket, Draft.owner == visit.reader.email))
    if draft is None:
        raise NotFoundError("there is no such draft of yours", to_do="your drafts are listed under Drafts")
    return draft


@PAGES.post("/cases/{reference}/record/{kind}", Action.RECORD)
def sent_form(visit: Visit) -> Response:
    """Keep what was typed, then do what the button says."""
    fact_type, typed = kind_asked(visit), Typed(visit.pairs())
    button, ticket = pressed(typed), typed.text(TICKET)
    about, seen = number_in(typed.text(ANSWERS)), number_in(typed.text(SEEN)) or 0
    if not 20 <= len(ticket) <= 40 or is_of_a_room(ticket):
        raise NotFoundError("this form has no ticket", to_do="open it again from the case")
    actor = visit.actor(visit.role_for(fact_type))
    with visit.record.writing() as session:
        fields = fields_for(session, visit, fact_type)
        data = read_form(fields, typed)
        if button.what == REMOVE:
            data = without_row(data, button)
        entry = Entry(fact_type.kind.value, visit.case.crn, data)
        draft = hold(session, ticket, visit.reader.email, entry, actor=actor, as_at=visit.as_at)
        draft_id, settled = draft.id, draft.settled_at is not None
        since = [] if settled else recorded_since(session, visit, seen)
        newest = newest_fact(session, visit.case.id)
    if settled:
        return go(f"/cases/{visit.case.reference}?done={draft_id}")
    if button.what == SAVE:
        return go("/drafts")
    hand = InHand(ticket, about, seen)
    if button.what in (ADD, REMOVE):
        hand = replace(hand, rows={button.path: rows_to_show(data, typed, button)} if button.what == ADD else {})
        return again(visit, fact_type, fields, data, hand, 200)
    refuse_what_others_decide(visit.case.access, fact_type, data)
    hand = replace(hand, seen=newest)
    if since:
        return again(visit, fact_type, fields, data, replace(hand, since=since), CONFLICT)
    named = Entry(fact_type.kind.value, visit.case.reference, data)
    if button.what == CHANGE:
        return again(visit, fact_type, fields, data, hand, 200)
    if fact_type.final and button.what != CONFIRM and not why_not(visit.record, named, actor=actor, as_at=visit.as_at):
        return check_page(visit, fact_type, fields, data, hand)
    result = submit(visit.record, named, actor=actor, as_at=visit.as_at, ticket=ticket)
    if isinstance(result, Refused):
        return again(visit, fact_type, fields, data, replace(hand, reasons=result.reasons), REFUSED)
    return go(f"/cases/{visit.case.reference}?done={draft_id}")


def check_page(
    visit: Visit, fact_type: FactType, fields: Sequence[ShapedField], data: Mapping[str, Any], hand: "InHand"
) -> Response:
    """Show what was typed before it is recorded: it cannot be undone. Nothing is recorded by showing it."""
    sent = [(name, value) for name, value in visit.pairs() if name not in (form_key.FIELD, "do", SEEN)]
    with visit.record.reading() as session:
        return page(
            visit, "check.html", **head(session, visit), fact_type=fact_type, hand=hand, sent=sent,
            answers=told(fields, data, references(session, visit), visit.today),
        )  # fmt: skip


def again(
    visit: Visit,
    fact_type: FactType,
    fields: Sequence[ShapedField],
    data: Mapping[str, Any],
    hand: "InHand",
    status: int,
) -> Response:
    """Show a form once more, with all that was typed."""
    with visit.record.reading() as session:
        return form_page(session, visit, fact_type, fields, data, hand, status)


def recorded_since(session: Session, visit: Visit, seen: int) -> list[tuple[str, str]]:
    """Return what others recorded on the case since the form was opened: its title, and who it was."""
    query = select(Fact.kind, Fact.recorded_by).where(
        Fact.case_id == visit.case.id, Fact.id > seen, Fact.recorded_by != visit.reader.name
    )
    return [(KINDS[FactKind(row.kind)].title, row.recorded_by) for row in session.execute(query.order_by(Fact.id))]


@dataclass(frozen=True, slots=True)
class InHand:
    """A form in somebody's hand.

    ``about``: the timescale it answers. ``seen``: the newest fact of the case when it was opened. ``reasons``: why it
    was refused. ``rows``: empty rows to show, by the path of the list. ``since``: what others recorded meanwhile.
    """

    ticket: str
    about: int | None
    seen: int
    reasons: Sequence[str] = ()
    rows: Mapping[str, int] = field(default_factory=dict)
    since: Sequence[tuple[str, str]] = ()


def form_page(
    session: Session,
    visit: Visit,
    fact_type: FactType,
    fields: Sequence[ShapedField],
    data: Mapping[str, Any],
    hand: InHand,
    status: int = 200,
) -> Response:
    """Return the page of a form as it stands in somebody's hand."""
    errors = errors_of(fact_type, fields, hand.reasons)
    data = with_rows_to_confirm(data, hand.reasons, visit.reader.name)
    made = widgets(fields, data, Beside(errors, references(session, visit), hand.rows))
    name_the_parts(made, fields)
    asked = None if hand.about is None else duty(session, hand.about)
    if asked is not None and session.get_one(Timescale, asked.id).case_id != visit.case.id:
        asked = None
    top = head(session, visit)
    return page(
        visit, "form.html", status=status, **top, fact_type=fact_type, widgets=made, hand=hand,
        summary=list(summary_of(made, errors)), duty=asked, applies=fact_type in top["offered"],
        said=said_of(session, visit) if fact_type.kind is FactKind.WHOSE_DUTY else [],
        may_disown=fact_type.kind is not FactKind.NOT_MINE,
        may_pause=fact_type.kind not in PAUSING and role_to_record(visit.case.access, KINDS[FactKind.PAUSE]),
    )  # fmt: skip


def summary_of(made: Sequence[Widget], errors: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """Return every error, with the field it leads to; those of the form as a whole come first and lead nowhere."""
    whole = [(what, "") for what in errors.get("", ())]
    return whole + [(what, widget.first_id) for widget in all_of(made) for what in widget.errors]
