"""The second half of the minutes: what was decided, each with its reason (Joint inspection 2015, 5.8)."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from casework.documents.blocks import Facts, Section, Table, Words
from casework.documents.carried import quoted
from casework.documents.held import Held
from casework.documents.particulars import PLAN, plan_words
from casework.documents.wording import Names, slot
from policy.words import level_name, plain_words, short_date


def plan(held: Held) -> Section:
    """Return the risk management plan by pillar, what happens if it fails, conditions in full, and in conclusion."""
    notes = {part: held.carried(f"plan.{part}") for part in PLAN}
    return Section("Risk management plan", plan_words(held.record["plan"], notes))


def level(held: Held) -> Section:
    """Return the level from now on, with the rationale."""
    given = held.record["level_decision"]
    note = held.carried("level_decision.reason")
    return Section("Level", [Facts([("Decision", level_name(given["level"]))]), Words(given["reason"], "Reason", note)])


def critical_case(held: Held) -> Section:
    """Return whether this is a critical public protection case: asked at every level 3 meeting.

    Source: Joint inspection 2015, 7.5.
    """
    given: dict[str, Any] = held.record["critical_public_protection_case"]
    return Section(
        "Critical public protection case",
        [
            Facts(
                [
                    ("Decision", plain_words(given["decision"])),
                    *held.reasoned("critical_public_protection_case.reason", given["reason"]),
                ]
            )
        ],
    )


def media(held: Held) -> Section:
    """Return the media strategy."""
    return optional(held, "Media strategy", "media_strategy", "No media strategy was set.")


def links(held: Held) -> Section:
    """Return the links with other arrangements: MARAC, integrated offender management, safeguarding."""
    heading = "Links with other arrangements (MARAC, integrated offender management, safeguarding)"
    return optional(held, heading, "links", "No link with other arrangements was recorded.")


def optional(held: Held, heading: str, name: str, nothing: str) -> Section:
    """Return a section that may have been left out, with why where it stood before."""
    text = held.record[name]
    if text:
        return Section(heading, [Words(text, note=held.carried(name))])
    why = held.record["struck"].get(name)
    return Section(heading, [Words(f"{nothing} It was left out because: {why}" if why else nothing)])


def next_slot(record: dict[str, Any]) -> str:
    """Return when the next meeting is."""
    following = record["next_meeting"]
    if following is None:
        return "None: at level 1 the lead agency reviews the case"
    return slot(datetime.fromisoformat(following["starts_at"]), following["minutes_long"])


def next_meeting(held: Held) -> Section:
    """Return the next date, and why it is later than the level allows where it is."""
    following = held.record["next_meeting"]
    rows = [("Date and time", next_slot(held.record))]
    if following is not None:
        rows.append(("Place", following["place"]))
        if following["late_because"]:
            rows.append(("Later than the level allows, because", following["late_because"]))
    return Section("Next meeting", [Facts(rows)])


def article_8(held: Held) -> Section:
    """Return the Chair's declaration under Article 8(2) of the European Convention on Human Rights."""
    by = held.record["article_8"]["by"]
    return Section(
        "Necessity and proportionality",
        [
            Words(
                "It was declared, under Article 8(2) of the European Convention on Human Rights, that what was shared "
                "and decided at this meeting interferes with private life no further than is necessary and "
                "proportionate."
            ),
            Facts([("Declared by", f"{by}, the Chair" if by == held.chair else by)]),
        ],
    )


def new_actions(held: Held) -> Section:
    """Return the actions that were set, each with its owner and date (Joint inspection 2015, 5.11)."""
    rows = [
        (
            str(action.number),
            action.text,
            f"{action.owner_name}\n(Why this owner: {action.delegation})" if action.delegation else action.owner_name,
            held.agency_name(action.agency),
            short_date(action.due_on),
        )
        for action in held.set_here
    ]
    columns = ("Number", "Action", "Owner", "Agency", "Due")
    return Section("New actions", [Table("Actions set at this meeting", columns, rows, "No action was set.")])


def carried_forward(held: Held) -> Section:
    """Return what stands as it did in the minutes before, and what was struck: nothing in silence.

    Source: Joint inspection 2015, 5.14, 5.20.
    """
    standing: dict[tuple[str, str], list[str]] = defaultdict(list)
    for name in held.standing.whole():
        one = held.standing.confirmed.get(name)
        who = (one["confirmed_by"], one["because"]) if one else ("Nobody", "It stands as it did, and nobody said why")
        standing[who].append(section_name(name, held.agency_name))
    parts = [(section_name(name, held.agency_name), quoted(sentences)) for name, sentences in in_part(held)]
    struck = [(section_name(name, held.agency_name), why) for name, why in held.record["struck"].items()]
    return Section(
        "Carried forward from earlier minutes, and left out",
        [
            Table(
                f"Carried forward from {held.before}",
                ("Sections", "Confirmed by", "Because"),
                [("\n".join(names), by, because) for (by, because), names in standing.items()],
                "No section was carried forward whole." if parts else NOTHING_CARRIED,
            ),
            *([Table("Carried forward in part", ("Section", "What stands as it did"), parts, "")] if parts else []),
            Table("Left out", ("Section", "Because"), struck, "Nothing that stood in earlier minutes was left out."),
        ],
    )


def in_part(held: Held) -> Iterator[tuple[str, list[str]]]:
    """Yield the sections of which only some sentences stand as they did, with these."""
    for name in held.standing.now:
        if sentences := held.standing.part(name):
            yield name, sentences


def section_name(name: str, agency_name: Names) -> str:
    """Return a section, named as in the record (``plan.supervision``), as these minutes head it."""
    first, _, rest = name.partition(".")
    if first == "plan":
        return f"Risk management plan: {PLAN.get(rest, plain_words(rest))}"
    if first == "at_risk":
        return f"Who is at risk: {rest}"
    if first in ("information", "risk_views"):
        return f"{'Information' if first == 'information' else 'View of the risk'}: {agency_name(rest)}"
    return NAMES.get(name, plain_words(name.replace(".", ", ")))


NOTHING_CARRIED = "Nothing was carried forward: every section was written for this meeting."
NAMES = {
    "offender_views": "The person's own views",
    "level_decision.reason": "Level: reason",
    "disclosure.reason": "Disclosure: reason",
    "critical_public_protection_case.reason": "Critical public protection case: reason",
    "links": "Links with other arrangements",
}
