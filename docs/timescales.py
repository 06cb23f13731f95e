"""The page of timescales: the shipped policy, and one release date worked through it."""

from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any

from casework.loading.bank_holidays import library_days
from docs.markdown import code, codes, page, table
from policy.book import shipped_book
from policy.calendar import WorkingCalendar
from policy.kinds import GROUPS, Events, Kind, Meetings, Plan
from policy.ladders import Step, due_on, ladder
from policy.numbers import Policy
from policy.timescale_rules import TimescaleRule
from policy.words import long_date

SENTENCED, RELEASED = date(2026, 3, 2), date(2027, 3, 12)
YEARS = (2026, 2041)
# The dates of the example, one for each date that something may run from.
ANCHORS: dict[str, date] = {
    "sentence_date": SENTENCED,
    "release_date": RELEASED,
    "referral_received": date(2026, 9, 9),
    "referral_returned": date(2026, 9, 11),
    "acceptance": date(2026, 9, 18),
    "meeting_date": date(2026, 10, 14),
    "last_meeting": date(2026, 10, 14),
    "last_review": date(2026, 10, 14),
    "incident_date": date(2026, 11, 2),
    "proposal_date": date(2026, 11, 2),
    "event_date": date(2026, 11, 2),
    "asked_on": date(2026, 11, 2),
    "level_since": date(2026, 9, 18),
    "notification_date": SENTENCED,
    "own_date": date(2026, 11, 25),
    "end_date": date(2027, 5, 28),
}
# A variant that runs from another day than its rule: the day that the last review of notification set.
ANCHORS_OF_VARIANTS: dict[str, date] = {"set_date": date(2036, 3, 3), "after_review": date(2026, 11, 2)}
# What is known of from the sentence on, long before the date it runs from.
FROM_THE_SENTENCE = ("release_date", "end_date", "notification_date")
# What is known of before the date it runs from: a meeting since it was planned, an action since it was set, a
# disclosure since it was proposed, the end of a leave since it began.
FLOORS = {
    Meetings.MEETING: date(2026, 9, 21),
    Meetings.ACTION: ANCHORS["meeting_date"],
    Plan.DISCLOSURE: ANCHORS["proposal_date"],
    Events.RETURN_DUE: ANCHORS["event_date"],
}
CONCERNED = "whom the event concerns"
CAPITALS = {"smb": "SMB", "mappa": "MAPPA"}
INTRODUCTION = """
What is due, counted from which date, by when, who does it, and the ladder of prompts for each. These are the numbers of
the shipped policy; an area may [change them](../how-to-coordinator.md#change-a-number-for-one-area). The numbers
in force for an area on a day: `mappa policy show --area AREA --on DATE`.

An offset is `due`, a number of calendar days, weeks, months or years, or a number of working days (`W`). Months
are calendar months, clamped to the month's end. A working day is not a Saturday, a Sunday or a bank holiday of
England and Wales; day 0 is the day of the event. Where a prompt falls on another day it goes on the working day
before, and the due date stays. No mark lies before the sentence date.
"""
VARIANTS = """
A variant holds instead of the rule for a meeting held at level 3 (`level_3`), for an agency of the Responsible
Authority (`responsible_authority`), for a general practice (`general_practice`), for who was under 18 on the relevant
date of notification (`juvenile`), where a review has set the day of the next (`set_date`), where a level 1 review asked
for a referral (`after_review`), where a meeting has carried an action or a disclosure on with a new date (`carried`),
for a level outside custody (`outside_custody`), or for one kind of event in custody or on licence, by its name. The
rungs of `attendance` count from the meeting; at the second absence on a case the ladder starts at its second moment,
at the third at its third. The rungs of `exit_plan` count from the end, not from the day on which the plan is due.
"""
STATUSES = """
`confirmed`: a source document or legislation says it. `default`: our default for a question the sources
leave open. `recalled`: general knowledge that nobody has confirmed; check it before relying on it.
"""


def specs(group: type[Kind]) -> str:
    """Return what the kinds of a group are: their meaning, what opens and meets them, their end, their source."""
    columns = ("Kind", "Title", "About", "Opened by", "Answered by", "Done when", "When the case is closed", "Rule")
    return table(columns, [spec_row(kind) for kind in group])


def spec_row(kind: Kind) -> tuple[str, ...]:
    """Return one kind as its spec tells of it."""
    spec = kind.spec
    also = [f"asks for the views of {' and '.join(spec.consults)}"] if spec.consults else []
    also += ["asks what becomes of the case"] if spec.ends_episode else []
    about = "; ".join([spec.about.value, *also])
    opened, answered = codes(spec.derived_from), codes(spec.answered_by)
    return code(kind.value), spec.title, about, opened, answered, spec.done, spec.at_closure.value, spec.source


def page_of_timescales() -> str:
    """Return the page."""
    policy = shipped_book().policies[0]
    about = f"Policy `{policy.version}`, in force from {policy.in_force_from}: {policy.title}."
    return page(
        "Timescales and ladders",
        INTRODUCTION,
        about,
        "## What each is",
        *(part for group, title in GROUPS.items() for part in (f"### {title}", specs(group))),
        "## Timescales",
        timescales(policy),
        "## Ladders",
        f"Prompts go out from {policy.prompting.from_hour:02d}:00 Europe/London on the day. A reminder waits for "
        "the recipient's digest of the day; a notice and an escalation go at once, by the message named.",
        VARIANTS,
        ladders(policy),
        "## An example",
        f"A person sentenced on {long_date(SENTENCED)} and released on {long_date(RELEASED)}, for whom nothing is "
        "recorded: every rung goes out. What runs from another date is shown for one of these:",
        table(("From", "Date"), [(words(n), long_date(day)) for n, day in (ANCHORS | ANCHORS_OF_VARIANTS).items()]),
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
    """Return the table of what is due; of a variant only where its date differs."""
    rows = [
        (code(kind.value), code(variant), words(rule.from_), code(rule.offset),
         f"{words(rule.owner)} ({words(rule.owner_agency)})",
         *((rule.status, rule.source) if not variant else ("", "")))
        for kind, variant, rule in rules(policy)
        if not variant or rule.offset != policy.timescales[kind].offset
    ]  # fmt: skip
    return table(("Kind", "Variant", "From", "Due", "Owner (agency)", "Status", "Source"), rows)


def ladders(policy: Policy) -> str:
    """Return the table of rungs; of a variant only where its ladder differs."""
    rows = [
        (code(kind.value), code(variant), code(rung.known_as), "" if rung.known_as == rung.at else code(rung.at),
         ", ".join(words(reader(rule, to)) for to in rung.to), rung.weight.value,
         code(rung.letter.value))
        for kind, variant, rule in rules(policy)
        if not variant or rule.rungs != policy.timescales[kind].rungs
        for rung in rule.rungs
    ]  # fmt: skip
    return table(("Kind", "Variant", "Rung", "Goes out", "To", "Weight", "Message"), rows)


def reader(rule: TimescaleRule, to: str) -> str:
    """Return whom a rung is for: the owner by their role, and those whom an event concerns by these words."""
    return CONCERNED if to == "concerned" else str(rule.owner if to == "owner" else to)


def rules(policy: Policy) -> Iterator[tuple[Kind, str, TimescaleRule]]:
    """Yield every rule, each followed by its variants under their names."""
    for kind, rule in policy.timescales.items():
        yield kind, "", rule
        for variant in rule.variants:
            yield kind, variant, rule.for_variants((variant,))


def example(policy: Policy) -> str:
    """Return the days of every rung for the dates of the example."""
    rows: list[tuple[Any, ...]] = []
    for kind, variant, rule in rules(policy):
        due, steps = worked_through(kind, rule, policy, variant)
        for number, step in enumerate(steps):
            told = (code(kind.value), code(variant), long_date(due)) if number == 0 else ("", "", "")
            rows.append((*told, code(step.rung), long_date(step.on), ", ".join(map(words, step.to))))
    return table(("Kind", "Variant", "Due", "Rung", "Goes out on", "To"), rows)


def worked_through(kind: Kind, rule: TimescaleRule, policy: Policy, variant: str = "") -> tuple[date, tuple[Step, ...]]:
    """Return the due date and the rungs of a rule, or of its variant, in the example."""
    calendar, anchor = example_calendar(), ANCHORS_OF_VARIANTS.get(variant) or ANCHORS[rule.from_]
    floor = FLOORS.get(kind) or (SENTENCED if rule.from_ in FROM_THE_SENTENCE else anchor)
    due = due_on(rule, anchor, floor, calendar)
    return due, ladder(rule, due, floor, policy, calendar, anchor=anchor, concerned=(CONCERNED,))


@cache
def example_calendar() -> WorkingCalendar:
    """Return the bank holidays of the years of the example."""
    days = library_days(*YEARS)
    return WorkingCalendar(frozenset(days), date(YEARS[0], 1, 1), date(YEARS[1], 12, 31), "docs")


def others(policy: Policy) -> str:
    """Return every number that is no timescale, each with its source."""
    parts = {
        "prompting": policy.prompting,
        "messages": policy.messages,
        "retention": policy.retention,
        "dates": policy.dates,
        "silence": policy.silence,
        "clock": policy.clock,
        "attendance": policy.attendance,
        "victims": policy.victims,
        "eligibility": policy.eligibility,
        "notification.sexual": policy.notification.sexual,
        "notification.terrorist": policy.notification.terrorist,
    }
    rows = []
    for name, part in parts.items():
        numbers = part.model_dump(mode="json")
        status, source = numbers.pop("status"), numbers.pop("source")
        for number, (key, value) in enumerate(numbers.items()):
            rows.append((code(f"{name}.{key}"), shown(value), *((status, source) if number == 0 else ("", ""))))
    return table(("Number", "Value", "Status", "Source"), rows)


def shown(value: Any) -> str:
    """Return a number of the policy as the page shows it; of grades with several spellings the first."""
    if isinstance(value, dict):
        return "; ".join(f"{words(key)}: {shown(part)}" for key, part in value.items())
    if isinstance(value, list):
        return codes(part[0] if isinstance(part, list) else part for part in value)
    return code(str(value).lower())


def words(name: Any) -> str:
    """Return a name of the code as words, with its capitals."""
    return " ".join(CAPITALS.get(word, word) for word in str(name).split("_"))
