"""Agencies: those that the rules name, and what the policy says of each.

Which agencies there are is data of the policy (``[agencies]``), and an area may add its own.
"""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from policy.roles import Role


class AgencyClass(StrEnum):
    """What the law asks of an agency (CJA 2003 s.325; MAPPA guidance on associate agencies)."""

    RESPONSIBLE_AUTHORITY = "responsible_authority"
    """Police, probation and prison, acting jointly."""
    DUTY_TO_CO_OPERATE = "duty_to_co_operate"
    """Has to co-operate with the Responsible Authority."""
    ASSOCIATE = "associate"
    """Shares information, and has no duty to."""
    MAPPA = "mappa"
    """MAPPA's own bodies: the unit, and the Strategic Management Board."""


class Agency(StrEnum):
    """The agencies that a rule names; the policy has more."""

    POLICE = "police"
    PROBATION = "probation"
    PRISON = "prison"
    YOT = "yot"
    MENTAL_HEALTH = "mental_health"
    VICTIM_LIAISON = "victim_liaison"
    CHILDRENS_SOCIAL_CARE = "childrens_social_care"
    SMB = "smb"
    MAPPA_UNIT = "mappa_unit"
    GENERAL_PRACTICE = "general_practice"


# The Responsible Authority: police, probation and prison acting jointly (CJA 2003 s.325(1)).
RESPONSIBLE_AUTHORITY = (Agency.POLICE, Agency.PROBATION, Agency.PRISON)
LEAD_AGENCIES = (Agency.PROBATION, Agency.POLICE, Agency.YOT, Agency.MENTAL_HEALTH)
# The five that must identify who comes under MAPPA (Joint inspection 2015, 4.1). A prison leads no case.
IDENTIFYING_AGENCIES = (*LEAD_AGENCIES, Agency.PRISON)


class AgencyEntry(BaseModel):
    """What the policy says of an agency.

    ``name``: as people write it inside a sentence. ``class``: what the law asks of it. ``spoken_for_by``: the role
    that speaks for it at a meeting. ``source``: where it stands.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=2, max_length=60)
    class_: AgencyClass = Field(alias="class")
    spoken_for_by: Role = Role.REPRESENTATIVE
    source: str = Field(min_length=5)
