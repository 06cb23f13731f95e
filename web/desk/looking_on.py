"""What the unit and the operator look on: the outbox, what failed or waits for a person, the numbers in force."""

from sqlalchemy import ColumnElement, func, select
from starlette.responses import Response

from models.cases import Case
from models.obligations import Message
from models.record import policies
from notifications.outbox.decisions import OPEN_TO_DECISION, mark_sent, resend
from policy.errors import InvalidError
from policy.timescale_rules import TimescaleRule
from policy.vocabulary import MessageState
from policy.words import listed, plain_words, role_name
from views.problems import problems
from web.access.rights import Action, areas_for
from web.desk.paging import paged
from web.pages import go, page
from web.routes import Pages
from web.visit import Visit

PAGES = Pages()


@PAGES.get("/messages", Action.SEE_MESSAGES)
def messages(visit: Visit) -> Response:
    """Show the e-mails of the reader's areas, the newest first; by state where one is asked for."""
    state = visit.query.get("state", "")
    where: list[ColumnElement[bool]] = [Message.area.in_(areas_for(visit.reader, Action.SEE_MESSAGES))]
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
                    open_to_decision=OPEN_TO_DECISION)  # fmt: skip


@PAGES.post("/messages/decide", Action.SETTLE_MESSAGES)
def decide(visit: Visit) -> Response:
    """Send a message again, or take it as sent: one that may or may not have left is decided here."""
    chosen, what = visit.text("message"), visit.text("what")
    with visit.record.writing() as session:
        row = session.get(Message, chosen)
        if row is None or row.area not in areas_for(visit.reader, Action.SETTLE_MESSAGES):
            raise InvalidError("there is no such message in your area")
        if what == "resend":
            resend(session, chosen, visit.reader.name, visit.as_at)
        elif what == "sent":
            mark_sent(session, chosen, visit.reader.name, visit.as_at)
        else:
            raise InvalidError("choose whether to send it again or to take it as sent")
    return go("/messages")


@PAGES.get("/problems", Action.SEE_PROBLEMS)
def open_problems(visit: Visit) -> Response:
    """Show what failed and what waits for a person in the reader's areas: by the reference of the case alone.

    An operator sees those of every area, and those of no case.
    """
    of_areas = Case.area.in_(areas_for(visit.reader, Action.SEE_PROBLEMS))
    conditions = () if visit.reader.operator else (of_areas,)
    with visit.record.reading() as session:
        return page(visit, "problems.html", rows=list(problems(session, *conditions, unresolved=True)))


@PAGES.get("/policy", Action.SEE_POLICY)
def policy(visit: Visit) -> Response:
    """Show the numbers in force: each timescale with its date and its ladder, and where it stands in the sources."""
    area = next(iter(areas_for(visit.reader, Action.SEE_POLICY)), "")
    with visit.record.reading() as session:
        numbers = policies(session).for_area(area, visit.today)
    rows = [
        (kind.spec.title, f"{rule.offset} from the {plain_words(rule.from_).lower()}", ladder_words(rule), rule.source)
        for kind, rule in numbers.timescales.items()
    ]
    return page(visit, "policy.html", policy=numbers, area=area, rows=rows)


def ladder_words(rule: TimescaleRule) -> str:
    """Return a ladder in words: each rung with those it goes to."""
    return "; ".join(f"{rung.known_as}: {listed(role_name(to) for to in rung.to)}" for rung in rule.rungs)
