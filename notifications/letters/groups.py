"""The prompts of a message in groups, by kind: each thing one row with its day, how that stands, and what to say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from notifications.letters.lines import PromptLine
from policy.announcements import Announcement, announcement_of
from policy.kinds.words import kind_words, place_of, speaks_apart_to
from policy.take_on import TAKE_ON
from policy.words import days_left, listed, near_date, opening, role_name

LINES_OF_A_LIST = 50
STUCK_ADVICE = (
    "Have {each} done and recorded, pause it with a reason, or decide that it is not needed. Until then it stays on "
    "this list."
)
TAKE_ON_ADVICE = (
    "Decide what happens to {each}. Have it done and recorded. Or adopt it, and its reminders start that day. Or put "
    "it down, and say why. Until you decide, it stays on your weekly list of what is stuck."
)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a group: a case, what is due on it, and when; several rungs of one timescale are one row.

    ``standing``: how many days are left, or have passed. ``when``: both as a sentence, "" of what only informs.
    """

    reference: str
    what: str
    due: str
    standing: str
    when: str
    overdue: bool
    notes: tuple[str, ...]
    link: str


@dataclass(frozen=True, slots=True)
class Group:
    """The rows of one kind under one heading, with the advice that goes for all of them.

    ``attended``: meetings to come to, which are not due. ``goes_on``: the group before has the same heading.
    ``own``: in an escalation, what the reader owes themselves.
    """

    heading: str
    advice: str
    rows: tuple[Row, ...]
    dated: bool
    attended: bool = False
    goes_on: bool = False
    own: bool = False


def grouped(lines: Sequence[PromptLine], today: date, desk_url: str | None, chasing: bool) -> list[Group]:
    """Return the prompts by kind in a fixed order, what only informs last, each group's rows by due date."""
    ordered = sorted(
        lines,
        key=lambda line: (
            *group_place(line),
            date.min if line.informs else line.due_on,
            line.reference,
            line.timescale_id,
            line.revision,
            line.rung_on,
        ),
    )
    groups: list[Group] = []
    for _, members in groupby(ordered, key=group_place):
        first, *others = members
        heading, title, advice = texts_of(first, chasing)
        by_timescale = groupby([first, *others], key=lambda line: (line.timescale_id, line.revision))
        rows = tuple(row_of(list(rungs), title, today, desk_url) for _, rungs in by_timescale)
        goes_on = bool(groups) and groups[-1].heading == heading
        groups.append(Group(heading, advice, rows, not first.informs, first.attends, goes_on, first.own))
    return groups


def by_harm(line: PromptLine) -> tuple[int, date]:
    """Return where a duty stands in the list with which an area begins: the higher level first, then the later."""
    return -(line.level or 0), line.due_on


def oldest_first(lines: Sequence[PromptLine], today: date, desk_url: str | None) -> tuple[list[Group], int]:
    """Return the list of what is stuck as one group, and how many are left out.

    What has been due longest comes first; in the list with which an area begins, what is at the highest level.
    """
    begins = begins_an_area(lines)
    ordered = sorted(
        lines,
        key=lambda line: (
            *(by_harm(line) if begins else (0, line.due_on)), place_of(line.kind), line.reference, line.timescale_id
        ),
    )  # fmt: skip
    by_timescale = groupby(ordered, key=lambda line: (line.due_on, line.kind, line.reference, line.timescale_id))
    rows = []
    for _, members in by_timescale:
        rungs = list(members)
        rows.append(row_of(rungs, kind_words(rungs[0].kind).title, today, desk_url))
    shown = tuple(rows[:LINES_OF_A_LIST])
    advice = (TAKE_ON_ADVICE if begins else STUCK_ADVICE).format(each="it" if len(rows) == 1 else "each of these")
    heading = "Highest level first" if begins else "Oldest first"
    return [Group(heading, advice, shown, True)] if shown else [], len(rows) - len(shown)


def begins_an_area(lines: Sequence[PromptLine]) -> bool:
    """Tell whether a list is the one with which an area begins."""
    return all(line.rung == TAKE_ON for line in lines)


def texts_of(line: PromptLine, chasing: bool) -> tuple[str, str, str]:
    """Return the heading of a group, what each of its rows is called, and the advice that goes for all of them."""
    announced = announcement_of(line.rung)
    if announced is not None and announced.spec.informs:
        return announced.spec.heading, announced.spec.title, announced.spec.to_do
    words = kind_words(line.kind, line.audience, line.state)
    return words.heading, words.title, words.chase if chasing and not line.own else words.to_do


def group_place(line: PromptLine) -> tuple[bool, int, str, str, str, bool]:
    """Return where the group of a prompt stands in the message."""
    if line.informs:
        return True, -place_of(line.kind), line.kind, line.rung.partition(" ")[0], "", False
    apart = line.audience if speaks_apart_to(line.kind, line.audience) else ""
    return False, place_of(line.kind), line.kind, apart, line.state, line.own


def link_to(line: PromptLine, desk_url: str | None) -> str:
    """Return the address at the desk: where the prompt is answered, or the case where there is nothing to answer."""
    if not desk_url:
        return ""
    if asks_for_an_answer(line):
        return f"{desk_url}/answer/{line.timescale_id}"
    return f"{desk_url}/cases/{line.reference}"


def asks_for_an_answer(line: PromptLine) -> bool:
    """Tell whether the reader of a prompt is to answer it: news, and a meeting to come to, only lead to the case."""
    return not (line.informs or line.attends)


def row_of(rungs: Sequence[PromptLine], title: str, today: date, desk_url: str | None) -> Row:
    """Return the one row of a timescale from the rungs raised on it."""
    line = rungs[0]
    passed = line.due_on < today
    return Row(
        reference=line.reference,
        what=name_of(title, line.label),
        due="" if line.informs else near_date(line.due_on, today),
        standing="" if line.informs or (line.attends and passed) else days_left(line.due_on, today),
        when="" if line.informs else when_of(line, today),
        overdue=passed and not line.informs and not line.attends,
        notes=tuple(notes_on(rungs, today)),
        link=link_to(line, desk_url),
    )


def when_of(line: PromptLine, today: date) -> str:
    """Return by when something is due and how that stands, or when a meeting is to be attended, as a sentence."""
    day, left = near_date(line.due_on, today), days_left(line.due_on, today)
    if line.due_on >= today:
        return f"{day}, {left}." if line.attends else f"Due {day}, {left}."
    return f"It was on {day}." if line.attends else f"{opening(left)}: it was due on {day}."


def name_of(title: str, label: str | None) -> str:
    """Return what a timescale is called: ``Action 5``, ``Exit plan (category 2)``."""
    if not label:
        return title
    number = label.removeprefix("number ")
    return f"{title} {number}" if number != label and " " not in title else f"{title} ({label})"


def notes_on(rungs: Sequence[PromptLine], today: date) -> list[str]:
    """Return what to say besides of the rungs of one timescale: how late they are, for whom the recipient stands in."""
    missing = dict.fromkeys(rung.stands_in_for for rung in rungs if rung.stands_in_for)
    notes = [
        note for note in (*rungs[0].duty, rungs[0].told, lateness(rungs, today), pause_words(rungs, today)) if note
    ]
    notes += [f"For {who}, who is away until {near_date(until, today)}." for who, until in away_of(rungs)]
    return notes + [f"We have no e-mail address for the {role_name(role)}, so we are asking you." for role in missing]


def away_of(rungs: Sequence[PromptLine]) -> list[tuple[str, date]]:
    """Return for whom, of those who are away, the rungs of one timescale went to a colleague, and until when."""
    return list(dict.fromkeys((rung.away or rung.away_email, rung.away_until) for rung in rungs if rung.away_until))


def pause_words(rungs: Sequence[PromptLine], today: date) -> str:
    """Return until when the rungs of one timescale were paused; nothing where they were not."""
    if any(announcement_of(rung.rung) is Announcement.RESUMED for rung in rungs):
        return "The pause has ended, and reminders go out again."
    held = [rung.held_until for rung in rungs if rung.held_until is not None]
    return f"This was paused until {near_date(max(held), today)}." if held else ""


def lateness(rungs: Sequence[PromptLine], today: date) -> str:
    """Return on which days late reminders should have gone out; nothing where all are on time.

    Several rungs of one day (a short sentence) count once.
    """
    late = dict.fromkeys(near_date(rung.rung_on, today) for rung in rungs if rung.late_by_days > 0)
    if not late:
        return ""
    if len({rung.rung_on for rung in rungs}) == 1:
        return f"This should have reached you on {listed(late)}."
    return f"We should have reminded you on {listed(late)}."
