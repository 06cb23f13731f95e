"""The minutes of a meeting: drafted from its record, compared version by version, approved by the Chair, sent."""

import secrets
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.responses import Response

from casework.recording import Entry, Refused, submit
from casework.recording.drafts import hold, put_down
from casework.recording.registry import KINDS
from models.cases import Draft
from models.meetings import Meeting, MinutesVersion
from policy.errors import NotAllowedError, NotFoundError
from policy.vocabulary import FactKind, MeetingState, MinutesState
from views.documents import minutes_view, version_of
from web.access.rights import Action, roles_for
from web.desk.case import head
from web.desk.comparing import changes
from web.desk.printing import as_pdf, document
from web.pages import go, page
from web.routes import Pages
from web.visit import Visit, number_in

PAGES = Pages()
MINUTES = "/cases/{reference}/meetings/{number}/minutes"
TICKET, VERSION = "ticket", "version"
STEPS = {
    "draft": (Action.KEEP_MINUTES, "Write a new draft"),
    "approve": (Action.APPROVE_MINUTES, "Approve"),
    "final": (Action.KEEP_MINUTES, "Make final and send"),
}
"""The steps of the minutes, with the right that each needs and what its button says."""


def held_meeting(session: Session, visit: Visit) -> Meeting:
    """Return the meeting that the address names; ``NotFoundError`` where it was not held."""
    meeting = session.scalar(
        select(Meeting).where(Meeting.case_id == visit.case.id, Meeting.number == visit.number("number"))
    )
    if meeting is None or meeting.state != MeetingState.HELD:
        raise NotFoundError("the case has held no such meeting, so there are no minutes of it")
    return meeting


def versions_of(session: Session, meeting: Meeting) -> list[MinutesVersion]:
    """Return the versions of the minutes of a meeting, the newest first."""
    query = select(MinutesVersion).where(MinutesVersion.meeting_id == meeting.id)
    return list(session.scalars(query.order_by(MinutesVersion.version.desc())))


def steps_now(visit: Visit, newest: MinutesVersion | None) -> Iterator[str]:
    """Yield the steps that the minutes can take now, and that the reader may take."""
    state = None if newest is None else MinutesState(newest.state)
    can = {
        "draft": state is not MinutesState.FINAL,
        "approve": state is MinutesState.DRAFT,
        "final": state is MinutesState.APPROVED,
    }
    for step, (action, _) in STEPS.items():
        if can[step] and roles_for(visit.case.access, action):
            yield step


@PAGES.get(MINUTES, Action.SEE_CASE)
def minutes(visit: Visit) -> Response:
    """Show where the minutes of a meeting stand, their versions, and what can be done with them."""
    with visit.record.reading() as session:
        return minutes_page(session, visit)


def minutes_page(session: Session, visit: Visit, reasons: tuple[str, ...] = (), status: int = 200) -> Response:
    """Return the page of the minutes. ``reasons``: why a step was refused."""
    meeting = held_meeting(session, visit)
    versions = versions_of(session, meeting)
    newest = versions[0] if versions else None
    order = ["approve", "final", "draft"]
    buttons = sorted(steps_now(visit, newest), key=order.index)
    return page(
        visit, "minutes.html", status=status, **head(session, visit), meeting=meeting, versions=versions, newest=newest,
        buttons=[(step, STEPS[step][1], (newest.version if newest else 0) + (step == "draft")) for step in buttons],
        ticket=secrets.token_urlsafe(24), reasons=reasons,
        address=address(visit),
    )  # fmt: skip


def address(visit: Visit) -> str:
    """Return the address of the minutes of the meeting."""
    return f"/cases/{visit.case.reference}/meetings/{visit.parts['number']}/minutes"


@PAGES.get(f"{MINUTES}/compare", Action.SEE_CASE)
def compare(visit: Visit) -> Response:
    """Show what one version of the minutes changed against another."""
    with visit.record.reading() as session:
        meeting = held_meeting(session, visit)
        versions = versions_of(session, meeting)
        newest = versions[0].version if versions else 0
        new = number_in(visit.query.get("new", "")) or newest
        old = number_in(visit.query.get("old", "")) or max(new - 1, 1)
        before, after = (version_of(session, meeting.case, meeting, which) for which in (old, new))
        shown: dict[str, Any] = {"changes": changes(before.text, after.text), "before": before, "after": after}
        return page(visit, "minutes_compare.html", **head(session, visit), **shown, meeting=meeting, versions=versions,
                    address=address(visit))  # fmt: skip


@PAGES.get(f"{MINUTES}/{{version}}", Action.SEE_CASE)
def one_version(visit: Visit) -> Response:
    """Show a version of the minutes, to read and to print."""
    with visit.record.reading() as session:
        return document(minutes_asked(session, visit))


@PAGES.get(f"{MINUTES}/{{version}}/pdf", Action.SEE_CASE)
def version_as_pdf(visit: Visit) -> Response:
    """Give a version of the minutes as PDF."""
    with visit.record.reading() as session:
        html = minutes_asked(session, visit)
    name = f"{visit.case.reference} meeting {visit.number('number')} minutes {visit.number('version')}"
    return as_pdf(html, name)


def minutes_asked(session: Session, visit: Visit) -> str:
    """Return the version of the minutes that the address names, as HTML."""
    return minutes_view(session, visit.case.reference, visit.number("number"), visit.number("version")).html


@PAGES.post(f"{MINUTES}/draft", Action.KEEP_MINUTES)
def draft(visit: Visit) -> Response:
    """Write a new version from the record as it stands: earlier ones are kept."""
    return take(visit, "draft")


@PAGES.post(f"{MINUTES}/approve", Action.APPROVE_MINUTES)
def approve(visit: Visit) -> Response:
    """Approve the newest version, as the Chair."""
    return take(visit, "approve")


@PAGES.post(f"{MINUTES}/final", Action.KEEP_MINUTES)
def final(visit: Visit) -> Response:
    """Make the approved version final: it goes out to those who were invited."""
    return take(visit, "final")


def take(visit: Visit, step: str) -> Response:
    """Record a step of the minutes, once however often its button is pressed."""
    if not roles_for(visit.case.access, STEPS[step][0]):
        raise NotAllowedError("your role does not take this step of the minutes")
    actor = visit.actor(visit.role_for(KINDS[FactKind.MINUTES]))
    ticket = visit.text(TICKET)
    if not 20 <= len(ticket) <= 40:
        raise NotFoundError("this form has no ticket", to_do="open the minutes again from the case")
    with visit.record.writing() as session:
        meeting = held_meeting(session, visit)
        data = {"date": str(visit.today), "meeting": meeting.number, "step": step, "by": called(visit, meeting),
                "version": number_in(visit.text(VERSION))}  # fmt: skip
        entry = Entry(FactKind.MINUTES.value, visit.case.crn, data)
        kept: Draft = hold(session, ticket, visit.reader.email, entry, actor=actor, as_at=visit.as_at)
        if kept.settled_at is not None:
            return go(address(visit))
    named = Entry(FactKind.MINUTES.value, visit.case.reference, data)
    result = submit(visit.record, named, actor=actor, as_at=visit.as_at, ticket=ticket)
    if isinstance(result, Refused):
        with visit.record.writing() as session:
            # Nothing was typed: there is nothing to go on with.
            put_down(session, ticket, visit.reader.email, actor=actor, as_at=visit.as_at)
        with visit.record.reading() as session:
            return minutes_page(session, visit, tuple(result.reasons), 422)
    return go(address(visit))


def called(visit: Visit, meeting: Meeting) -> str:
    """Return the reader's name as the meeting has it: who chaired it is known there by its own words."""
    is_chair = meeting.chair_email == visit.reader.email and meeting.chair_name
    return meeting.chair_name or "" if is_chair else visit.reader.name
