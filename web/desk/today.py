"""Today: what I owe, what only a person can decide, and what has happened since I was last here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session
from starlette.responses import Response

from casework.recording.registry import KINDS
from models.cases import QUESTION, Case, Problem
from models.obligations import Timescale
from notifications.letters.besides import OF_THE_BOARD, caseload_warnings, overdue_actions
from policy.addresses import normal
from policy.roles import Role
from policy.vocabulary import FactKind
from policy.words import near_date
from views.board_business import BoardActionView, board_actions
from views.duties import DutyView, count_of, duties
from views.problems import ProblemView, problems
from web.access.owing import brought_to, has_team, of_the_team, owed_by, owed_for
from web.access.relations import readable
from web.access.rights import Action
from web.desk.news import news
from web.pages import page
from web.routes import Pages
from web.visit import Visit

PAGES = Pages()
SHOWN, QUESTIONS_SHOWN = 25, 25
THIS_WEEK, NEXT = timedelta(days=7), timedelta(days=56)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the list. ``rest``: how many more there are; ``when``: the filter that shows them all."""

    title: str
    when: str
    rows: Sequence[DutyView]
    rest: int

    @property
    def total(self) -> int:
        """Return how many there are."""
        return len(self.rows) + self.rest


@PAGES.get("/today", Action.SIGNED_IN)
def today(visit: Visit) -> Response:
    """Show the day: one's own work, or that of those one answers for."""
    team = has_team(visit.reader) and visit.query.get("of") == "team"
    mine = of_the_team(visit.reader) if team else owed_by(visit.reader)
    with visit.record.reading() as session:
        sections = [section for section in sections_of(session, visit, mine) if section.rows]
        others = [] if team else list(for_others(session, visit))
        brought = [] if team else list(duties(session, brought_to(visit.reader), limit=SHOWN))
        shown = (*brought, *(row for part in (*sections, *others) for row in part.rows))
        masked = masked_among(session, visit, (row.case for row in shown))
        following = None if sections else next(duties(session, mine, limit=1), None)
        return page(
            visit, "today.html", sections=sections, others=others, brought=brought, masked=masked, team=team,
            has_team=has_team(visit.reader), questions=questions(session, visit), news=news(session, visit),
            following=following, besides=besides(session, visit),
        )  # fmt: skip


def sections_of(session: Session, visit: Visit, mine: ColumnElement[bool]) -> Iterable[Section]:
    """Yield the parts of the list: overdue, this week, next, and what is past its last reminder."""
    week, coming = visit.today + THIS_WEEK, visit.today + NEXT
    stuck = Timescale.stuck_since.is_not(None)
    parts: Sequence[tuple[str, str, ColumnElement[bool]]] = (
        ("Overdue", "overdue", and_(Timescale.due_on < visit.today, ~stuck)),
        ("Stuck: past the last reminder", "stuck", stuck),
        ("This week", "week", and_(Timescale.due_on >= visit.today, Timescale.due_on <= week, ~stuck)),
        ("Next", "next", and_(Timescale.due_on > week, Timescale.due_on <= coming, ~stuck)),
    )
    for title, when, condition in parts:
        rows = list(duties(session, mine, condition, limit=SHOWN))
        rest = count_of(session, mine, condition) - len(rows) if len(rows) == SHOWN else 0
        yield Section(title, when, rows, rest)


def for_others(session: Session, visit: Visit) -> Iterable[Section]:
    """Yield, for each colleague who is away and has handed over to the reader, what they owe now and in eight weeks."""
    coming = Timescale.due_on <= visit.today + NEXT
    away = dict.fromkeys((hat.away, hat.away_name, hat.until) for hat in visit.reader.hats if hat.away)
    for email, name, until in away:
        theirs = owed_for(visit.reader, email)
        rows = list(duties(session, theirs, coming, limit=SHOWN))
        rest = count_of(session, theirs, coming) - len(rows) if len(rows) == SHOWN else 0
        title = f"For {name}, who is away until {near_date(until or visit.today, visit.today)}"
        yield Section(title, "", rows, rest)


def besides(session: Session, visit: Visit) -> dict[str, Sequence[BoardActionView]]:
    """Return what is of no case and is told to some roles, with the actions it is about.

    It is the board's overdue actions, and caseloads above the policy.
    """
    email, told = normal(visit.reader.email), dict[str, Sequence[BoardActionView]]()
    for hat in visit.reader.hats:
        if hat.away:
            continue
        if hat.role in OF_THE_BOARD and (late := overdue_actions(session, hat.area, visit.today)):
            told[late] = list(board_actions(session, hat.area, visit.today, only_overdue=True))
        if hat.role is Role.LINE_MANAGER:
            # Of somebody whom only cases name as a manager, the cases say in which areas.
            named = select(Case.area).where(Case.line_manager_email == email).group_by(Case.area).order_by(Case.area)
            for area in session.scalars(named) if hat.named else [hat.area]:
                told[caseload_warnings(session, area, visit.today).get(email, "")] = ()
    told.pop("", None)
    return told


def masked_among(session: Session, visit: Visit, references: Iterable[str]) -> frozenset[str]:
    """Return those of some cases that the reader may not read: their lines show no more than that they are there."""
    asked = set(references)
    if not asked:
        return frozenset()
    query = select(Case.reference).where(Case.reference.in_(asked), readable(visit.reader, visit.as_at))
    return frozenset(asked - set(session.scalars(query)))


def questions(session: Session, visit: Visit) -> list[tuple[ProblemView, list[tuple[FactKind, str]]]]:
    """Return the open questions that the reader's roles can answer, each with the forms that do."""
    held = {hat.role for hat in visit.reader.hats}
    found = []
    conditions = (Problem.kind == QUESTION, Problem.case_id.is_not(None), readable(visit.reader, visit.as_at))
    for question in problems(session, *conditions, unresolved=True):
        kinds = [FactKind(kind) for kind in question.answered_by]
        forms = [(kind, KINDS[kind].title) for kind in kinds if held & set(KINDS[kind].who)]
        if forms:
            found.append((question, forms))
        if len(found) == QUESTIONS_SHOWN:
            break
    return found
