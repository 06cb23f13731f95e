"""What the person themselves makes due: to be told of their status, and to be asked for their own views."""

from collections.abc import Iterator

from policy.facts import CaseFacts, MeetingFact, OwnViewsFact
from policy.kinds import ThePerson
from policy.obligations.owed import Owed
from policy.obligations.reviews import LEVEL_CHANGED, stretches
from policy.obligations.rules import makes_due
from policy.subjects import Subject
from policy.words import short_date


@makes_due(ThePerson.STATUS_TOLD)
def owed_on_status(facts: CaseFacts) -> Iterator[Owed]:
    """Yield that the person is told in writing of each level that begins (joint inspection 2015, 4.20).

    The next level overtakes it. Being told on the day of a change counts for the new level. A level from before the
    case counts from its opening.
    """
    for stretch in stretches(facts.levels):
        since = max(stretch.since, facts.opened_on or stretch.since)
        told = [day for day in facts.status_told_on if day >= stretch.since]
        told = [day for day in told if stretch.until is None or day < stretch.until]
        yield Owed(
            ThePerson.STATUS_TOLD,
            Subject(day=stretch.since),
            since,
            since,
            min(told, default=None),
            label=f"level {int(stretch.level)} from {short_date(stretch.since)}",
            missed_on=stretch.until,
            overtaken_by=LEVEL_CHANGED,
        )


@makes_due(ThePerson.OWN_VIEWS)
def owed_on_own_views(facts: CaseFacts) -> Iterator[Owed]:
    """Yield that the person is asked for their own views before each meeting (Lancashire annual report 2014-15).

    The record of a meeting says what the person wrote or said when invited, so that a meeting that was held answers it.
    """
    for meeting in facts.meetings:
        asked = [one.on for one in facts.own_views if is_for(one, meeting, facts.meetings)]
        days = [*asked, meeting.on] if meeting.held else asked
        yield Owed(
            ThePerson.OWN_VIEWS,
            meeting.subject,
            meeting.on,
            min(meeting.planned_on, meeting.on),
            min(days, default=None),
            label=f"meeting {meeting.number}",
        )


def is_for(views: OwnViewsFact, meeting: MeetingFact, meetings: tuple[MeetingFact, ...]) -> bool:
    """Tell whether somebody was asked for their views for a meeting: the one named, else the next from that day on."""
    if views.meeting is not None:
        return views.meeting == meeting.number
    ahead = [one for one in meetings if one.on >= views.on]
    return bool(ahead) and min(ahead, key=lambda one: (one.on, one.number)) == meeting
