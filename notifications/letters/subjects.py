"""The subject of a message: what is to be done, by when, and the reference of the case.

A subject names no person and no CRN. It is made when the message is queued, from what it
carries and the day from which it may go, so it is the same each time.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from policy.announcements import announcement_of
from policy.events import EventKind, told_by
from policy.kinds import Events, Meetings
from policy.kinds.words import kind_words, place_of
from policy.letters import MessageKind
from policy.roles import Role
from policy.take_on import TAKE_ON
from policy.words import listed, near_date, opening, short_near_date

LONGEST = 200
"""What the column of a subject holds."""
NAMED = 3
"""How many kinds of things a subject names before it counts the others."""


@dataclass(frozen=True, slots=True)
class Item:
    """One prompt as a subject needs it. ``audience``: the role it speaks to. ``restricted``: its case is not named."""

    timescale_id: int
    kind: str
    reference: str
    due_on: date
    rung: str = ""
    label: str | None = None
    audience: str = ""
    restricted: bool = False

    @property
    def name(self) -> str:
        """Return what it is about, without a capital."""
        return kind_words(self.kind, self.audience).short


def subject_of(kind: str, items: Sequence[Item], day: date) -> str:
    """Return the subject of a message of a kind that carries ``items``, on the day from which it may go."""
    things = sorted(
        {one.timescale_id: one for one in items}.values(),
        key=lambda one: (one.due_on, place_of(one.kind), one.reference, one.timescale_id),
    )
    subject = SUBJECTS[MessageKind(kind)](things, day)
    return subject if len(subject) <= LONGEST else f"{subject[: LONGEST - 4].rpartition(' ')[0]} ..."


def digest_subject(things: Sequence[Item], day: date) -> str:
    """Return the subject of a digest: what is to be done, what to attend, what is only news; one thing by its case."""
    to_do = [one for one in things if not informs(one) and not attends(one)]
    meetings = [one for one in things if attends(one)]
    news = [one for one in things if informs(one)]
    if len(news) == 1 and not to_do and not meetings:
        announced = announcement_of(news[0].rung)
        return f"{announced.spec.title if announced else ''}, {news[0].reference}"
    parts = [tasks(to_do, day)] if to_do else []
    parts += [to_attend(meetings, day)] if meetings else []
    parts += [listed(news_words(one.rung for one in news))] if news else []
    return opening("; ".join(parts))


def tasks(to_do: Sequence[Item], day: date) -> str:
    """Return what is to be done: one thing by its date and case, several counted by kind."""
    first, *others = to_do
    if not others:
        when = "was due" if first.due_on < day else "due"
        return f"{first.name} {when} {short_near_date(first.due_on, day)}, {first.reference}"
    overdue = sum(one.due_on < day for one in to_do)
    when = f"{overdue} overdue" if overdue else f"first by {short_near_date(first.due_on, day)}"
    return f"{kinds_counted(to_do)} to do, {when}"


def to_attend(meetings: Sequence[Item], day: date) -> str:
    """Return which meetings are to be attended: one by its day and case, several by their number and the first day."""
    first, *others = meetings
    on = short_near_date(first.due_on, day)
    return f"{len(meetings)} meetings, first on {on}" if others else f"meeting on {on}, {first.reference}"


def escalation_subject(things: Sequence[Item], day: date) -> str:
    """Return the subject of an escalation. Only what was due before the day is called overdue."""
    overdue = sum(one.due_on < day for one in things)
    first, *others = things
    if not others:
        what = f"Overdue: {kind_words(first.kind).short}" if overdue else needed(first, day)
        return f"{what}, {first.reference}"
    names = escalated_kinds(things)
    if overdue == len(things):
        return f"{overdue} overdue: {names}"
    return f"{len(things)} things need you{f', {overdue} overdue' if overdue else ''}: {names}"


def needed(one: Item, day: date) -> str:
    """Return what is the matter with a thing that is not overdue yet: in words of its kind, or by when it is due."""
    words = kind_words(one.kind)
    return opening(words.raised or f"needs you now: {words.short} due {short_near_date(one.due_on, day)}")


def stuck_subject(things: Sequence[Item], day: date) -> str:
    """Return the subject of a list of what is stuck: how much, since when, and the case of the oldest."""
    named = [one for one in things if not one.restricted]
    if not named:
        return opening(f"{restricted_cases(one.reference for one in things)} stuck")
    oldest, since = named[0], short_near_date(named[0].due_on, day)
    if all(one.rung == TAKE_ON for one in things):
        what = "1 duty was" if len(things) == 1 else f"{len(things):,} duties were"
        return f"{what} overdue when your area was taken on, the oldest since {since}"
    if len(things) == 1:
        return f"Stuck since {since}: {oldest.name}, {oldest.reference}"
    return f"{len(things):,} things are stuck, the oldest since {since}: {oldest.name}, {oldest.reference}"


def restricted_cases(references: Iterable[str]) -> str:
    """Return how many restricted cases some references are of, in words: nothing else is said of them by e-mail."""
    count = len(set(references))
    return f"{count} restricted case{'' if count == 1 else 's'}"


def actions_subject(things: Sequence[Item], day: date) -> str:
    """Return the subject of a letter about new actions."""
    first, *others = things
    by = short_near_date(first.due_on, day)
    if not others:
        return f"New action for you, due {by}, {first.reference}"
    references = {one.reference for one in things}
    of = f", {first.reference}" if len(references) == 1 else ""
    return f"{len(things)} new actions for you, first by {by}{of}"


def event_subject(things: Sequence[Item], _: date) -> str:
    """Return the subject of a letter about events: the name of the one, or how many and which.

    A serious further offence stands for its charge.
    """
    charged = ["Serious further offence"] if any(one.kind == Events.CASE_REVIEW for one in things) else []
    told = dict.fromkeys(told_by(one.label or "") for one in things if one.kind != Events.CASE_REVIEW)
    happened = [(kind, apart) for kind, apart in told if not (charged and kind is EventKind.FURTHER_CHARGE)]
    titles = charged + [kind.spec.title if kind is not None else "Event" for kind, _ in happened]
    reference = things[0].reference
    if len(titles) > 1:
        return f"{len(titles)} events: {kinds_named(titles)}, {reference}"
    apart = next((apart for _, apart in happened), "")
    return f"{titles[0]}{f' ({apart})' if apart else ''}, {reference}"


def about_the_case(words: str) -> Callable[[Sequence[Item], date], str]:
    """Return how the subject of a letter is made: these words and the case."""
    return lambda things, _: f"{words}, {things[0].reference}"


def with_its_day(
    words: str, written: Callable[[date, date], str] = short_near_date
) -> Callable[[Sequence[Item], date], str]:
    """Return how the subject of a letter is made that names the day its timescale is due."""
    return lambda things, day: f"{words} {written(things[0].due_on, day)}, {things[0].reference}"


def informs(one: Item) -> bool:
    """Tell whether a prompt is news only: its reader need do nothing by a date."""
    announced = announcement_of(one.rung)
    return announced is not None and announced.spec.informs


def news_words(rungs: Iterable[str], single: str = "1") -> list[str]:
    """Return what is only news, counted by what it is: ``1 new case``. ``single``: how the number one is written."""
    told = Counter(announced.spec.counted for rung in rungs if (announced := announcement_of(rung)) is not None)
    return [f"{single} {one}" if count == 1 else f"{count} {several}" for (one, several), count in told.items()]


def attends(one: Item) -> bool:
    """Tell whether a prompt reminds somebody of a meeting to which they are invited: that is no task of theirs."""
    return is_attended(one.kind, one.audience) and not informs(one)


def is_attended(kind: str, audience: str) -> bool:
    """Tell whether a timescale is a meeting that its reader is invited to."""
    return kind == Meetings.MEETING and audience == Role.INVITEE


def kinds_counted(things: Iterable[Item]) -> str:
    """Return how many there are of each kind; behind the first few the number of the others."""
    counts = Counter(kind_words(one.kind, one.audience).counted for one in things)
    named = [f"{count} {one if count == 1 else several}" for (one, several), count in counts.items()]
    more = sum(list(counts.values())[NAMED:])
    return listed(named[:NAMED] + ([f"{more} more"] if more else []))


def escalated_kinds(things: Iterable[Item]) -> str:
    """Return what an escalation is about, by kind: its words for what escalates early, or the name of its things."""
    counts = Counter(one.kind for one in things)
    return kinds_named(
        words.raised or (words.short if count == 1 else words.counted[1])
        for words, count in ((kind_words(kind), count) for kind, count in counts.items())
    )


def kinds_named(names: Iterable[str]) -> str:
    """Return the names of kinds, each once; behind the first few the number of the others."""
    kinds = list(dict.fromkeys(names))
    more = len(kinds) - NAMED
    return ", ".join(kinds[:NAMED]) + (f" and {more} more" if more > 0 else "")


SUBJECTS: dict[MessageKind, Callable[[Sequence[Item], date], str]] = {
    MessageKind.DIGEST: digest_subject,
    MessageKind.ESCALATION: escalation_subject,
    MessageKind.STUCK_LIST: stuck_subject,
    MessageKind.REFERRAL_RETURNED: with_its_day("Referral sent back, complete it by"),
    MessageKind.SCREENING_OUTCOME: about_the_case("Outcome of screening"),
    MessageKind.INVITATION: with_its_day("Meeting on", near_date),
    MessageKind.CANCELLATION: with_its_day("Cancelled: meeting on", near_date),
    MessageKind.INVITATION_TAKEN_BACK: with_its_day("You need not come: meeting on", near_date),
    MessageKind.ACTIONS: actions_subject,
    MessageKind.MINUTES: about_the_case("Final minutes"),
    MessageKind.ATTENDANCE_LETTER: about_the_case("An agency missed a meeting and has not reported"),
    MessageKind.GP_LETTER: with_its_day("Request to your practice, please answer by"),
    MessageKind.DISCLOSURE: with_its_day("Disclosure to make by"),
    MessageKind.EVENT: event_subject,
}
