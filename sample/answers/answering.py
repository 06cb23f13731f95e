"""The invented people of a simulation: each working day they record what is due of them, and nothing else.

Everything goes through ``casework.recording``, a day in a few transactions. What is refused is counted: what was to
be refused as such, anything else with its reasons; the rest of the day goes on.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from casework.errors import RefusedError
from casework.recording import Actor, Entry, Through, record_many
from casework.recording.drafts import keep_draft
from models.record import Record, working_calendar
from policy.calendar import london_date, london_time
from policy.kinds import Meetings, Plan, Release
from sample.answers import (
    actions,
    after_events,
    after_meetings,
    before_meetings,
    disclosing,
    endings,
    happening,
    meetings,
    notifying,
    orders_and_areas,
    outside,
    plan_book,
    questions,
    the_person,
)
from sample.answers.agenda import Agenda
from sample.answers.day import Day, read_day
from sample.answers.life import HAPPENS
from sample.answers.open_things import CATEGORY_3, FIRST_LEVEL, Open
from sample.answers.plans import Planner, Step
from sample.answers.rates import Rates, read_rates

ACTOR = Actor(id="simulated", name="simulated", through=Through.SAMPLE)
# When people record: after the prompts of the morning, before those of the next.
HOUR = time(16)
# Facts in one transaction.
BATCH = 200
MOST_LISTED = 20

Write = Callable[[Day, Open, Step], list[Entry]]
WRITERS: dict[str, Write] = {
    "notice": before_meetings.notice,
    "confirm_dates": before_meetings.confirm_dates,
    "refer": before_meetings.refer,
    "screen": before_meetings.screen,
    "review": before_meetings.review_level_1,
    "incident": before_meetings.incident,
    "arrange": meetings.arrange,
    "move": meetings.move,
    "cancel": meetings.cancel,
    "hold": meetings.hold,
    "draft": after_meetings.minutes,
    "final": after_meetings.minutes,
    "post": after_meetings.post,
    "report": after_meetings.absent,
    "reason": after_meetings.absent,
    "ask_representative": after_meetings.absent,
    "ask_senior_manager": after_meetings.absent,
    "done": actions.answer_action,
    "not_done": actions.answer_action,
    "no_outcome": actions.answer_action,
    "plan_exit": endings.plan_exit,
    "check_end": endings.check_end,
    **happening.WRITERS,
    **after_events.WRITERS,
    **disclosing.WRITERS,
    **plan_book.WRITERS,
    **orders_and_areas.WRITERS,
    **outside.WRITERS,
    **notifying.WRITERS,
    **questions.WRITERS,
    **the_person.WRITERS,
}
# What is told at a meeting that is held today.
TOLD_THERE = (Meetings.ACTION, Plan.DISCLOSURE, Plan.DISCLOSURE_APPROVAL)
# On a day on which one of these is due, nothing else happens to somebody.
NO_OTHER_DAY = {"hold", "release", "parole_outcome", "write_plan", "answer_transfer", "check_end", "level"}
# After one of these nobody is looked for any more.
FOUND = {"back", "release"}
LEVELS: dict[str, Write] = {
    Release.LEVEL_SETTING: before_meetings.level_1,
    FIRST_LEVEL: before_meetings.first_level,
}


@dataclass(slots=True)
class Given:
    """What the answers came to. ``unexpected`` lists refusals that were not meant: case or person, kind, reasons."""

    seed: int
    facts: Counter[str] = field(default_factory=Counter)
    refused_as_meant: int = 0
    refused: int = 0
    unexpected: list[str] = field(default_factory=list)
    absences: int = 0
    escalations_to_smb_chair: int = 0

    @property
    def meetings_held(self) -> int:
        """Return how many meetings were held."""
        return self.facts["meeting"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What one step records: one fact, or several that belong together."""

    of: Open
    entries: list[Entry]


class Answering:
    """Answers day by day, for one seed."""

    def __init__(self, record: Record, seed: int, rates: Rates | None = None, area: str | None = None) -> None:
        """Take what the answers follow from: the record, the seed and the rates."""
        with record.reading() as session:
            calendar = working_calendar(session)
        self.record = record
        self.planner = Planner(seed, rates or read_rates(), calendar)
        self.agenda = Agenda(self.planner, area)
        self.given = Given(seed)

    def between(self, after: datetime, until: datetime) -> None:
        """Answer on each day whose hour of answering lies after one moment and not after another.

        People answer while the clock of the program stands still, too: an outage is the clock's alone.
        """
        day = london_date(after)
        while day <= london_date(until):
            if after < london_time(day, HOUR) <= until:
                self.answer(day)
            day += timedelta(days=1)

    def answer(self, day: date) -> None:
        """Record what is due on a day; nobody does on a day that is no working day."""
        if not self.planner.calendar.is_working_day(day):
            return
        with self.record.reading() as session:
            self.agenda.look(session, day)
            steps = self.agenda.take(day)
            if not steps:
                return
            today = read_day(session, day, self.planner, steps)
            meant, answers = self.write(today)
        when = london_time(day, HOUR)
        self.be_refused(meant, when)
        for batch in batches(answers):
            self.record_batch(batch, when)

    def write(self, today: Day) -> tuple[list[Answer], list[Answer]]:
        """Return what today's steps record: what is to be refused, and the rest in the order of the cases."""
        meant: list[Answer] = []
        answers: list[Answer] = []
        for of, step in fitting(today.steps):
            writer = LEVELS[of.kind] if step.what == "level" else WRITERS[step.what]
            entries = writer(today, of, step)
            if entries:
                (meant if step.what == "no_outcome" else answers).append(Answer(of, entries))
        return meant, answers

    def be_refused(self, meant: Sequence[Answer], when: datetime) -> None:
        """Try to record what the record has to refuse; it keeps the draft, as it does for anybody."""
        if not meant:
            return
        with self.record.writing() as session:
            for answer in meant:
                [entry] = answer.entries
                try:
                    record_many(session, [entry], actor=ACTOR, as_at=when)
                except RefusedError as error:
                    keep_draft(session, entry, error.reasons, actor=ACTOR, as_at=when)
                    self.given.refused_as_meant += 1
                else:
                    self.note_unexpected(answer, ["it was recorded, and should have been refused"])

    def record_batch(self, answers: Sequence[Answer], when: datetime) -> None:
        """Record answers in one transaction; where one is refused, its halves are, down to the one."""
        entries = [entry for answer in answers for entry in answer.entries]
        try:
            with self.record.writing() as session:
                record_many(session, entries, actor=ACTOR, as_at=when)
        except RefusedError as error:
            if len(answers) == 1:
                self.note_unexpected(answers[0], error.reasons)
                return
            middle = len(answers) // 2
            self.record_batch(answers[:middle], when)
            self.record_batch(answers[middle:], when)
        else:
            self.given.facts.update(entry.kind for entry in entries)

    def note_unexpected(self, answer: Answer, reasons: Sequence[str]) -> None:
        """Count a refusal nobody meant, and put what was refused off the agenda."""
        self.given.refused += 1
        self.agenda.give_up(answer.of)
        if len(self.given.unexpected) < MOST_LISTED:
            kinds = ", ".join(entry.kind for entry in answer.entries)
            where = f"case {answer.of.case_id}" if answer.of.kind != CATEGORY_3 else "a person without a case"
            self.given.unexpected.append(f"{kinds} on {where}: {'; '.join(reasons)}")


def fitting(steps: Sequence[tuple[Open, Step]]) -> Iterator[tuple[Open, Step]]:
    """Yield the steps of a day that go together: a day that may close a case does nothing else with it.

    What becomes of an action or a disclosure on the day of a meeting is told there. What happens to somebody keeps
    off the days on which something of weight is due: it would be written down from how the case stood before. And
    who is back is back from wherever they were: nobody decides any more how they are looked for.
    """
    done: dict[int, set[str]] = defaultdict(set)
    for of, step in steps:
        done[of.case_id].add(step.what)
    back: set[int] = set()
    for of, step in steps:
        today = done[of.case_id] if of.case_id else set()
        busy = bool(today & NO_OTHER_DAY)
        if of.kind in HAPPENS:
            fits = not busy
        elif "check_end" in today or ("death" in today and not busy):
            fits = step.what == "check_end"
        elif step.what == "decide_missing":
            fits = today.isdisjoint(FOUND)
        else:
            fits = not (of.kind in TOLD_THERE and "hold" in today) and not (step.what == "back" and of.case_id in back)
        if fits:
            yield of, step
            if step.what == "back":
                back.add(of.case_id)


def batches(answers: Sequence[Answer]) -> list[list[Answer]]:
    """Return answers in lists of some hundred facts."""
    found: list[list[Answer]] = [[]]
    size = 0
    for answer in answers:
        if size >= BATCH:
            found.append([])
            size = 0
        found[-1].append(answer)
        size += len(answer.entries)
    return [batch for batch in found if batch]
