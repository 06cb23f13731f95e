"""All that is on record of one person, with the case that is shown of them. No other view has the person's name."""

from collections.abc import Iterator
from datetime import date

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.cases import Case, Fact
from models.people import Person
from policy.vocabulary import Disposal, FactKind
from views.absences import AbsenceView, absences
from views.actions import ActionView, actions
from views.cases import CaseView, person_case
from views.disclosures import DisclosureView, disclosures
from views.events import EventView, events
from views.meetings import MeetingView, meetings
from views.model import Moment, View, filled
from views.orders import OrderView, orders
from views.person import person_and_case
from views.plan import PlanVersionView, newest_version
from views.problems import ProblemView, problems
from views.prompts import PromptView, prompts
from views.referrals import LevelView, ReferralView, levels, referrals
from views.timescales import LabelledTimescaleView, timescale_query
from views.transfers import TransferView, transfers


class SentenceView(View, title="Sentence"):
    """A sentence, order or caution, and what identification made of it."""

    sentence_date: date = Field(description="When it was passed.")
    offence_code: str = Field(description="The CJS code of the offence.")
    offence_description: str | None = Field(description="The offence in words.")
    disposal: Disposal = Field(description="What was imposed.")
    term_months: int | None = Field(description="How long; null where it has no term.")
    outcome: str | None = Field(description="Whether it makes the person eligible; null while it waits.")
    outcome_reason: str | None = Field(description="Why.")


class FactView(View, title="Recorded fact"):
    """That something was recorded, without its words."""

    on_date: date = Field(description="The day it is about.")
    kind: FactKind = Field(description="What was recorded.")
    recorded_by: str = Field(description="Who recorded it.")
    recorded_at: Moment = Field(description="When.")


class EpisodeView(View, title="Other episode"):
    """Another case of the same person."""

    reference: str = Field(description="The reference of the case.")
    closed_on: date | None = Field(description="When it was closed; null while it is open.")


class ParticularsView(View, title="Particulars of a case"):
    """Who works on a case, where the person is, and since when it is open."""

    restricted: bool = Field(description="Whether the case is restricted.")
    level_set_on: date | None = Field(description="When the level was set; null where none is.")
    offender_manager: str | None = Field(description="The offender manager.")
    offender_manager_email: str | None = Field(description="Their address.")
    police_offender_manager: str | None = Field(description="The police offender manager.")
    police_offender_manager_email: str | None = Field(description="Their address.")
    location: str = Field(description="`custody`, `community` or `hospital`.")
    prison: str | None = Field(description="The prison.")
    rosh_level: str | None = Field(description="The risk of serious harm.")
    opened_on: date = Field(description="When it was opened.")
    closed_on: date | None = Field(description="When it was closed; null while it is open.")
    closed_reason: str | None = Field(description="Why it was closed.")


class CasePage(View, title="Page of a case"):
    """A case, and everything on it."""

    particulars: ParticularsView = Field(description="Who works on it, and where the person is.")
    other_episodes: list[EpisodeView] = Field(description="The other cases of the person.")
    levels: list[LevelView] = Field(description="The history of levels.")
    referrals: list[ReferralView] = Field(description="The referrals.")
    meetings: list[MeetingView] = Field(description="The meetings.")
    actions: list[ActionView] = Field(description="The actions.")
    absences: list[AbsenceView] = Field(description="The absences.")
    plan: PlanVersionView | None = Field(description="The newest version of the plan; null where there is none.")
    disclosures: list[DisclosureView] = Field(description="The disclosures.")
    events: list[EventView] = Field(description="The events.")
    orders: list[OrderView] = Field(description="The court orders.")
    transfers: list[TransferView] = Field(description="The transfers between areas.")
    timescales: list[LabelledTimescaleView] = Field(description="What is due.")
    prompts: list[PromptView] = Field(description="The prompts that were raised.")
    facts: list[FactView] = Field(description="What was recorded.")
    problems: list[ProblemView] = Field(description="What failed, and what waits for a person.")


class PersonPage(View, title="Page of a person"):
    """A person by name, the case that is shown, and the sentences."""

    crn: str = Field(description="The CRN.")
    noms_number: str | None = Field(description="The NOMIS number.")
    pnc_number: str | None = Field(description="The PNC number.")
    surname: str = Field(description="The surname.")
    forenames: str = Field(description="The forenames.")
    date_of_birth: date = Field(description="The date of birth.")
    summary: CaseView = Field(description="The case as every list shows it.")
    case: CasePage | None = Field(description="All that is on the case; null for a person without one.")
    sentences: list[SentenceView] = Field(description="The sentences, orders and cautions.")


def person_page(session: Session, key: str) -> PersonPage:
    """Return all that is on record of a person, by CRN or case reference."""
    person, case = person_and_case(session, key)
    return PersonPage(
        crn=person.crn,
        noms_number=person.noms_number,
        pnc_number=person.pnc_number,
        surname=person.surname,
        forenames=person.forenames,
        date_of_birth=person.date_of_birth,
        summary=person_case(session, person, case),
        case=None if case is None else case_page(session, person, case),
        sentences=[SentenceView.model_validate(sentence) for sentence in person.sentences],
    )


def case_page(session: Session, person: Person, case: Case) -> CasePage:
    """Return a case with everything on it."""
    of_case = case.reference
    return CasePage(
        particulars=ParticularsView.model_validate(case),
        other_episodes=[EpisodeView.model_validate(other) for other in other_episodes(session, person, case)],
        levels=list(levels(session, case)),
        referrals=list(referrals(session, crn=of_case)),
        meetings=list(meetings(session, crn=of_case)),
        actions=list(actions(session, crn=of_case)),
        absences=list(absences(session, crn=of_case)),
        plan=newest_version(session, case),
        disclosures=list(disclosures(session, crn=of_case)),
        events=list(events(session, crn=of_case)),
        orders=list(orders(session, crn=of_case)),
        transfers=list(transfers(session, crn=of_case)),
        timescales=list(filled(session, timescale_query().where(Case.id == case.id), LabelledTimescaleView)),
        prompts=list(prompts(session, crn=of_case)),
        facts=list(facts(session, case)),
        problems=list(problems(session, case=of_case, unresolved=True)),
    )


def other_episodes(session: Session, person: Person, case: Case) -> list[Case]:
    """Return the other cases of a person, and those under other CRNs that were found to be the same person's."""
    folded_in = (
        select(Case)
        .where(Case.person_id.in_(select(Person.id).where(Person.merged_into_id == person.id)))
        .order_by(Case.id)
    )
    return [other for other in (*person.cases, *session.scalars(folded_in)) if other.id != case.id]


def facts(session: Session, case: Case) -> Iterator[FactView]:
    """Yield that something was recorded on a case, by its day and id."""
    query = select(Fact.on_date, Fact.kind, Fact.recorded_by, Fact.recorded_at).where(Fact.case_id == case.id)
    return filled(session, query.order_by(Fact.on_date, Fact.id), FactView)
