"""What is known of where and how a person lives outside, as the rules of time see it."""

from dataclasses import dataclass
from datetime import date

from policy.subjects import Subject
from policy.vocabulary import Dwelling


@dataclass(frozen=True, slots=True)
class HomeFact:
    """Where somebody lives, or will live, as it was told on a day: from when, and until when where that is planned."""

    subject: Subject
    told_on: date
    dwelling: Dwelling
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class DetailsFact:
    """Details that changed: what, when, and when somebody learnt of it."""

    subject: Subject
    what: str
    changed_on: date
    known_on: date


@dataclass(frozen=True, slots=True)
class JourneyFact:
    """A journey abroad that was notified, and the day on which it was told that the person is back, or did not go."""

    subject: Subject
    told_on: date
    leaves_on: date
    returns_on: date
    back_on: date | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """The visits of one agency that the plan promises, announced or not.

    ``since``: the version that began it; ``until``: the one that no longer has it. ``days``: after how many days a
    visit is due, from which version on, the oldest first.
    """

    agency: str
    announced: bool
    since: date
    days: tuple[tuple[date, int], ...]
    until: date | None = None


@dataclass(frozen=True, slots=True)
class VisitFact:
    """A visit that was made, or tried: ``seen`` is False where nobody was in."""

    on: date
    agency: str
    announced: bool
    seen: bool = True


@dataclass(frozen=True, slots=True)
class Outside:
    """What the record tells of the life outside, the oldest first.

    ``work_restricted_since``: the day on which it was told that there are restrictions on employment, None where no day
    is known; ``jobcentre_told_on``: Jobcentre Plus was told of them. ``notified_again_on``: the person notified the
    police after the first time. ``homes_notified``: at a notification, the first one too, the person told the police
    of a fixed home (True) or of having none. ``moves``: new addresses, each once; ``moves_followed_up_on``: somebody
    told neighbourhood policing and looked at the plan. ``missing_decided_on``: it was decided what is done to find a
    missing person.
    """

    homes: tuple[HomeFact, ...] = ()
    work_restricted_since: date | None = None
    jobcentre_told_on: tuple[date, ...] = ()
    notified_again_on: tuple[date, ...] = ()
    homes_notified: tuple[tuple[date, bool], ...] = ()
    details: tuple[DetailsFact, ...] = ()
    moves: tuple[DetailsFact, ...] = ()
    moves_followed_up_on: tuple[date, ...] = ()
    journeys: tuple[JourneyFact, ...] = ()
    missing_decided_on: tuple[date, ...] = ()
    schedules: tuple[Schedule, ...] = ()
    visits: tuple[VisitFact, ...] = ()


NOTHING_TOLD = Outside()
