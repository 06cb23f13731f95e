"""Disclosure in the minutes: what this meeting decided, and what became of what was decided before.

Source: Joint inspection 2015, 5.23.
"""

from typing import Any

from casework.documents.blocks import Facts, Section, Table
from casework.documents.held import Held
from casework.documents.wording import Names, disclosed_by
from models.disclosures import Disclosure
from policy.vocabulary import DisclosureState
from policy.words import NOT_RECORDED, day_of, known, short_date

DECISIONS = {"disclose": "Something is to be disclosed", "do_not_disclose": "Nothing is to be disclosed"}
DOES_NOT_ARISE = "Not applicable"
NOT_APPROVED_YET = "Nobody yet: it is not made before a second person has approved it"
POSITIONS = {"made": "Made", "not_made": "Not made", "carried": "Carried on"}
CLOSED = {
    DisclosureState.MADE: "Made",
    DisclosureState.NOT_MADE: "Not made",
    DisclosureState.REFUSED: "Refused",
}


def disclosure(held: Held) -> Section:
    """Return the decision on disclosure, which every meeting takes anew, and what became of earlier ones."""
    given = held.record["disclosure"]
    return Section(
        "Disclosure",
        [
            Facts(
                [
                    ("Decision", DECISIONS[given["decision"]]),
                    *held.reasoned("disclosure.reason", given["reason"]),
                    *terms(held, given),
                ]
            ),
            earlier(held),
        ],
    )


def terms(held: Held, given: dict[str, Any]) -> list[tuple[str, str]]:
    """Return who is told what, how, by whom and by when, who proposed it and who approved it.

    A meeting recorded before these were asked for has no more than whom and what.
    """
    discloses = given["decision"] == "disclose"
    otherwise = NOT_RECORDED if discloses else DOES_NOT_ARISE
    by, agency, due_on = given.get("by"), given.get("agency"), given.get("due_on")
    approver = NOT_APPROVED_YET if discloses and given.get("proposed_by") else otherwise
    number = [("Number", str(held.disclosed_here.number))] if held.disclosed_here else []
    return [
        *number,
        ("To whom", known(given["to_whom"], otherwise)),
        ("What", known(given["what"], otherwise)),
        ("How", known(given.get("how"), otherwise)),
        ("By whom", f"{by['name']}, {held.agency_name(agency)}" if by and agency else otherwise),
        ("By when", day_of(due_on) if due_on else otherwise),
        ("Proposed by", known(given.get("proposed_by"), otherwise)),
        ("Approved by", known(given.get("approved_by"), approver)),
    ]


def earlier(held: Held) -> Table:
    """Return what became of earlier disclosures: told at the meeting, or closed between this one and the one before."""
    told = held.record.get("previous_disclosures", [])
    rows = [told_row(held.disclosures_told[one["disclosure"]], one, held.agency_name) for one in told]
    rows += [closed_row(one, held.agency_name) for one in held.disclosures_closed_before]
    return Table(
        "Earlier disclosures",
        ("Disclosure", "By whom", "Due", "Outcome", "Undertaking"),
        sorted(rows, key=lambda row: int(row[0].split(".")[0])),
        "No earlier disclosure was open.",
    )


def told_row(one: Disclosure, told: dict[str, Any], agency_name: Names) -> tuple[str, ...]:
    """Return a disclosure with what the meeting was told of it."""
    text = told["outcome"] if told["position"] == "made" else told["reason"]
    due = f" to {day_of(told['due_on'])}" if told.get("due_on") else ""
    became = f"{POSITIONS[told['position']]}{due}: {known(text)}"
    return (*named(one, agency_name), became, undertaking(told["position"], told["undertaking"]))


def closed_row(one: Disclosure, agency_name: Names) -> tuple[str, ...]:
    """Return a disclosure that was made, refused or given up before the meeting began."""
    state = DisclosureState(one.state)
    text = one.outcome if state is DisclosureState.MADE else one.not_made_reason
    by = f" by {one.approved_by}" if state is DisclosureState.REFUSED and one.approved_by else ""
    became = f"{CLOSED[state]} on {short_date(one.closed_on or one.due_on)}{by}, before the meeting: {known(text)}"
    return (*named(one, agency_name), became, undertaking(state, one.undertaking))


def named(one: Disclosure, agency_name: Names) -> tuple[str, str, str]:
    """Return a disclosure by its number, whom and what; who makes it; and its date."""
    return f"{one.number}. {one.to_whom}: {one.what}", disclosed_by(one, agency_name), short_date(one.due_on)


def undertaking(position: str, told: str | None) -> str:
    """Return what the recipient undertook; where nothing was told, nobody undertook anything."""
    return known(told, NOT_RECORDED if position == "made" else "None: nothing was disclosed")
