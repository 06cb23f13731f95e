"""The thresholds of levels 2 and 3: what has to be true of a case before several agencies meet about it.

Source: MAPPA guidance, 7.3 to 7.5.
"""

from collections.abc import Iterator
from typing import Annotated

from casework.recording.forms import Section, label
from policy.substance import says_something
from policy.vocabulary import Level


class Thresholds(Section):
    """What carries level 2 or 3: one of the first three for level 2, the fourth for level 3.

    Source: MAPPA guidance, 7.3 to 7.5.
    """

    high_risk: Annotated[bool, label("High risk", "Whether the risk of serious harm is high or very high.", True)] = (
        False
    )
    other_agencies_needed: Annotated[
        str,
        label(
            "Other agencies needed",
            "If the risk is lower: what exceptionally needs other agencies to take an active part.",
            "Three tenancies in two boroughs must be dealt with together.",
            shown=False,
        ),
    ] = ""
    stepped_down_from_3: Annotated[
        bool,
        label("Stepped down from level 3", "Whether the case steps down from level 3.", False, shown=False),
    ] = False
    senior_representation: Annotated[
        str,
        label(
            "Senior representation",
            "For level 3: what needs senior people, such as large resources at short notice.",
            "A bed has to be found out of area within days, whatever it costs.",
            shown=False,
        ),
    ] = ""


def unmet(given: Thresholds, level: int) -> Iterator[str]:
    """Yield which threshold of a level is not met; level 1 has none."""
    if level == Level.LEAD_AGENCY:
        return
    if not (given.high_risk or given.stepped_down_from_3 or says_something(given.other_agencies_needed)):
        yield (
            "thresholds: level 2 or 3 needs high_risk (high or very high), stepped_down_from_3, or "
            "other_agencies_needed with what exceptionally needs their active involvement"
        )
    if level == Level.SENIOR_MULTI_AGENCY and not says_something(given.senior_representation):
        yield "thresholds.senior_representation: for level 3, say what needs senior representation"
