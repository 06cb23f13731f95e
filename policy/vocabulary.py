"""The words of the field, each with one spelling (``domain.md`` 1 and the file contracts of the design).

Values are what stands in files, in the database and in JSON; they are never translated on the way.
"""

from enum import IntEnum, StrEnum


class Category(IntEnum):
    """MAPPA category (CJA 2003 s.325-327; category 4: PCSC Act 2022)."""

    REGISTERED_SEXUAL_OFFENDER = 1
    VIOLENT_OR_OTHER_SEXUAL = 2
    OTHER_DANGEROUS = 3
    TERRORIST = 4


class Level(IntEnum):
    """Level of management. No level yet ("to be confirmed") is ``None``, never zero."""

    LEAD_AGENCY = 1
    MULTI_AGENCY = 2
    SENIOR_MULTI_AGENCY = 3


class Agency(StrEnum):
    """Agencies of a directory: Responsible Authority, duty to co-operate, associates, and MAPPA's own."""

    POLICE = "police"
    PROBATION = "probation"
    PRISON = "prison"
    YOT = "yot"
    MENTAL_HEALTH = "mental_health"
    CHILDRENS_SOCIAL_CARE = "childrens_social_care"
    ADULTS_SOCIAL_CARE = "adults_social_care"
    HOUSING = "housing"
    HEALTH = "health"
    EDUCATION = "education"
    IMMIGRATION_ENFORCEMENT = "immigration_enforcement"
    JOBCENTRE = "jobcentre"
    ELECTRONIC_MONITORING = "electronic_monitoring"
    APPROVED_PREMISES = "approved_premises"
    VICTIM_LIAISON = "victim_liaison"
    REGISTERED_SOCIAL_LANDLORD = "registered_social_landlord"
    SMB = "smb"
    MAPPA_UNIT = "mappa_unit"
    COUNTER_TERRORISM_UNIT = "counter_terrorism_unit"
    GENERAL_PRACTICE = "general_practice"


LEAD_AGENCIES = (Agency.PROBATION, Agency.POLICE, Agency.YOT, Agency.MENTAL_HEALTH)


class Role(StrEnum):
    """Who a prompt is for. Offender manager and line manager are named on the sentence, the rest in the directory."""

    COORDINATOR = "coordinator"
    COORDINATOR_MANAGER = "coordinator_manager"
    ADMINISTRATOR = "administrator"
    CHAIR = "chair"
    REPRESENTATIVE = "representative"
    SENIOR_MANAGER = "senior_manager"
    LINE_MANAGER = "line_manager"
    PRISON_OFFENDER_MANAGEMENT = "prison_offender_management"
    SMB_MEMBER = "smb_member"
    SMB_CHAIR = "smb_chair"
    LAY_ADVISER = "lay_adviser"
    OFFENDER_MANAGER = "offender_manager"
    POLICE_OFFENDER_MANAGER = "police_offender_manager"


DIRECTORY_ROLES = tuple(r for r in Role if r not in (Role.OFFENDER_MANAGER, Role.POLICE_OFFENDER_MANAGER))


class Disposal(StrEnum):
    """What the court (or a caution) imposed."""

    LIFE = "life"
    IPP = "ipp"
    IMPRISONMENT = "imprisonment"
    YOI_DETENTION = "yoi_detention"
    DTO = "dto"
    EXTENDED = "extended"
    SUSPENDED = "suspended"
    COMMUNITY_ORDER = "community_order"
    HOSPITAL_ORDER = "hospital_order"
    GUARDIANSHIP_ORDER = "guardianship_order"
    CAUTION = "caution"
    CONDITIONAL_DISCHARGE = "conditional_discharge"
    FINE = "fine"
    OTHER = "other"


class Location(StrEnum):
    """Where the person is."""

    CUSTODY = "custody"
    COMMUNITY = "community"
    HOSPITAL = "hospital"


class Sex(StrEnum):
    """As recorded in the sentences file."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"


class RoshLevel(StrEnum):
    """Risk of serious harm (``domain.md`` 1.1)."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    VERY_HIGH = "very_high"


class Kind(StrEnum):
    """Kinds of timescale (the design's table)."""

    IDENTIFICATION = "identification"
    PRISON_NOTICE = "prison_notice"
    REFERRAL = "referral"
    LEVEL_SETTING = "level_setting"


class State(StrEnum):
    """State of a timescale. Open also when overdue; missed only once it can no longer be met."""

    OPEN = "open"
    MET = "met"
    MISSED = "missed"
    CANCELLED = "cancelled"


class Standing(StrEnum):
    """Where a case stands: the ``stage`` of a case in JSON."""

    IDENTIFICATION = "identification"
    CUSTODY = "custody"
    PRE_RELEASE = "pre_release"
    COMMUNITY = "community"
    SCREENING = "screening"
    MANAGED = "managed"
    CLOSED = "closed"


class Weight(StrEnum):
    """How a prompt travels: a reminder waits for the day's digest, an escalation goes at once."""

    REMINDER = "reminder"
    ESCALATION = "escalation"


class MessageState(StrEnum):
    """State of an e-mail in the outbox (promise 3 of the design)."""

    PENDING = "pending"
    CLAIMED = "claimed"
    SENT = "sent"
    RETRY = "retry"
    UNCERTAIN = "uncertain"
    DEAD = "dead"
    WITHHELD = "withheld"
    CANCELLED = "cancelled"


class FactKind(StrEnum):
    """Facts a person records with ``mappa record KIND``."""

    IDENTIFICATION = "identification"
    PRISON_NOTICE = "prison-notice"
    REFERRAL = "referral"
    LEVEL = "level"
    RELEASE_DATE = "release-date"
    RESTRICTION = "restriction"
