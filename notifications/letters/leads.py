"""With what an escalation begins, whether it is overdue and whose it is; and the list with which an area begins."""

from collections.abc import Sequence


def escalation_lead(things: Sequence[tuple[bool, bool]]) -> str:
    """Return the first sentences of an escalation about things that are each overdue or not, the reader's own or not.

    What is the reader's own has not come to them from somebody else, and they do it themselves.
    """
    one, own = len(things) == 1, all(own for _, own in things)
    if all(overdue for overdue, _ in things):
        what = "This is overdue" if one else f"These {len(things)} things are overdue"
        begins = what if any(own for _, own in things) else f"{what}, so {'it has' if one else 'they have'} come to you"
    else:
        begins = "One thing needs you now" if one else f"{len(things)} things need you now"
    if own:
        return f"{begins}. Please do {'it' if one else 'them'} and record {'it' if one else 'them'}."
    return f"{begins}. Please make sure {'it is' if one else 'they are'} done and recorded."


def take_on_lead(number: int) -> str:
    """Return the first sentences of the list of a number of duties with which an area begins."""
    what, them = ("One duty was", "it") if number == 1 else (f"{number:,} duties were", "them")
    return (
        f"{what} overdue when your area was taken on. We have reminded nobody of {them}, and remind nobody until you "
        "decide. The highest level comes first."
    )
