"""How places are named in tables: a unit by its own name, and with its area where there are several."""

from collections.abc import Sequence

NONE = "none"
"""The name of the row or column of what has no unit, and of what has no level."""


def unit_name(area: str, unit: str, areas: Sequence[str]) -> str:
    """Return the name of the row of a unit in a report on some areas."""
    return (unit or NONE) if len(areas) == 1 else f"{area}: {unit or NONE}"
