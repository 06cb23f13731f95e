"""Who may write which entry of the directory: of their own area alone, never their own, and never of those above them.

Whoever is chased would else choose who chases them. What nobody may do here comes in by a file that the operator loads
at the command line.
"""

from collections.abc import Callable, Mapping
from typing import Any

from models.directory import DirectoryEntry
from policy.addresses import normal
from policy.roles import DIRECTORY_ROLES, Role
from policy.words import role_name
from web.access.hats import Reader
from web.access.rights import Action, areas_for

HEADS = (Role.COORDINATOR_MANAGER, Role.SMB_CHAIR)
ABOVE: dict[Role, tuple[Role, ...]] = {
    Role.ADMINISTRATOR: (Role.COORDINATOR, *HEADS),
    Role.COORDINATOR: (Role.COORDINATOR, *HEADS),
    Role.COORDINATOR_MANAGER: HEADS,
}
"""Those who write the directory of their area, and the roles that they may not give, change or end."""


def areas_to_write(reader: Reader) -> tuple[str, ...]:
    """Return the areas whose directory somebody may write."""
    return areas_for(reader, Action.EDIT_PEOPLE)


def roles_to_write(reader: Reader, area: str) -> tuple[Role, ...]:
    """Return the roles that somebody may give, change or end in an area."""
    own = [hat.role for hat in reader.hats if hat.role in ABOVE and hat.area == area]
    return tuple(role for role in DIRECTORY_ROLES if any(role not in ABOVE[held] for held in own))


def guard_of(reader: Reader) -> Callable[[DirectoryEntry | None, Mapping[str, Any]], str | None]:
    """Return what says why somebody may not write an entry as some values have it."""

    def why_not(entry: DirectoryEntry | None, values: Mapping[str, Any]) -> str | None:
        area, role = values["area"], Role(values["role"])
        if area not in areas_to_write(reader):
            return f"you may change the directory of {', '.join(areas_to_write(reader))} alone"
        if role not in roles_to_write(reader, area):
            return f"your role does not change who is {role_name(role)}: ask the operator to load it"
        addresses = {normal(values["email"]), *([normal(entry.email)] if entry is not None else [])}
        if normal(reader.email) in addresses:
            return "your own entry is changed by a colleague"
        return None

    return why_not
