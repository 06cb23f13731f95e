"""Who a prompt is for: each role with its name, who holds it, and how far it reaches."""

from enum import StrEnum

from policy.specs import Spec, Specified, Text


class Held(StrEnum):
    """Where the holder of a role is named."""

    DIRECTORY = "directory"
    """In the directory of the area."""
    CASE = "case"
    """On the case itself, from the sentences file."""
    FACTS = "facts"
    """By what the prompt is about: the owner of an action, who was invited."""


class Reach(StrEnum):
    """For whom the holder of a role speaks."""

    AREA = "area"
    """For the whole area, whichever agency the holder comes from."""
    AGENCY = "agency"
    """For one agency."""
    UNIT = "unit"
    """For one unit of an agency: the line manager of somebody else, or another prison, is nobody."""


class RoleSpec(Spec):
    """A role. ``title``: as people call it, inside a sentence. ``only_agency``: the one agency that has the role."""

    title: Text
    held: Held
    reach: Reach
    only_agency: str | None = None


class Role(Specified):
    """Who a prompt is for."""

    spec: RoleSpec

    COORDINATOR = RoleSpec(name="coordinator", title="MAPPA coordinator", held=Held.DIRECTORY, reach=Reach.AREA)
    COORDINATOR_MANAGER = RoleSpec(
        name="coordinator_manager", title="manager of the MAPPA coordinator", held=Held.DIRECTORY, reach=Reach.AREA
    )
    ADMINISTRATOR = RoleSpec(name="administrator", title="MAPPA administrator", held=Held.DIRECTORY, reach=Reach.AREA)
    CHAIR = RoleSpec(name="chair", title="Chair", held=Held.DIRECTORY, reach=Reach.AREA)
    REPRESENTATIVE = RoleSpec(
        name="representative", title="agency representative", held=Held.DIRECTORY, reach=Reach.AGENCY
    )
    SENIOR_MANAGER = RoleSpec(name="senior_manager", title="senior manager", held=Held.DIRECTORY, reach=Reach.AGENCY)
    LINE_MANAGER = RoleSpec(name="line_manager", title="line manager", held=Held.DIRECTORY, reach=Reach.UNIT)
    PRISON_OFFENDER_MANAGEMENT = RoleSpec(
        name="prison_offender_management",
        title="prison offender management unit",
        held=Held.DIRECTORY,
        reach=Reach.UNIT,
        only_agency="prison",
    )
    SMB_MEMBER = RoleSpec(name="smb_member", title="SMB member", held=Held.DIRECTORY, reach=Reach.AGENCY)
    SMB_CHAIR = RoleSpec(name="smb_chair", title="SMB Chair", held=Held.DIRECTORY, reach=Reach.AREA)
    LAY_ADVISER = RoleSpec(name="lay_adviser", title="lay adviser", held=Held.DIRECTORY, reach=Reach.AGENCY)
    OFFENDER_MANAGER = RoleSpec(name="offender_manager", title="offender manager", held=Held.CASE, reach=Reach.AGENCY)
    POLICE_OFFENDER_MANAGER = RoleSpec(
        name="police_offender_manager",
        title="police offender manager",
        held=Held.CASE,
        reach=Reach.AGENCY,
        only_agency="police",
    )
    ACTION_OWNER = RoleSpec(name="action_owner", title="owner of the action", held=Held.FACTS, reach=Reach.AGENCY)
    INVITEE = RoleSpec(name="invitee", title="invitee", held=Held.FACTS, reach=Reach.AGENCY)
    REFERRER = RoleSpec(name="referrer", title="referrer", held=Held.FACTS, reach=Reach.AGENCY)
    DISCLOSER = RoleSpec(name="discloser", title="discloser", held=Held.FACTS, reach=Reach.AGENCY)
    RECEIVING_COORDINATOR = RoleSpec(
        name="receiving_coordinator",
        title="MAPPA coordinator of the receiving area",
        held=Held.FACTS,
        reach=Reach.AGENCY,
    )


DIRECTORY_ROLES = tuple(role for role in Role if role.spec.held is Held.DIRECTORY)
NAMED_ROLES = tuple(role for role in Role if role.spec.held is not Held.DIRECTORY)


def stands_outside(role: str | None) -> bool:
    """Tell whether the holder of a role speaks for the area and for no agency of their own."""
    return role in set(Role) and Role(role).spec.reach is Reach.AREA


def at_agency(role: str, agency: str) -> str:
    """Return the holder of a role at an agency as a ladder names them: ``representative@approved_premises``."""
    return f"{role}@{agency}" if agency else role


def role_and_agency(addressee: str) -> tuple[str, str]:
    """Return the role that a ladder names, and its agency; "" where it is that which owes the duty."""
    role, _, agency = addressee.partition("@")
    return role, agency
