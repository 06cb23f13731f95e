"""A duty that is now told by another name stays the row that it was: nobody is asked twice.

What a time in custody, or outside it, makes due is named by the day on which that time began, or by its place among
them. A move that comes to light, or a newer reading of the same dates, changes the name alone. Only an open row, or one
that was settled on the same day, is taken for the same duty: what was cancelled may be owed again for another release.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from models.cases import Case
from models.obligations import Timescale
from models.record import policies, working_calendar
from policy.kinds import BY_NAME, Release
from policy.kinds.spec import About
from policy.numbers import Policy
from policy.obligations.all import Owed, due_and_ladder
from policy.subjects import Subject
from policy.vocabulary import State

Key = tuple[str, Subject]
Wanted = dict[Key, Owed]
Rows = dict[Key, Timescale]
Settled = dict[Key, tuple[int, str]]
RUNNING = (State.OPEN, State.PAUSED)


def keep_what_was_renamed(
    session: Session, case: Case, wanted: Wanted, existing: Rows, settled: Settled, today: date
) -> list[str]:
    """Give the rows of duties that go by another name that name, in the record and in ``existing`` and ``settled``.

    A check of the release dates that was asked for from the day of the file stays, in ``wanted``, the check that it is.
    Returns a sentence for each row that was renamed.
    """
    absent = [key for key in wanted if is_of_a_time(key) and key not in existing and key not in settled]
    kinds = {kind for kind, _ in absent}
    if not kinds or not any(kind in kinds for kind, _ in (*existing, *settled)):
        return []
    keep_first_check(case, wanted, existing, settled)
    policy, told = policies(session).for_area(case.area, today), []
    for key in absent:
        row = next(rows_of(session, key, wanted, existing, settled, policy), None) if key in wanted else None
        if row is None:
            continue
        was = (row.kind, row.subject)
        row.subject, row.anchor_on, row.bound_on = key[1], wanted[key].anchor, wanted[key].no_later_than
        # Before a row that takes over the name it had: the two may not stand side by side.
        session.flush()
        if was in existing:
            existing[key] = existing.pop(was)
        else:
            settled[key] = settled.pop(was)
        told.append(f"{row.kind}, due {row.due_on}, goes on: only the time it belongs to has other dates")
    return told


def is_of_a_time(key: Key) -> bool:
    """Tell whether a timescale is about a time in custody or outside it; a row of the record keeps its name."""
    kind, subject = key
    return BY_NAME[kind].spec.about is About.CUSTODY and subject.row is None


def keep_first_check(case: Case, wanted: Wanted, existing: Rows, settled: Settled) -> None:
    """Let a check of the release dates that runs from the day of the file stand for the one of the word before it.

    Of the checks of a case one runs at a time. Its ladder has begun: the date by which the prison was asked stands.
    """
    kept = (Release.DATES_CHECK.value, Subject(day=case.opened_on))
    if kept in wanted or (kept not in existing and kept not in settled):
        return
    earlier = [key for key, item in wanted.items() if key[0] == kept[0] and item.anchor < case.opened_on]
    last = max(earlier, key=lambda key: wanted[key].anchor, default=None)
    if last is not None and last not in existing and last not in settled:
        item = wanted.pop(last)
        wanted[kept] = replace(item, subject=kept[1], anchor=case.opened_on, floor=case.opened_on)


def rows_of(
    session: Session, key: Key, wanted: Wanted, existing: Rows, settled: Settled, policy: Policy
) -> Iterator[Timescale]:
    """Yield the rows that are the duty of a key, under a name that is another duty's by now, or nobody's."""
    item = wanted[key]
    due, _ = due_and_ladder(item, policy, working_calendar(session))
    for one, row in existing.items():
        if one[0] == key[0] and is_of_a_time(one) and row.state in RUNNING and is_of(row, item, due):
            other = wanted.get(one)
            if other is None or other.anchor != row.anchor_on:
                yield row
    for one, (timescale_id, _) in sorted(settled.items(), key=lambda found: found[1][0]):
        if one[0] == key[0] and is_of_a_time(one):
            row = session.get_one(Timescale, timescale_id)
            other = wanted.get(one)
            if is_of(row, item, due) and is_settled_by(row, item) and (other is None or not is_settled_by(row, other)):
                yield row


def is_of(row: Timescale, item: Owed, due: date) -> bool:
    """Tell whether a row runs from the day of an obligation, or is due on its date."""
    return row.anchor_on == item.anchor or row.due_on == due


def is_settled_by(row: Timescale, item: Owed) -> bool:
    """Tell whether a settled row was met, or overtaken, on the day that an obligation tells."""
    if item.met_on is not None:
        return row.state == State.MET and row.met_on == item.met_on
    return row.state == State.MISSED and row.missed_on == item.missed_on
