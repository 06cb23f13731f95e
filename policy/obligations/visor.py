"""What ViSOR makes due: that a record is there, with the lead agency and the level of the case."""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from policy.facts import CaseFacts
from policy.kinds import Identification
from policy.obligations.owed import Owed
from policy.obligations.reviews import LEVEL_CHANGED, stretches
from policy.obligations.rules import makes_due
from policy.obligations.spells import MULTI_AGENCY
from policy.subjects import THE_CASE, Subject
from policy.words import agency_inside, short_date


@makes_due(Identification.VISOR_RECORD)
def owed_on_visor(facts: CaseFacts) -> Iterator[Owed]:
    """Yield that the record on ViSOR is made, and put right after each change of the level or of the lead agency.

    Source: joint inspection 2015, 2.12 (every category 1, level 2 and level 3 case), 4.15 (lead agency) and 5.29
    (level). Where only the level asks for a record, a case that comes down to level 1 before it was made needs none;
    one that was made is kept right from then on.
    """
    wanted, until = wanted_on_visor(facts)
    if not facts.eligible or wanted is None:
        return
    first = min((one.on for one in facts.on_visor), default=None)
    yield owed(THE_CASE, wanted, first, "to be made", until)
    if first is None:
        return
    for stretch in stretches(facts.levels):
        if stretch.since <= max(wanted, first):
            continue
        right = [one.on for one in facts.on_visor if one.on >= stretch.since and one.level is stretch.level]
        right = [day for day in right if stretch.until is None or day <= stretch.until]
        label = f"level {int(stretch.level)} from {short_date(stretch.since)}"
        yield owed(Subject(day=stretch.since), stretch.since, min(right, default=None), label, stretch.until)
    yield from owed_on_lead_agency(facts)


def wanted_on_visor(facts: CaseFacts) -> tuple[date | None, date | None]:
    """Return from which day a record on ViSOR is wanted, and when that ended before a category asked for it."""
    many = [stretch for stretch in stretches(facts.levels) if stretch.level in MULTI_AGENCY]
    by_level = max(many[0].since, facts.opened_on or many[0].since) if many else None
    if facts.visor_from is not None:
        return min(facts.visor_from, by_level or facts.visor_from), None
    return by_level, many[-1].until if many else None


def owed_on_lead_agency(facts: CaseFacts) -> Iterator[Owed]:
    """Yield that the lead agency on ViSOR is put right, from the first day on which another may have taken over.

    The record has no history of lead agencies: an identification or a transfer since ViSOR was last right tells the
    day, and without one that day itself does.
    """
    changes = [one.identified_on for one in facts.identifications] + [one.answered_on for one in facts.transfers]
    newest = facts.on_visor[-1]
    for entry, after in [*pairwise(facts.on_visor), (newest, None)]:
        leads = facts.lead_agency if after is None else after.lead_agency
        if entry.lead_agency == leads:
            continue
        known = [day for day in changes if day is not None and day > entry.on and (after is None or day <= after.on)]
        since = min(known, default=entry.on)
        subject = Subject("lead_agency", day=entry.on)
        yield owed(subject, since, None if after is None else after.on, f"lead agency: {agency_inside(leads)}", None)


def owed(subject: Subject, since: date, met_on: date | None, label: str, until: date | None) -> Owed:
    """Return one duty about the record on ViSOR."""
    kind = Identification.VISOR_RECORD
    return Owed(kind, subject, since, since, met_on, label=label, missed_on=until, overtaken_by=LEVEL_CHANGED)
