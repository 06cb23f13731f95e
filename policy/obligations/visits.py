"""The visits that the plan promises: each due until it was made (Joint inspection 2015, 5.15 to 5.16, 6.26)."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise

from policy.agencies import Agency
from policy.facts import CaseFacts
from policy.kinds import Community
from policy.obligations.community import communities
from policy.obligations.owed import Owed
from policy.obligations.release import AWAY_AGAIN
from policy.obligations.rules import makes_due
from policy.outside import Schedule, VisitFact
from policy.roles import Role
from policy.subjects import Subject
from policy.timescale_rules import VariantName

# What tells a visit nobody knows of beforehand from one that is announced; the record keeps 40 characters of all.
UNANNOUNCED, LONGEST = "un", 26
NO_LONGER_PLANNED = "the plan no longer asks for it"


@makes_due(Community.VISIT)
def owed_on_visits(facts: CaseFacts) -> Iterator[Owed]:
    """Yield each visit that the plan promises while the person is in the community.

    From the day of the plan, or of the release, and then from each visit. One that was not announced is also one that
    is made; one that was, is none where the plan says that nobody knows of it before. A visit at which nobody was in
    is not made (Joint inspection 2015, 6.28: five attempts at one visit).
    """
    for schedule in facts.outside.schedules:
        made = sorted({one.on for one in facts.outside.visits if counts_for(one, schedule)})
        for stay in communities(facts):
            begins = max(stay.since, schedule.since)
            ends = min((day for day in (stay.until, schedule.until) if day is not None), default=None)
            if ends is not None and ends <= begins:
                continue
            days = [day for day in made if day > begins and (ends is None or day <= ends)]
            for anchor, met_on in pairwise([begins, *days, None]):
                assert anchor is not None, "only the last of the pairs ends in None"
                yield one_visit(facts, schedule, anchor, met_on, ends, stay.until)


def one_visit(
    facts: CaseFacts, schedule: Schedule, anchor: date, met_on: date | None, ends: date | None, left_on: date | None
) -> Owed:
    """Return the visit that is due after a day."""
    due = anchor + timedelta(days=days_after(schedule.days, anchor if met_on is not None else date.max))
    how = "announced" if schedule.announced else "unannounced"
    variants: tuple[VariantName, ...] = () if schedule.announced else ("unannounced",)
    return Owed(
        Community.VISIT,
        Subject("" if schedule.announced else UNANNOUNCED, agency=schedule.agency[:LONGEST], day=anchor),
        due,
        anchor,
        met_on,
        variants=variants,
        agency=schedule.agency,
        owner_role=owner_of(schedule.agency, facts.lead_agency).value,
        label=f"{schedule.agency.replace('_', ' ')}, {how}",
        missed_on=ends,
        overtaken_by=AWAY_AGAIN if ends == left_on else NO_LONGER_PLANNED,
    )


def counts_for(visit: VisitFact, schedule: Schedule) -> bool:
    """Tell whether a visit is one that a plan promises."""
    return visit.agency == schedule.agency and visit.seen and (schedule.announced or not visit.announced)


def days_after(days: Sequence[tuple[date, int]], on: date) -> int:
    """Return after how many days a visit is due by the version of the plan that held on a day, else by the first."""
    return next((number for since, number in reversed(days) if since <= on), days[0][1])


def owner_of(agency: str, lead_agency: str) -> Role:
    """Return who of an agency makes its visits."""
    if agency == Agency.POLICE:
        return Role.POLICE_OFFENDER_MANAGER
    return Role.OFFENDER_MANAGER if agency == lead_agency else Role.REPRESENTATIVE
