"""The page of a case: who it is, what is due and why, what is to be decided, and a picture of its life."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session
from starlette.responses import Response

from casework.recording.case_now import CaseNow, case_now
from casework.recording.fact_type import FactType, Group
from casework.recording.registry import KINDS
from models.cases import WHOSE_DUTY, Case, Draft, Problem, about_duty
from models.obligations import Timescale
from models.people import Person
from models.take_on import is_undecided
from policy.errors import NotFoundError
from policy.kinds.words import kind_words
from policy.vocabulary import FactKind
from views.cases import person_case
from views.duties import DutyView, duties
from views.person_page import ParticularsView, other_episodes
from views.problems import problems
from web.access.rights import Action, answering, recordable, role_to_record, why
from web.desk.life import Life, life_of
from web.pages import page
from web.routes import Pages
from web.visit import Visit, number_in

PAGES = Pages()
TABS = (
    ("Summary", ""),
    ("Plan", "/plan"),
    ("Meetings and actions", "/meetings"),
    ("People and agencies", "/people"),
    ("Orders and events", "/events"),
    ("Messages", "/messages"),
    ("History", "/history"),
)


@dataclass(frozen=True, slots=True)
class Due:
    """Something that is due, why it is due, and the forms by which the reader can answer it."""

    duty: DutyView
    to_do: str
    source: str
    runs_from: date
    policy: str
    answers: tuple[FactType, ...]


def head(session: Session, visit: Visit) -> dict[str, Any]:
    """Return what stands at the top of every page of a case."""
    case = session.get_one(Case, visit.case.id)
    person, now = session.get_one(Person, case.person_id), case_now(session, case)
    return {
        "now": now,
        "person": person,
        "case": person_case(session, person, case),
        "particulars": ParticularsView.model_validate(case),
        "others": other_episodes(session, person, case),
        "why": why(visit.case.access),
        "tabs": [
            {"text": text, "href": f"/cases/{case.reference}{path}", "active": visit.path.endswith(
                case.reference + path)}
            for text, path in TABS
        ],
        "offered": offered(visit, now),
    }  # fmt: skip


def offered(visit: Visit, now: CaseNow) -> list[FactType]:
    """Return the kinds of fact that apply to the case as it stands, and that the reader may record."""
    return [known for known in recordable(visit.case.access, KINDS.values()) if known.offered(now)]


def grouped(types: list[FactType]) -> list[tuple[str, list[FactType]]]:
    """Return kinds of fact under their headings, in the order of a case's life."""
    found = [(group.value, [known for known in types if known.group is group]) for group in Group]
    return [(title, known) for title, known in found if known]


@PAGES.get("/cases/{reference}", Action.SEE_CASE)
def summary(visit: Visit) -> Response:
    """Show the case as it stands."""
    with visit.record.reading() as session:
        case = session.get_one(Case, visit.case.id)
        life: Life = life_of(session, case, visit.today)
        top = head(session, visit)
        return page(
            visit, "case.html", **top, due=due_on(session, visit, top["now"]), life=life,
            questions=[question for question in problems(session, case=case.reference, unresolved=True)
                       if question.kind == "question"],
            answers=answers_to_questions(visit), done=done(session, visit),
        )  # fmt: skip


def answers_to_questions(visit: Visit) -> dict[str, str]:
    """Return the kinds of fact that the reader may record, by name, with their titles."""
    return {known.kind.value: known.title for known in recordable(visit.case.access, KINDS.values())}


def said_of(session: Session, visit: Visit, subject: str | None = None) -> list[str]:
    """Return what people said of duties of the case that are not theirs, in their words; of one, or of each."""
    query = select(Problem.reason).where(
        Problem.case_id == visit.case.id, Problem.stage == WHOSE_DUTY, Problem.resolved_at.is_(None)
    )
    if subject is not None:
        query = query.where(Problem.subject == subject)
    return list(session.scalars(query.order_by(Problem.id)))


def done(session: Session, visit: Visit) -> dict[str, Any] | None:
    """Return what came of the form that was just sent, which the address names; None where it names none."""
    draft = session.get(Draft, number_in(visit.query.get("done", "")) or 0)
    return draft.outcome if draft is not None and draft.owner == visit.reader.email else None


def due_on(session: Session, visit: Visit, now: CaseNow) -> list[Due]:
    """Return what is due on the case, the oldest first."""
    found = duties(session, Timescale.case_id == visit.case.id)
    rows = {row.id: row for row in session.scalars(select(Timescale).where(Timescale.case_id == visit.case.id))}
    return [due_of(visit, duty, rows[duty.id], now) for duty in found]


def due_of(visit: Visit, duty: DutyView, row: Timescale, now: CaseNow) -> Due:
    """Return one thing that is due, with its reason: the rule, where that stands, and the day it runs from."""
    return Due(
        duty=duty,
        to_do=kind_words(duty.kind.value).to_do,
        source=duty.kind.spec.source,
        runs_from=row.anchor_on,
        policy=row.policy_version,
        answers=answering(visit.case.access, duty.kind, now),
    )


@PAGES.get("/cases/{reference}/due/{number}", Action.SEE_CASE)
def one_duty(visit: Visit) -> Response:
    """Show one thing that is due: what is asked, by when, what happens otherwise, and how to answer."""
    with visit.record.reading() as session:
        top = head(session, visit)
        found = [one for one in due_on(session, visit, top["now"]) if str(one.duty.id) == visit.parts["number"]]
        if not found:
            raise NotFoundError("this is not due, or it is no longer due")
        [due] = found
        row = session.get_one(Timescale, due.duty.id)
        rungs = [(date.fromisoformat(rung["on"]), rung["to"]) for rung in row.ladder[row.next_rung :]]
        return page(
            visit, "duty.html", **top, due=due, rungs=rungs,
            may_pause=role_to_record(visit.case.access, KINDS[FactKind.PAUSE]),
            disowned=said_of(session, visit, about_duty(row.id)),
            may_decide=waits_for_a_decision(session, row)
            and role_to_record(visit.case.access, KINDS[FactKind.TAKEN_ON]),
        )  # fmt: skip


def waits_for_a_decision(session: Session, row: Timescale) -> bool:
    """Tell whether a duty was overdue when its area was taken on, and nobody has decided on it."""
    is_one = exists().where(Timescale.id == row.id, is_undecided(session.get_one(Case, row.case_id).area))
    return bool(session.scalar(select(is_one)))


@PAGES.get("/cases/{reference}/record", Action.RECORD)
def what_to_record(visit: Visit) -> Response:
    """Show what can be recorded on the case now."""
    with visit.record.reading() as session:
        top = head(session, visit)
        return page(visit, "record_choice.html", **top, groups=grouped(top["offered"]))
