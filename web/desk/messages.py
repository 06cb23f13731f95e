"""The outbox: each e-mail of an area, whether it left, what it says, and what becomes of one that is uncertain."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session
from starlette.responses import Response

from models.cases import Case
from models.obligations import Message, Prompt, Timescale
from notifications.outbox.decisions import OPEN_TO_DECISION, mark_sent, resend
from notifications.outbox.preview import preview
from notifications.outbox.returned import confirm
from policy.errors import InvalidError, NotFoundError
from policy.vocabulary import MessageState
from web.access import reads
from web.access.directory_rights import areas_to_write
from web.access.rights import Action, areas_for
from web.desk.paging import paged
from web.desk.returned import marked_in
from web.pages import go, page
from web.routes import Pages
from web.visit import Visit

PAGES = Pages()


@PAGES.get("/messages", Action.SEE_MESSAGES)
def messages(visit: Visit) -> Response:
    """Show the e-mails of the reader's areas, the newest first; by state where one is asked for."""
    state = visit.query.get("state", "")
    areas = areas_for(visit.reader, Action.SEE_MESSAGES)
    where: list[ColumnElement[bool]] = [Message.area.in_(areas)]
    if state in set(MessageState):
        where.append(Message.state == state)
    with visit.record.reading() as session:
        counts = dict(
            session.execute(select(Message.state, func.count(Message.id)).where(where[0]).group_by(Message.state)).all()
        )
        total = sum(counts.values()) if not state else counts.get(state, 0)
        pages = paged(visit, total)
        query = select(Message).where(*where).order_by(Message.created_at.desc(), Message.id)
        rows = session.scalars(query.limit(pages.size).offset(pages.offset)).all()
        return page(visit, "messages.html", rows=rows, counts=counts, state=state, pages=pages, total=total,
                    open_to_decision=OPEN_TO_DECISION, marked=marked_in(session, areas, visit.today),
                    own=areas_to_write(visit.reader), may_settle=visit.may(Action.SETTLE_MESSAGES))  # fmt: skip


@PAGES.post("/messages/decide", Action.SETTLE_MESSAGES)
def decide(visit: Visit) -> Response:
    """Send a message again, or take it as sent: one that may or may not have left is decided here.

    Or its address works after all: what waited for that leaves, with the message where it can still be sent.
    """
    chosen, what = visit.text("message"), visit.text("what")
    with visit.record.writing() as session:
        row = session.get(Message, chosen)
        if row is None or row.area not in areas_for(visit.reader, Action.SETTLE_MESSAGES):
            raise InvalidError("there is no such message in your area")
        if what == "resend" or (what == "works" and row.state in OPEN_TO_DECISION):
            resend(session, chosen, visit.reader.name, visit.as_at)
        elif what == "works":
            confirm(session, row.recipient, visit.reader.name, visit.as_at)
        elif what == "sent":
            mark_sent(session, chosen, visit.reader.name, visit.as_at)
        else:
            raise InvalidError("choose whether to send it again or to take it as sent")
    return go("/messages")


@PAGES.get("/messages/{message}", Action.SEE_MESSAGES)
def one_message(visit: Visit) -> Response:
    """Show an e-mail as it is written from the record now: to whom, about what, and what it says."""
    with visit.record.reading() as session:
        row = session.get(Message, visit.parts["message"])
        if row is None or row.area not in areas_for(visit.reader, Action.SEE_MESSAGES):
            raise NotFoundError("there is no such message in your area")
        email = preview(session, row, visit.as_at, visit.here.mail)
        text = email.get_body(("plain",))
        shown = page(
            visit, "message.html", row=row, text=text.get_content() if text is not None else "",
            files=[part.get_filename() for part in email.iter_attachments() if part.get_filename()],
            answers_to=email["Reply-To"] or "",
        )  # fmt: skip
        told_of = cases_of(session, row)
    for case_id, reference in told_of:
        reads.note(visit.record, visit.reader, case_id, reference, "/messages", "reads the outbox", visit.as_at)
    return shown


def cases_of(session: Session, message: Message) -> Sequence[tuple[int, str]]:
    """Return the cases of which a message speaks."""
    query = (
        select(Case.id, Case.reference)
        .join(Timescale, Timescale.case_id == Case.id)
        .join(Prompt, Prompt.timescale_id == Timescale.id)
        .where(Prompt.message_id == message.id, Case.restricted.is_(False))
        .distinct()
        .order_by(Case.id)
    )
    return [(row.id, row.reference) for row in session.execute(query)]
