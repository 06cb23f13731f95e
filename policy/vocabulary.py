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
    NEIGHBOURHOOD_POLICING = "neighbourhood_policing"


LEAD_AGENCIES = (Agency.PROBATION, Agency.POLICE, Agency.YOT, Agency.MENTAL_HEALTH)
# The Responsible Authority: police, probation and prison acting jointly (CJA 2003 s.325(1)).
RESPONSIBLE_AUTHORITY = (Agency.POLICE, Agency.PROBATION, Agency.PRISON)


class Role(StrEnum):
    """Who a prompt is for.

    Offender manager and line manager are named on the sentence; the owner of an action, who was invited to a
    meeting, who made a referral, who discloses and who coordinates the area a case is to go to on what they are
    about; all others in the directory.
    """

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
    ACTION_OWNER = "action_owner"
    INVITEE = "invitee"
    REFERRER = "referrer"
    DISCLOSER = "discloser"
    RECEIVING_COORDINATOR = "receiving_coordinator"


NAMED_ROLES = (
    Role.OFFENDER_MANAGER,
    Role.POLICE_OFFENDER_MANAGER,
    Role.ACTION_OWNER,
    Role.INVITEE,
    Role.REFERRER,
    Role.DISCLOSER,
    Role.RECEIVING_COORDINATOR,
)
DIRECTORY_ROLES = tuple(r for r in Role if r not in NAMED_ROLES)


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
    SCREENING_DECISION = "screening_decision"
    RESUBMISSION = "resubmission"
    FIRST_MEETING = "first_meeting"
    LEVEL_2_REVIEW = "level_2_review"
    LEVEL_3_REVIEW = "level_3_review"
    LEVEL_1_REVIEW = "level_1_review"
    URGENT_MEETING = "urgent_meeting"
    MEETING = "meeting"
    MINUTES = "minutes"
    VISOR_POSTING = "visor_posting"
    ACTION = "action"
    ATTENDANCE = "attendance"
    DISCLOSURE_APPROVAL = "disclosure_approval"
    DISCLOSURE = "disclosure"
    PLAN_UPDATE = "plan_update"
    EVENT_REVIEW = "event_review"
    CONSULTATION = "consultation"
    VISOR_PARTNER = "visor_partner"
    RETURN_DUE = "return_due"
    VICTIM_UPDATE = "victim_update"
    CASE_REVIEW = "case_review"
    ORDER_END = "order_end"
    NOTIFICATION_REVIEW = "notification_review"
    TRANSFER_ANSWER = "transfer_answer"
    EXIT_PLAN = "exit_plan"
    END_OF_SENTENCE_CHECK = "end_of_sentence_check"


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
    """How a prompt travels: a reminder waits for the day's digest, a notice and an escalation go at once."""

    REMINDER = "reminder"
    NOTICE = "notice"
    ESCALATION = "escalation"


class MessageKind(StrEnum):
    """What an e-mail is. Digest and escalation gather prompts; every other is a letter about one thing."""

    DIGEST = "digest"
    ESCALATION = "escalation"
    REFERRAL_RETURNED = "referral_returned"
    SCREENING_OUTCOME = "screening_outcome"
    INVITATION = "invitation"
    CANCELLATION = "cancellation"
    ACTIONS = "actions"
    MINUTES = "minutes"
    ATTENDANCE_LETTER = "attendance_letter"
    GP_LETTER = "gp_letter"
    DISCLOSURE = "disclosure"
    EVENT = "event"


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
    CIRCUMSTANCES = "circumstances"
    SCREENING = "screening"
    LEVEL_1_REVIEW = "level-1-review"
    MEETING_PLAN = "meeting-plan"
    MEETING_MOVE = "meeting-move"
    MEETING_CANCEL = "meeting-cancel"
    MEETING = "meeting"
    MINUTES = "minutes"
    VISOR_POSTING = "visor-posting"
    ACTION_OUTCOME = "action-outcome"
    ACTION_ACCEPTANCE = "action-acceptance"
    ATTENDANCE_CONTACT = "attendance-contact"
    ATTENDANCE_REPORT = "attendance-report"
    INCIDENT = "incident"
    CASE_REVIEW = "case-review"
    DISCLOSURE = "disclosure"
    DISCLOSURE_APPROVAL = "disclosure-approval"
    DISCLOSURE_OUTCOME = "disclosure-outcome"
    PLAN = "plan"
    CONTACT_CHANGE = "contact-change"
    RISK_ASSESSMENT = "risk-assessment"
    CUSTODY_EVENT = "custody-event"
    CONSULTATION = "consultation"
    EVENT_REVIEW = "event-review"
    VISOR_PARTNER = "visor-partner"
    VICTIM_UPDATE = "victim-update"
    ORDER = "order"
    ORDER_REVIEW = "order-review"
    NOTIFICATION_REVIEW = "notification-review"
    TRANSFER_PROPOSAL = "transfer-proposal"
    TRANSFER_ANSWER = "transfer-answer"
    EXIT_PLAN = "exit-plan"
    END_OF_SENTENCE_CHECK = "end-of-sentence-check"
    CLOSURE = "closure"


class MeetingState(StrEnum):
    """State of a meeting."""

    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"


class Attendance(StrEnum):
    """How somebody took part in a meeting (``domain.md`` 2.8)."""

    ATTENDED = "attended"
    APOLOGIES_WITH_REPORT = "apologies_with_report"
    APOLOGIES = "apologies"
    ABSENT = "absent"


# Neither came nor reported: an agency that was required is then followed up.
AWAY = (Attendance.APOLOGIES, Attendance.ABSENT)


class ScreeningDecision(StrEnum):
    """What screening (MAPPA Q) may decide (``domain.md`` 2.6)."""

    LEVEL_2 = "level_2"
    LEVEL_3 = "level_3"
    REMAIN_LEVEL_1 = "remain_level_1"
    CATEGORY_3_ACCEPTED = "category_3_accepted"
    CATEGORY_3_REJECTED = "category_3_rejected"
    MORE_INFORMATION = "more_information"


class EndOutcome(StrEnum):
    """What the end-of-sentence check may decide: a case never just ends (``domain.md`` 2.16)."""

    STAYS_OPEN = "stays_open"
    CATEGORY_3_REFERRAL = "category_3_referral"
    HANDED_TO_IOM = "handed_to_iom"
    DEREGISTERED = "deregistered"


class ActionState(StrEnum):
    """State of an action: done only with its outcome, accepted by the Chair; or not done, with the reason."""

    OPEN = "open"
    DONE = "done"
    ACCEPTED = "accepted"
    NOT_DONE = "not_done"


class MinutesState(StrEnum):
    """State of a version of the minutes."""

    DRAFT = "draft"
    APPROVED = "approved"
    FINAL = "final"


class DisclosureState(StrEnum):
    """State of a disclosure: approved by a second person, made, or not made for a reason."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"
    MADE = "made"
    NOT_MADE = "not_made"


class EventKind(StrEnum):
    """What happens to a person in custody, on leave or on licence (``domain.md`` 2.14)."""

    RELEASE_DATE_CHANGED = "release_date_changed"
    TRANSFER = "transfer"
    RECALL = "recall"
    TEMPORARY_RELEASE = "temporary_release"
    RETURNED = "returned"
    PAROLE_OUTCOME = "parole_outcome"
    FURTHER_CHARGE = "further_charge"
    HOSPITAL_TRANSFER = "hospital_transfer"
    HOSPITAL_LEAVE = "hospital_leave"
    ABSCONDED = "absconded"
    RELEASE = "release"
    CONDITIONS_CHANGED = "conditions_changed"
    DEATH = "death"


# Leaves: the person is to be back by a day.
LEAVES = (EventKind.TEMPORARY_RELEASE, EventKind.HOSPITAL_LEAVE)


class OrderKind(StrEnum):
    """Court orders on a person (``domain.md`` 5, 3)."""

    SHPO = "shpo"
    SOPO = "sopo"
    NOTIFICATION_ORDER = "notification_order"
    SEXUAL_RISK_ORDER = "sexual_risk_order"
    FOREIGN_TRAVEL_ORDER = "foreign_travel_order"
    VIOLENT_OFFENDER_ORDER = "violent_offender_order"


# Orders that make their subject notify, and so hold category 1 for as long as they run.
ORDERS_OF_CATEGORY_1 = (OrderKind.SHPO, OrderKind.SOPO, OrderKind.NOTIFICATION_ORDER)


class ContactChangeKind(StrEnum):
    """What became of somebody whom the plan names."""

    DIED = "died"
    NAME_CHANGED = "name_changed"
    MOVED = "moved"
    NO_LONGER_AT_RISK = "no_longer_at_risk"


class RiskTool(StrEnum):
    """Tools by which a risk is assessed (``domain.md`` 1.1)."""

    OASYS = "oasys"
    RM2000 = "rm2000"
    ARMS = "arms"
    SARA = "sara"
    ASSET_PLUS = "asset_plus"
    EXTREMISM_RISK_GUIDE = "extremism_risk_guide"
    OTHER = "other"


class TransferDecision(StrEnum):
    """How a proposal to hand a case to another area ended."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


CUSTODIAL = frozenset(
    {Disposal.LIFE, Disposal.IPP, Disposal.IMPRISONMENT, Disposal.YOI_DETENTION, Disposal.DTO, Disposal.EXTENDED}
)
