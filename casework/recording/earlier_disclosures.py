"""What a meeting is told of earlier disclosures: made, not made, or carried on, with the date the meeting gives it.

Source: Joint inspection 2015, 5.23.
"""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Literal

from casework.change import CaseChange
from casework.recording.disclosures import close_disclosure, refuse_outcome
from casework.recording.forms import Section, label, no_reason
from models.disclosures import Disclosure
from policy.dates import Ahead


class PreviousDisclosure(Section):
    """What became of an earlier disclosure: made, not made, or carried on."""

    disclosure: Annotated[int, label("Disclosure number", "The number of the disclosure on this case.", 1)]
    position: Annotated[
        Literal["made", "not_made", "carried"],
        label("Where it stands", "Whether it is made, not made, or carried on to the next meeting.", "made"),
    ]
    outcome: Annotated[
        str | None,
        label(
            "Outcome",
            "If made: how they were told, and how they took it.",
            "The landlord was told in person, and keeps the other flat empty.",
        ),
    ] = None
    undertaking: Annotated[
        str | None,
        label(
            "Undertaking",
            "If made: where the signed undertaking is kept, or why there is none.",
            "Signed on 12 November; it is kept on the police file.",
        ),
    ] = None
    reason: Annotated[
        str | None,
        label(
            "Reason",
            "If not made: why not, and how the risk is met instead. If carried on: why it is not made yet.",
            "The landlord is abroad until the end of January.",
            shown=False,
        ),
    ] = None
    due_on: Annotated[
        datetime.date | None,
        label(
            "New due date",
            "If carried on with a new date: that date. Without one the disclosure keeps its date, and stays overdue.",
            "2027-02-10",
            shown=False,
            ahead=Ahead.APPOINTMENT,
        ),
    ] = None


def earlier_checks(
    told: Sequence[PreviousDisclosure], open_ones: Mapping[int, Disclosure], on: datetime.date
) -> Iterator[str]:
    """Yield the open disclosures of which nothing is told, and what is wrong with what is told of others."""
    numbers = [one.disclosure for one in told]
    for number in sorted(set(open_ones) - set(numbers)):
        yield (
            f"previous_disclosures: disclosure {number} is open: made with its outcome, not_made or carried, "
            "with a reason"
        )
    for one in told:
        known = open_ones.get(one.disclosure)
        if known is None or numbers.count(one.disclosure) > 1:
            yield f"previous_disclosures: disclosure {one.disclosure} is not open, or is listed twice"
        elif one.position != "carried":
            yield from refuse_outcome(known, one.position, one, on)
        yield from refuse_carrying(one, on)


def refuse_carrying(told: PreviousDisclosure, on: datetime.date) -> Iterator[str]:
    """Yield why a disclosure cannot be carried on as is told, or why what is told of it has no new date."""
    what = f"previous_disclosures: disclosure {told.disclosure}"
    if told.position != "carried":
        if told.due_on is not None:
            yield f"{what} is {told.position}: only one carried on has a new date"
        return
    if no_reason(told.reason):
        yield f"{what} is carried on: say why it is not made yet"
    if told.due_on is not None and told.due_on < on:
        yield f"{what}: its new date {told.due_on} lies before the meeting of {on}"


def hear_of_earlier(
    change: CaseChange, told: Sequence[PreviousDisclosure], open_ones: Mapping[int, Disclosure], on: datetime.date
) -> None:
    """Close what was made or given up; give what is carried on its new date."""
    for one in told:
        disclosure = open_ones[one.disclosure]
        if one.position == "carried":
            carry_disclosure(change, disclosure, one, on)
        else:
            close_disclosure(change, disclosure, one.position, one, on)


def carry_disclosure(change: CaseChange, disclosure: Disclosure, told: PreviousDisclosure, on: datetime.date) -> None:
    """Carry a disclosure on: it keeps its clock, or takes the new date that the meeting gave it."""
    if told.due_on is None or told.due_on == disclosure.due_on:
        return
    before = {"due_on": disclosure.due_on}
    disclosure.due_on, disclosure.dated_on = told.due_on, on
    after = {"due_on": told.due_on, "reason": told.reason}
    change.note("disclosure-carried", f"disclosure {disclosure.number}", before, after)
