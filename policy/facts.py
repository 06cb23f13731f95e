"""The facts of a case as the rules of time see them: plain, frozen, without the record."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from policy.agencies import Agency
from policy.custody import Stay
from policy.events import EventKind
from policy.outside import NOTHING_TOLD, Outside
from policy.subjects import THE_CASE, Subject
from policy.vocabulary import Category, Level, Location

Named = tuple[str, str]
"""Somebody the facts name: (e-mail address, name); either may be empty."""


@dataclass(frozen=True, slots=True)
class IdentificationFact:
    """One sentence to be identified: its key in the record, its date, and when it was decided.

    ``agency``: whose duty it is; None: the lead agency's.
    """

    subject: Subject
    sentence_date: date
    identified_on: date | None
    agency: str | None = None


@dataclass(frozen=True, slots=True)
class ReferralFact:
    """One referral (MAPPA A).

    ``returned_on``: when it was sent back, incomplete or for more information. ``decided_on``: when screening
    answered it, with whatever decision.
    """

    subject: Subject
    received_on: date
    complete: bool
    returned_on: date | None = None
    decided_on: date | None = None


@dataclass(frozen=True, slots=True)
class LevelFact:
    """A level and the day from which it held."""

    level: Level
    since: date


@dataclass(frozen=True, slots=True)
class ReviewFact:
    """A level 1 review: the day, and the agencies that took part. ``refers``: it asked for a referral."""

    on: date
    agencies: tuple[str, ...]
    subject: Subject = THE_CASE
    refers: bool = False


@dataclass(frozen=True, slots=True)
class AbsenceFact:
    """A required agency that neither came to a meeting nor reported.

    ``nth`` counts the agency's absences on the case. ``settled_on``: a late report or an accepted reason. ``invited``:
    a person of the agency itself was. ``withdrawn_because``: the agency was not required on the day, as is known now.
    """

    agency: str
    nth: int
    contact: Named
    settled_on: date | None = None
    invited: bool = True
    withdrawn_because: str | None = None


@dataclass(frozen=True, slots=True)
class MeetingFact:
    """One meeting, planned or held, at a level. ``planned_on`` is the day it was arranged."""

    subject: Subject
    number: int
    on: date
    planned_on: date
    level: int
    held: bool
    invitees: tuple[Named, ...] = ()
    chair: Named = ("", "")
    minutes_on: date | None = None
    posted_on: date | None = None
    absences: tuple[AbsenceFact, ...] = ()


@dataclass(frozen=True, slots=True)
class ActionFact:
    """One action set at a meeting, with its own date. ``closed_on``: done with an outcome, or not done for a reason.

    ``dated_on``: a later meeting carried it on and gave it the date it has. ``passed_on``: somebody else took it over.
    """

    subject: Subject
    number: int
    set_on: date
    due_on: date
    agency: str
    owner: Named
    chair: Named = ("", "")
    closed_on: date | None = None
    dated_on: date | None = None
    passed_on: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class UrgentFact:
    """An incident after which the leading agency wants an urgent meeting (police authorised professional practice)."""

    subject: Subject
    on: date


@dataclass(frozen=True, slots=True)
class ChargeFact:
    """A serious further offence charged while the person was at level 2 or 3.

    Source: MAPPA guidance, serious case reviews; Joint inspection 2015, 7.11.

    ``considered_on``: the SMB decided whether there is to be a case review. ``reported_on``: the report on the offence
    reached the SMB Chair and the coordinator.
    """

    subject: Subject
    on: date
    considered_on: date | None = None
    reported_on: date | None = None


@dataclass(frozen=True, slots=True)
class DisclosureFact:
    """One disclosure: proposed, approved or refused by a second person, made or not made.

    ``dated_on``: a later meeting carried it on and gave it the date it has.

    Source: Joint inspection 2015, 5.23 to 5.25.
    """

    subject: Subject
    number: int
    proposed_on: date
    due_on: date
    agency: str
    discloser: Named
    chair: Named = ("", "")
    answered_on: date | None = None
    approved: bool = False
    closed_on: date | None = None
    dated_on: date | None = None


@dataclass(frozen=True, slots=True)
class PlanCause:
    """Something besides a meeting for which the plan is to be written anew, from a day on, and what it is.

    ``answered_by`` are the days of the versions that know of it; None: any from that day on does.
    """

    subject: Subject
    since: date
    what: str
    answered_by: tuple[date, ...] | None = None


@dataclass(frozen=True, slots=True)
class EventFact:
    """One event in custody, on leave or on licence, and the days on which what it left to do was done.

    ``until_on``: a leave ends then. ``victim_contact``: a victim is to hear of it. ``serious``: a serious further
    offence was charged. ``clear``: a test found nothing. ``recorded_at``: the hour in London at which it was recorded,
    which tells it from another of its kind and day.
    """

    subject: Subject
    number: int
    kind: EventKind
    on: date
    known_on: date
    victim_contact: bool = False
    until_on: date | None = None
    reviewed_on: date | None = None
    consulted_on: date | None = None
    partnered_on: date | None = None
    returned_on: date | None = None
    victim_told_on: date | None = None
    serious: bool = False
    clear: bool = False
    recorded_at: str = ""


@dataclass(frozen=True, slots=True)
class OrderFact:
    """One court order with an end, and when it was decided what comes after it."""

    subject: Subject
    what: str
    ends_on: date
    known_on: date
    reviewed_on: date | None = None


@dataclass(frozen=True, slots=True)
class NotificationFact:
    """Notification without an end: its relevant date, whether under 18 on it, and its reviews.

    ``reviews`` are (day, day of the next or None), the oldest first.
    """

    since: date
    young: bool
    reviews: tuple[tuple[date, date | None], ...] = ()


@dataclass(frozen=True, slots=True)
class TransferFact:
    """A proposal to hand the case to another area, and when it was answered."""

    subject: Subject
    proposed_on: date
    to_area: str
    receiver: Named
    answered_on: date | None = None


@dataclass(frozen=True, slots=True)
class EndingFact:
    """A day on which something that holds the person ends, known by what it is (``category_2``, ``sentence``).

    ``planned_on``: an exit plan for it was recorded. ``checked_on``: the end-of-sentence check decided.
    """

    what: str
    on: date
    planned_on: date | None = None
    checked_on: date | None = None


@dataclass(frozen=True, slots=True)
class OwnViewsFact:
    """The person was asked for their own views: when, and for which meeting by its number (None: the next)."""

    on: date
    meeting: int | None = None


@dataclass(frozen=True, slots=True)
class VisorFact:
    """What somebody said that ViSOR has of the case on a day: the lead agency and the level (None: not set yet)."""

    on: date
    lead_agency: str
    level: Level | None


@dataclass(frozen=True, slots=True)
class ConferenceFact:
    """What was told on a day of a conference elsewhere (``marac`` or ``child_protection``).

    ``held_on``: its day, past or to come; None: there is none. ``decided``: what was decided there was told too.
    """

    which: str
    on: date
    held_on: date | None
    decided: bool


@dataclass(frozen=True, slots=True)
class ConfirmedFact:
    """The Chair confirmed that the agency's own plan was updated: when, and after which meeting (None: the last)."""

    on: date
    meeting: int | None = None


@dataclass(frozen=True, slots=True)
class ProblemFact:
    """A question about a case, or work on it that failed: about what, since when, and when it was settled."""

    subject: Subject
    about: str
    since: date
    settled_on: date | None = None


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What the rules need to know of one case.

    ``eligible`` is False while a person must still decide. ``sentence_date`` is the date of the sentence that keeps the
    person in custody: no mark lies before it. ``release_date`` is None where nobody knows it or the person is not
    in custody; ``door_opens_on``: the day on which they leave. ``levels`` is the history of levels, the oldest
    first. ``plans_on`` are the days on which the plan was written, in their order. ``circumstances`` are those of
    the policy that hold. ``stays`` are the places where the person has been, the oldest first; ``categories`` all
    that hold. ``dates_told``: the days on which the prison said which dates stand. ``notified_on``: the person
    notified the police after a release. ``licence_until``: the last day on licence, None without one;
    ``licence_proposed_on``: its conditions were proposed. ``prison_reported_on``: the prison reported to a meeting.
    ``opened_in_error``: whoever closed the case said that it should never have been opened. ``police_named``: the case
    names a police offender manager. ``status_told_on``: the person was told
    of their status, or it was decided not to. ``visor_from``: the day from which a category that the person has, or
    had, asks for a record on ViSOR at any level. ``holds_since``: since when circumstances hold that ask for a
    conference or an assessment; ``assessed_by``: the days of the risk assessments by each tool.
    """

    location: Location
    eligible: bool
    sentence_date: date
    release_date: date | None
    door_opens_on: date | None = None
    identifications: tuple[IdentificationFact, ...] = ()
    stays: tuple[Stay, ...] = ()
    categories: frozenset[Category] = frozenset()
    prison_notices: tuple[date, ...] = ()
    dates_told: tuple[date, ...] = ()
    notified_on: tuple[date, ...] = ()
    neighbourhood_told_on: tuple[date, ...] = ()
    closed_on: date | None = None
    opened_in_error: bool = False
    lead_agency: str = Agency.PROBATION
    referrals: tuple[ReferralFact, ...] = ()
    levels: tuple[LevelFact, ...] = ()
    reviews: tuple[ReviewFact, ...] = ()
    meetings: tuple[MeetingFact, ...] = ()
    actions: tuple[ActionFact, ...] = ()
    urgent: tuple[UrgentFact, ...] = field(default=())
    opened_on: date | None = None
    endings: tuple[EndingFact, ...] = ()
    charges: tuple[ChargeFact, ...] = ()
    disclosures: tuple[DisclosureFact, ...] = ()
    plans_on: tuple[date, ...] = ()
    plan_causes: tuple[PlanCause, ...] = ()
    events: tuple[EventFact, ...] = ()
    orders: tuple[OrderFact, ...] = ()
    notification: NotificationFact | None = None
    transfers: tuple[TransferFact, ...] = ()
    circumstances: frozenset[str] = frozenset()
    questions: tuple[ProblemFact, ...] = ()
    failures: tuple[ProblemFact, ...] = ()
    police_named: bool = False
    licence_until: date | None = None
    licence_proposed_on: tuple[date, ...] = ()
    prison_reported_on: tuple[date, ...] = ()
    outside: Outside = NOTHING_TOLD
    status_told_on: tuple[date, ...] = ()
    own_views: tuple[OwnViewsFact, ...] = ()
    visor_from: date | None = None
    on_visor: tuple[VisorFact, ...] = ()
    conferences: tuple[ConferenceFact, ...] = ()
    holds_since: Mapping[str, date] = field(default_factory=dict)
    assessed_by: Mapping[str, tuple[date, ...]] = field(default_factory=dict)
    plans_confirmed: tuple[ConfirmedFact, ...] = ()

    @property
    def where(self) -> tuple[Stay, ...]:
        """Return where the person has been, the oldest stay first; without a history, where they are."""
        return self.stays or (Stay(self.location, self.sentence_date),)

    @property
    def door(self) -> date | None:
        """Return the day on which the person leaves custody: what counts "before release" counts from it."""
        return self.door_opens_on or self.release_date

    @property
    def closed(self) -> bool:
        """Tell whether the case is closed."""
        return self.closed_on is not None

    @property
    def level(self) -> Level | None:
        """Return the level the case is at."""
        return self.levels[-1].level if self.levels else None

    @property
    def referred(self) -> bool:
        """Tell whether a complete referral stands."""
        return any(referral.complete and referral.returned_on is None for referral in self.referrals)
