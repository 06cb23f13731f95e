"""The other pages of a case: plan, meetings and actions, people, orders and events, messages, history."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.responses import Response

from casework.recording.registry import KINDS
from models.audit import AuditEntry
from models.cases import Case
from models.directory import DirectoryEntry
from models.meetings import Action as ActionRow
from models.meetings import Meeting, MinutesVersion
from models.obligations import Message, Prompt, Timescale
from models.record import policies
from policy.kinds import BY_NAME
from policy.vocabulary import FactKind
from policy.words import opening
from views.absences import absences
from views.actions import actions
from views.disclosures import disclosures
from views.documents import papers_view
from views.events import events
from views.meetings import meetings
from views.orders import orders
from views.person_page import facts
from views.plan import newest_version, plan_view
from views.prompts import prompts
from views.referrals import levels, referrals
from views.transfers import transfers
from web.access.rights import Action, roles_for
from web.desk.case import head
from web.desk.forms.shape import shaped
from web.desk.forms.told import told
from web.desk.printing import as_pdf, document
from web.pages import page
from web.routes import Pages
from web.visit import Visit

PAGES = Pages()
READS_SHOWN = 200
NOT_OF_THE_PLAN = ("date", "agency", "by", "carried_forward")
TITLES = {kind.value: known.title for kind, known in KINDS.items()} | {
    name: kind.spec.title for name, kind in BY_NAME.items()
}


@PAGES.get("/cases/{reference}/plan", Action.SEE_CASE)
def plan(visit: Visit) -> Response:
    """Show the newest version of the risk management plan."""
    with visit.record.reading() as session:
        case = session.get_one(Case, visit.case.id)
        newest = newest_version(session, case)
        shown = None if newest is None else plan_view(session, case.reference, None, visit.today)
        fields = shaped(KINDS[FactKind.PLAN].form, policies(session).for_area(case.area, visit.today))
        parts = [] if shown is None else told(
            [field for field in fields if field.name not in NOT_OF_THE_PLAN], shown.content, {}, visit.today
        )  # fmt: skip
        return page(visit, "case_plan.html", **head(session, visit), plan=shown, parts=parts,
                    levels=list(levels(session, case)), referrals=list(referrals(session, crn=case.reference)),
                    disclosures=list(disclosures(session, crn=case.reference)))  # fmt: skip


@PAGES.get("/cases/{reference}/meetings", Action.SEE_CASE)
def case_meetings(visit: Visit) -> Response:
    """Show the meetings of the case, their actions, and who stayed away."""
    with visit.record.reading() as session:
        reference = visit.case.reference
        words = {row.number: row.text for row in session.scalars(
            select(ActionRow).where(ActionRow.case_id == visit.case.id))}  # fmt: skip
        return page(
            visit, "case_meetings.html", **head(session, visit), words=words, minuted=minuted(session, visit.case.id),
            meetings=list(meetings(session, crn=reference)), actions=list(actions(session, crn=reference)),
            absences=list(absences(session, crn=reference)),
            sees_room=bool(roles_for(visit.case.access, Action.SEE_ROOM)),
        )  # fmt: skip


def minuted(session: Session, case_id: int) -> set[int]:
    """Return the numbers of the meetings of a case that have minutes, in whatever state."""
    query = select(Meeting.number).join(MinutesVersion).where(Meeting.case_id == case_id)
    return set(session.scalars(query.distinct()))


@PAGES.get("/cases/{reference}/meetings/{number}/papers", Action.SEE_CASE)
def papers(visit: Visit) -> Response:
    """Show the papers of a meeting, to read and to print."""
    with visit.record.reading() as session:
        return document(papers_view(session, visit.case.reference, visit.number("number")).html)


@PAGES.get("/cases/{reference}/meetings/{number}/papers/pdf", Action.SEE_CASE)
def papers_as_pdf(visit: Visit) -> Response:
    """Give the papers of a meeting as PDF."""
    with visit.record.reading() as session:
        html = papers_view(session, visit.case.reference, visit.number("number")).html
    return as_pdf(html, f"{visit.case.reference} meeting {visit.number('number')} papers")


@PAGES.get("/cases/{reference}/people", Action.SEE_CASE)
def people(visit: Visit) -> Response:
    """Show who works on the case, who speaks for each agency that owes something, and the circumstances."""
    with visit.record.reading() as session:
        case = session.get_one(Case, visit.case.id)
        return page(visit, "case_people.html", **head(session, visit), speakers=speakers(session, case),
                    circumstances=circumstances(case), sentences=case.person.standing,
                    transfers=list(transfers(session, crn=case.reference)))  # fmt: skip


def circumstances(case: Case) -> list[tuple[str, str]]:
    """Return how the person lives, in words."""
    known: dict[str, Any] = case.circumstances or {}
    words = {True: "Yes", False: "No"}
    return [(opening(name.replace("_", " ")), words.get(value, str(value))) for name, value in known.items()]


def speakers(session: Session, case: Case) -> list[DirectoryEntry]:
    """Return the representatives of the agencies in the area of the case, and its MAPPA unit."""
    query = select(DirectoryEntry).where(
        DirectoryEntry.area == case.area, DirectoryEntry.role.in_(("representative", "coordinator", "administrator"))
    )
    found = session.scalars(query.order_by(DirectoryEntry.agency, DirectoryEntry.name, DirectoryEntry.id))
    return sorted(found, key=lambda entry: (entry.agency, entry.name, entry.id))


@PAGES.get("/cases/{reference}/events", Action.SEE_CASE)
def case_events(visit: Visit) -> Response:
    """Show court orders, and what happened in custody and on licence."""
    with visit.record.reading() as session:
        reference = visit.case.reference
        return page(visit, "case_events.html", **head(session, visit), events=list(events(session, crn=reference)),
                    orders=list(orders(session, crn=reference)))  # fmt: skip


@PAGES.get("/cases/{reference}/messages", Action.SEE_CASE)
def case_messages(visit: Visit) -> Response:
    """Show the e-mails about the case: to whom, about what, and whether they left."""
    with visit.record.reading() as session:
        rows = session.execute(
            select(Message.id, Message.recipient, Message.subject, Message.state, Message.reason, Message.created_at,
                   Message.sent_at)
            .join(Prompt, Prompt.message_id == Message.id)
            .join(Timescale, Timescale.id == Prompt.timescale_id)
            .where(Timescale.case_id == visit.case.id)
            .distinct()
            .order_by(Message.created_at.desc(), Message.id)
        ).all()  # fmt: skip
        return page(visit, "case_messages.html", **head(session, visit), messages=rows)


@PAGES.get("/cases/{reference}/history", Action.SEE_CASE)
def history(visit: Visit) -> Response:
    """Show everything that happened on the case as one line of time, the newest first: facts, prompts, reads."""
    shown = visit.query.get("show", "")
    with visit.record.reading() as session:
        case = session.get_one(Case, visit.case.id)
        lines: list[tuple[datetime, str, str, str]] = []
        if shown in ("", "facts"):
            lines += [(one.recorded_at, "fact", one.kind.value, one.recorded_by) for one in facts(session, case)]
        if shown in ("", "prompts"):
            lines += [
                (one.raised_at, "prompt", one.kind.value, f"{one.rung}, to the {one.recipient_role.spec.title}")
                for one in prompts(session, crn=case.reference)
            ]
        if shown == "reads":
            lines += reads_of(session, case.id)
        lines.sort(key=lambda line: line[0], reverse=True)
        return page(visit, "case_history.html", **head(session, visit), lines=lines, shown=shown, titles=TITLES)


def reads_of(session: Session, case_id: int) -> list[tuple[datetime, str, str, str]]:
    """Return who read the case, the newest first."""
    query = select(AuditEntry).where(AuditEntry.chain == f"reads/{case_id}").order_by(AuditEntry.seq.desc())
    return [
        (entry.at, "read", (entry.after or {}).get("page", ""), f"{entry.actor}: {(entry.after or {}).get('why', '')}")
        for entry in session.scalars(query.limit(READS_SHOWN))
    ]
