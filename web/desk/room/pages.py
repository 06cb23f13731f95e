"""The pages of the meeting room: the agenda as a list of tasks, a page a step, and the look before it is closed."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.responses import Response

from casework.recording import Entry, Refused, submit
from casework.recording.drafts import in_hand
from casework.recording.rooms import keep_reasons, keep_step, take_over
from casework.recording.submit import refusals
from models.meetings import Meeting
from policy.errors import ConflictError, NotAllowedError
from policy.vocabulary import FactKind
from web.access.rights import Action, roles_for
from web.desk.case import head
from web.desk.forms.filling import ADD, REMOVE, Pressed, pressed, without_row
from web.desk.forms.prefill import references
from web.desk.forms.reading import Typed
from web.desk.room.showing import missing, standing_of, step_values, told_steps
from web.desk.room.standing import Parts, composed, copied
from web.desk.room.state import FACT, Room, room_asked
from web.desk.room.steps import Step, reasons_nowhere
from web.desk.room.typed import mark_at, mark_in, typed_at, with_step
from web.pages import go, page
from web.routes import Pages
from web.visit import Visit

PAGES = Pages()
ROOM = "/cases/{reference}/meetings/{number}/room"
SEEN, BECAUSE, TAKE, TO_LIST = "seen", "because", "take", "list"
CONFLICT, REFUSED = 409, 422


def refuse_others(visit: Visit, action: Action) -> None:
    """Raise ``NotAllowedError`` for whoever may read the case, and not do this in its meeting room."""
    if not roles_for(visit.case.access, action):
        raise NotAllowedError("your role does not keep the record of meetings")


def keeps(visit: Visit) -> bool:
    """Tell whether the reader may keep the record of a meeting; others look on."""
    return bool(roles_for(visit.case.access, Action.KEEP_ROOM))


def address(visit: Visit, room: Room, further: str = "") -> str:
    """Return the address of a page of the room."""
    return f"/cases/{visit.case.reference}{room.path}{further}"


@PAGES.get(ROOM, Action.SEE_ROOM)
def agenda(visit: Visit) -> Response:
    """Show the agenda with what is done, to whoever has the record in hand; to others what was kept so far."""
    refuse_others(visit, Action.SEE_ROOM)
    with visit.record.reading() as session:
        room = room_asked(session, visit)
        mine = keeps(visit) and room.owner in ("", visit.reader.email) and not room.put_down and room.recorded is None
        known = references(session, visit)
        return page(
            visit, "room.html" if mine else "room_looking_on.html", **head(session, visit), room=room,
            keeps=keeps(visit),
            lines=[(step, *standing_of(room, step)) for step in room.steps], told=told_steps(visit, room, known),
            address=address(visit, room), path_of=lambda step: address(visit, room, f"/{step.name}"),
            saved=visit.query.get("saved", ""),
        )  # fmt: skip


@PAGES.get(f"{ROOM}/check", Action.KEEP_ROOM)
def check(visit: Visit) -> Response:
    """Show all that was recorded, and what is missing, before the meeting is closed."""
    refuse_others(visit, Action.KEEP_ROOM)
    with visit.record.reading() as session:
        return check_page(session, visit, room_in_hand(session, visit))


def check_page(session: Session, visit: Visit, room: Room, status: int = 200, changed: bool = False) -> Response:
    """Return the page before closing. ``changed``: what was kept is not what the reader saw."""
    return page(
        visit, "room_check.html", status=status, **head(session, visit), room=room, changed=changed,
        missing=missing(room), nowhere=reasons_nowhere(room.steps, room.reasons),
        unopened=[step for step in room.steps if step.name not in room.saved],
        told=told_steps(visit, room, references(session, visit)), address=address(visit, room),
        path_of=lambda step: address(visit, room, f"/{step.name}"), mark=mark_of_all(room),
    )  # fmt: skip


def room_in_hand(session: Session, visit: Visit) -> Room:
    """Return the room whose record the reader has in hand, or could begin."""
    room = room_asked(session, visit)
    if room.recorded is not None:
        raise ConflictError("the record of this meeting was closed")
    if room.put_down or room.owner not in ("", visit.reader.email):
        raise ConflictError(f"{room.kept_by} has the record of this meeting in hand", to_do="take it over in the room")
    return room


def mark_of_all(room: Room) -> str:
    """Return the mark of all that is kept."""
    return "".join(mark_at(room, step)[:4] for step in room.steps)


@PAGES.post(f"{ROOM}/take", Action.KEEP_ROOM)
def take(visit: Visit) -> Response:
    """Take the record over from whoever has it in hand, with a word; or take it up again."""
    refuse_others(visit, Action.KEEP_ROOM)
    with visit.record.writing() as session:
        room = room_asked(session, visit)
        taken(session, visit, room)
    return go(address(visit, room))


def taken(session: Session, visit: Visit, room: Room) -> None:
    """Give the record into the reader's hand."""
    meeting = session.get_one(Meeting, room.meeting_id)
    actor = visit.actor(visit.role_for(FACT))
    take_over(session, meeting, visit.reader.email, visit.words(BECAUSE)[:300], actor=actor, as_at=visit.as_at)


@PAGES.post(f"{ROOM}/close", Action.KEEP_ROOM)
def close(visit: Visit) -> Response:
    """Close the meeting: the whole record becomes a fact, once, or is refused with all that is missing."""
    refuse_others(visit, Action.KEEP_ROOM)
    actor = visit.actor(visit.role_for(FACT))
    with visit.record.reading() as session:
        room = room_asked(session, visit)
        if room.recorded is not None:
            return go(f"/cases/{visit.case.reference}?done={room.recorded}")
        room_in_hand(session, visit)
        if visit.text(SEEN) != mark_of_all(room):
            return check_page(session, visit, room, CONFLICT, changed=True)
    data = composed(room.data, room.parts, room.before)
    entry = Entry(FactKind.MEETING.value, visit.case.reference, data)
    result = submit(visit.record, entry, actor=actor, as_at=visit.as_at, ticket=room.ticket)
    with visit.record.reading() as session:
        room = room_asked(session, visit)
        if isinstance(result, Refused):
            return check_page(session, visit, room, REFUSED)
    return go(f"/cases/{visit.case.reference}?done={room.recorded}")


@PAGES.get(f"{ROOM}/{{step}}", Action.KEEP_ROOM)
def one_step(visit: Visit) -> Response:
    """Show one step of the agenda as it stands."""
    refuse_others(visit, Action.KEEP_ROOM)
    with visit.record.reading() as session:
        room = room_in_hand(session, visit)
        return step_page(session, visit, room, room.step(visit.parts["step"]))


def step_page(
    session: Session,
    visit: Visit,
    room: Room,
    step: Step,
    rows: Mapping[str, int] | None = None,
    clash: str = "",
    seen: str = "",
    other: Room | None = None,
    status: int = 200,
) -> Response:
    """Return the page of a step.

    ``rows``: empty rows to show, by the path of the list. ``clash``: why what was typed was not kept; ``other`` is then
    the room as it is kept.
    """
    known = references(session, visit)
    return page(
        visit, "room_step.html", status=status, **head(session, visit), room=room, step=step, clash=clash,
        seen=seen or mark_at(room, step), other=None if other is None else told_steps(visit, other, known)[step.name],
        address=address(visit, room), path_of=lambda one: address(visit, room, f"/{one.name}"),
        saved=next((one for one in room.steps if one.name == visit.query.get("saved")), None),
        standing_of=standing_of, **step_values(session, visit, room, step, rows or {}),
    )  # fmt: skip


@PAGES.post(f"{ROOM}/{{step}}", Action.KEEP_ROOM)
def sent_step(visit: Visit) -> Response:
    """Keep what was typed at a step, whole or not, right or wrong; then go where the button leads."""
    refuse_others(visit, Action.KEEP_ROOM)
    button = pressed(Typed(visit.pairs()))
    with visit.record.writing() as session:
        meeting = locked(session, visit)
        room = room_asked(session, visit)
        step = room.step(visit.parts["step"])
        if button.what == TAKE:
            taken(session, visit, room)
            room = room_asked(session, visit)
        given, parts = typed_at(room, step, visit.pairs())
        if button.what == REMOVE:
            given = without_row(given, button)
        data, said = with_step(room, step, given, parts)
        clash = clash_of(visit, room, step, data, said)
        if not clash:
            keep(session, visit, meeting, room, step, data, said)
    if clash:
        mine = replace(room, data=data, parts=said)
        with visit.record.reading() as session:
            return step_page(session, visit, mine, step, {}, clash, mark_at(room, step), room, CONFLICT)
    keep_what_is_missing(visit)
    return onward(visit, step, button)


def locked(session: Session, visit: Visit) -> Meeting:
    """Return the meeting; what is kept of it is locked, so that two who save at once come one after the other."""
    room = room_asked(session, visit)
    if in_hand(session, room.ticket) is None:
        return session.scalars(select(Meeting).where(Meeting.id == room.meeting_id).with_for_update()).one()
    session.expire_all()
    return session.get_one(Meeting, room.meeting_id)


def clash_of(visit: Visit, room: Room, step: Step, data: Mapping[str, Any], parts: Parts) -> str:
    """Return why a step is not kept: it was ``recorded``, ``taken`` or ``changed`` meanwhile; "" where it is."""
    if room.recorded is not None:
        return "recorded"
    if room.put_down or room.owner not in ("", visit.reader.email):
        return "taken"
    kept = mark_at(room, step)
    if step.name in room.saved and kept not in (visit.text(SEEN), mark_in(step, data, parts)):
        return "changed"
    return ""


def keep(
    session: Session,
    visit: Visit,
    meeting: Meeting,
    room: Room,
    step: Step,
    data: Mapping[str, Any],
    parts: Parts,
) -> None:
    """Keep a step: the record as it follows from all that was typed, and what was said of the words of last time."""
    saved = list(dict.fromkeys([*room.saved, step.name]))
    entry = Entry(FactKind.MEETING.value, visit.case.crn, composed(data, parts, room.before))
    actor = visit.actor(visit.role_for(FACT))
    keep_step(session, meeting, visit.reader.email, entry, {"steps": saved, "parts": parts}, actor=actor,
              as_at=visit.as_at)  # fmt: skip


def keep_what_is_missing(visit: Visit) -> None:
    """Ask what the record would be refused for as it stands, and keep the answer for the pages."""
    with visit.record.reading() as session:
        room = room_asked(session, visit)
    if room.recorded is not None:
        return
    entry = Entry(FactKind.MEETING.value, visit.case.reference, room.data)
    reasons = refusals(visit.record, entry, actor=visit.actor(visit.role_for(FACT)), as_at=visit.as_at)
    early = copied(room.data, room.before, room.last_on)
    with visit.record.writing() as session:
        meeting = session.get_one(Meeting, room.meeting_id)
        keep_reasons(session, meeting, list(dict.fromkeys([*reasons, *early])))


def onward(visit: Visit, step: Step, button: Pressed) -> Response:
    """Return what follows a step that was kept: the same with another row, the list, or the next of the agenda."""
    with visit.record.reading() as session:
        room = room_asked(session, visit)
        if button.what in (ADD, REMOVE):
            return step_page(session, visit, room, step, {button.path: 1} if button.what == ADD else {})
    at = room.steps.index(step) + 1
    if button.what == TO_LIST or at == len(room.steps):
        return go(address(visit, room, f"?saved={step.name}"))
    return go(address(visit, room, f"/{room.steps[at].name}?saved={step.name}"))
