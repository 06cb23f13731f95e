"""The page of invariants: what the auditor looks at, what each means, and what to do where it does not hold."""

from assurance.invariants import ALL
from docs.markdown import code, page, table
from models.assurance import NAMED

INTRODUCTION = f"""
What must hold of the record, in the order in which it is looked at. One that is `wrong` stops the heartbeat; a
`warning` is for a person to see to, and does not. A finding names {NAMED} cases or messages at most, and counts all.
[How to live with it](../assurance.md).
"""


def page_of_assurance() -> str:
    """Return the page."""
    rows = [(code(one.name), one.explanation, one.severity, one.to_do) for one in ALL]
    return page("Invariants", INTRODUCTION, table(("Invariant", "What must hold", "Broken", "What to do"), rows))
