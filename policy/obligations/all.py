"""Everything that the facts of a case make due, and when (docs/reference/timescales.md).

Every module of this package is imported here, and with it the rules that it enters.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from importlib import import_module
from pkgutil import iter_modules

from policy import obligations
from policy.calendar import WorkingCalendar
from policy.facts import CaseFacts
from policy.kinds import AtClosure
from policy.ladders import Step, due_on, ladder
from policy.numbers import Policy
from policy.obligations.owed import Owed
from policy.obligations.rules import rules_in_order
from policy.take_on import from_the_adoption
from policy.vocabulary import FactKind

__all__ = ["Owed", "adopted_ladder", "due_and_ladder", "owed"]

for module in iter_modules(obligations.__path__):
    if module.name != "all":
        import_module(f"{obligations.__name__}.{module.name}")
RULES_IN_ORDER = rules_in_order()


def owed(facts: CaseFacts) -> Iterator[Owed]:
    """Yield everything that the facts make due: still to do, met, or overtaken without being done.

    What was overtaken before the case was opened is history, and what was overtaken on the very day on which it came
    up was put right on that day: neither is a duty of anybody here.
    """
    for rule in RULES_IN_ORDER:
        for item in rule(facts):
            yield from as_closing_leaves_it(item, facts)


def as_closing_leaves_it(item: Owed, facts: CaseFacts) -> Iterator[Owed]:
    """Yield an obligation as the opening and the closing of its case leave it.

    Of a closed case what was settled stands, and what meetings and events left to do goes on. Closing is the answer
    to what asks what becomes of the case; every other next step is overtaken by it. Of a case that was opened in
    error no next step was ever owed.
    """
    goes_on = item.kind.spec.at_closure is AtClosure.GOES_ON
    if item.met_on is not None:
        yield item
    elif item.missed_on is not None:
        if item.missed_on > item.floor and item.missed_on >= (facts.opened_on or date.min):
            yield item
    elif facts.closed_on is None or goes_on:
        yield item
    elif facts.opened_in_error:
        return
    elif FactKind.CLOSURE in item.kind.spec.answered_by:
        yield replace(item, met_on=facts.closed_on)
    else:
        yield replace(item, missed_on=facts.closed_on, overtaken_by="the case was closed")


def due_and_ladder(item: Owed, policy: Policy, calendar: WorkingCalendar) -> tuple[date, tuple[Step, ...]]:
    """Return the due date of an obligation and its rungs under a policy."""
    rule = policy.timescales[item.kind].for_variants(item.variants)
    due = due_on(rule, item.anchor, item.floor, calendar)
    if item.no_later_than is not None:
        # "Before" is the day before; what is owed after that date has gone by is owed at once.
        due = max(min(due, item.no_later_than - timedelta(days=1)), item.floor)
    return due, steps_from(item, policy, calendar, due, item.floor, item.anchor)


def adopted_ladder(item: Owed, policy: Policy, calendar: WorkingCalendar, on: date) -> tuple[Step, ...]:
    """Return the rungs of an obligation that was overdue when its area was taken on, and is adopted on a day."""
    return from_the_adoption(steps_from(item, policy, calendar, on, on, on), on)


def steps_from(
    item: Owed, policy: Policy, calendar: WorkingCalendar, due: date, floor: date, anchor: date
) -> tuple[Step, ...]:
    """Return the rungs of an obligation, counted from a due date, none before a floor."""
    rule = policy.timescales[item.kind].for_variants(item.variants)
    rows = policy.concerns.get(item.event, ()) if item.event is not None else ()
    concerned = tuple(row.addressee for row in rows if row.holds(item.holds))
    return ladder(
        rule, due, floor, policy, calendar, anchor=anchor, owner=item.owner_role, nth=item.nth, concerned=concerned
    )
