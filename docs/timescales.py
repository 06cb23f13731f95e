"""The page of timescales: the shipped policy, and one release date worked through it."""

from datetime import date
from typing import Any

from casework.calendar import library_days
from docs.markdown import code, codes, page, table
from notifications.wording import long_date
from policy.book import shipped_book
from policy.calendar import WorkingCalendar
from policy.ladders import due_on, ladder
from policy.numbers import Policy
from policy.vocabulary import Kind

SENTENCED, RELEASED = date(2026, 3, 2), date(2027, 3, 12)
YEARS = (2026, 2027)
CAPITALS = {"smb": "SMB", "mappa": "MAPPA"}
INTRODUCTION = """
What is owed, from which date, by when and by whom, and the ladder of prompts for each. These are the numbers of
the shipped policy; an area may [change them](../how-to-coordinator.md#change-a-number-for-one-area). The numbers
in force for an area on a day: `mappa policy show --area AREA --on DATE`.

An offset is `due`, a number of calendar days, weeks, months or years, or a number of working days (`W`). Months
are calendar months, clamped to the month's end. A working day is not a Saturday, a Sunday or a bank holiday of
England and Wales; day 0 is the day of the event. Where a prompt falls on another day it goes on the working day
before, and the due date stands. No mark lies before the sentence date.
"""
STATUSES = """
`confirmed`: a source document or legislation says it. `default`: a default of this project for a question the
sources leave open. `recalled`: general knowledge that nobody has confirmed; check it before relying on it.
"domain.md" in a source is the project's own note of the domain, which is kept outside this repository.
"""


def page_of_timescales() -> str:
    """Return the page."""
    policy = shipped_book().policies[0]
    about = f"Policy `{policy.version}`, in force from {policy.in_force_from}: {policy.title}."
    return page(
        "Timescales and ladders",
        INTRODUCTION,
        about,
        "## Timescales",
        timescales(policy),
        "## Ladders",
        f"Prompts go out from {policy.prompting.from_hour:02d}:00 Europe/London on the day. A reminder waits for "
        "the recipient's digest of the day; an escalation goes at once.",
        ladders(policy),
        "## An example",
        f"A person sentenced on {long_date(SENTENCED)} and released on {long_date(RELEASED)}, for whom nothing is "
        "recorded: every rung goes out.",
        example(policy),
        "## Who stands in",
        "Where a role has nobody to write to, the prompt goes to the next role of its line.",
        table(("Role", "If it has nobody"), [(code(r.value), codes(line)) for r, line in policy.fallback.items()]),
        "## Other numbers",
        others(policy),
        "## Statuses",
        STATUSES,
    )


def timescales(policy: Policy) -> str:
    """Return the table of what is owed."""
    rows = [
        (code(kind.value), words(rule.from_), code(rule.offset), f"{words(rule.owner)} ({words(rule.owner_agency)})",
         rule.status, rule.source)
        for kind, rule in policy.timescales.items()
    ]  # fmt: skip
    return table(("Kind", "From", "Due", "Owner (agency)", "Status", "Source"), rows)


def ladders(policy: Policy) -> str:
    """Return the table of rungs."""
    rows = [
        (code(kind.value), code(rung.at), ", ".join(words(rule.owner if to == "owner" else to) for to in rung.to),
         rung.weight.value)
        for kind, rule in policy.timescales.items()
        for rung in rule.rungs
    ]  # fmt: skip
    return table(("Kind", "Rung", "To", "Weight"), rows)


def example(policy: Policy) -> str:
    """Return the days of every rung for one sentence and one release date."""
    calendar = example_calendar()
    rows: list[tuple[Any, ...]] = []
    for kind, rule in policy.timescales.items():
        anchor = SENTENCED if kind is Kind.IDENTIFICATION else RELEASED
        due = due_on(rule, anchor, SENTENCED, calendar)
        steps = ladder(rule, due, SENTENCED, policy, calendar)
        for number, step in enumerate(steps):
            told = (code(kind.value), long_date(due)) if number == 0 else ("", "")
            rows.append((*told, code(step.rung), long_date(step.on), ", ".join(map(words, step.to))))
    return table(("Kind", "Due", "Rung", "Goes out on", "To"), rows)


def example_calendar() -> WorkingCalendar:
    """Return the bank holidays of the years of the example."""
    days = library_days(*YEARS)
    return WorkingCalendar(frozenset(days), date(YEARS[0], 1, 1), date(YEARS[1], 12, 31), "docs")


def others(policy: Policy) -> str:
    """Return every number that is no timescale, each with its source."""
    parts = {
        "prompting": policy.prompting,
        "eligibility": policy.eligibility,
        "notification.sexual": policy.notification.sexual,
        "notification.terrorist": policy.notification.terrorist,
    }
    rows = []
    for name, part in parts.items():
        numbers = part.model_dump(mode="json")
        status, source = numbers.pop("status"), numbers.pop("source")
        for number, (key, value) in enumerate(numbers.items()):
            shown = codes(value) if isinstance(value, list) else code(str(value).lower())
            rows.append((code(f"{name}.{key}"), shown, *((status, source) if number == 0 else ("", ""))))
    return table(("Number", "Value", "Status", "Source"), rows)


def words(name: Any) -> str:
    """Return a name of the code as words, with its capitals."""
    return " ".join(CAPITALS.get(word, word) for word in str(name).split("_"))
