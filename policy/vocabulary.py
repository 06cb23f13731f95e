"""The words of the field, each with one spelling (MAPPA guidance 2012, and the files of docs/reference/files.md).

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
    """Risk of serious harm (Durham annual report 2005-06)."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    VERY_HIGH = "very_high"


class State(StrEnum):
    """State of a timescale.

    Open also when overdue. Paused: it prompts nobody until a day, and is owed as before. Missed: it was owed, and
    something overtook it before it was done (the next meeting, the closing of the case). Cancelled: it was never owed,
    as a fact that asked for it was wrong or was taken back.
    """

    OPEN = "open"
    PAUSED = "paused"
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


class MessageState(StrEnum):
    """State of an e-mail in the outbox: what is known of its fate, and no more."""

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
    RELEASE_DAY = "release-day"
    DATES_CHECK = "dates-check"
    FIRST_NOTIFICATION = "first-notification"
    NEIGHBOURHOOD_TOLD = "neighbourhood-told"
    LICENCE_CONDITIONS = "licence-conditions"
    ACCOMMODATION = "accommodation"
    JOBCENTRE_NOTICE = "jobcentre-notice"
    POLICE_NOTIFICATION = "police-notification"
    DETAILS_CHANGE = "details-change"
    FOREIGN_TRAVEL = "foreign-travel"
    TRAVEL_RETURN = "travel-return"
    MISSING_DECISION = "missing-decision"
    VISOR_RECORD = "visor-record"
    RESTRICTION = "restriction"
    CIRCUMSTANCES = "circumstances"
    SCREENING = "screening"
    LEVEL_1_REVIEW = "level-1-review"
    STATUS_TOLD = "status-told"
    OWN_VIEWS = "own-views"
    MEETING_PLAN = "meeting-plan"
    MEETING_MOVE = "meeting-move"
    MEETING_CANCEL = "meeting-cancel"
    PRISON_REPORT = "prison-report"
    MEETING = "meeting"
    MINUTES = "minutes"
    VISOR_POSTING = "visor-posting"
    ACTION_OUTCOME = "action-outcome"
    ACTION_ACCEPTANCE = "action-acceptance"
    ACTION_OWNER = "action-owner"
    ATTENDANCE_CONTACT = "attendance-contact"
    ATTENDANCE_REPORT = "attendance-report"
    INCIDENT = "incident"
    OFFENCE_REPORT = "offence-report"
    CASE_REVIEW = "case-review"
    CASE_AUDIT = "case-audit"
    DISCLOSURE = "disclosure"
    DISCLOSURE_APPROVAL = "disclosure-approval"
    DISCLOSURE_OUTCOME = "disclosure-outcome"
    PLAN = "plan"
    VISIT = "visit"
    PLAN_CONFIRMED = "plan-confirmed"
    CONTACT_CHANGE = "contact-change"
    RISK_ASSESSMENT = "risk-assessment"
    CONFERENCE = "conference"
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
    PAUSE = "pause"
    RESUME = "resume"
    NOT_MINE = "not-mine"
    WHOSE_DUTY = "whose-duty"
    TAKEN_ON = "taken-on"
    MERGE = "merge"
    SPLIT = "split"
    WITHDRAW_SENTENCE = "withdraw-sentence"
    WITHDRAW_REGISTRATION = "withdraw-registration"


class TakenOnDecision(StrEnum):
    """What becomes of a duty that was overdue when its area was taken on."""

    ADOPT = "adopt"
    PUT_DOWN = "put_down"


class WhoseDuty(StrEnum):
    """Whose a duty is that somebody says is not theirs."""

    THEIRS = "theirs"
    SOMEBODY_ELSES = "somebody_elses"
    DONE_BY_NOW = "done_by_now"


class MeetingState(StrEnum):
    """State of a meeting."""

    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"


class Attendance(StrEnum):
    """How somebody took part in a meeting (Joint inspection 2015, 5.4)."""

    ATTENDED = "attended"
    APOLOGIES_WITH_REPORT = "apologies_with_report"
    APOLOGIES = "apologies"
    ABSENT = "absent"


class AtTheBoard(StrEnum):
    """How somebody who was invited took part in a meeting of the board; ``WITHDRAWN``: the row was told in error."""

    ATTENDED = "attended"
    APOLOGIES = "apologies"
    ABSENT = "absent"
    WITHDRAWN = "withdrawn"


class PauseWay(StrEnum):
    """How a timescale is paused: by whoever owes it, for a few days; or on somebody's authority, for longer."""

    SNOOZE = "snooze"
    STOP_CLOCK = "stop_clock"


# Neither came nor reported: an agency that was required is then followed up.
AWAY = (Attendance.APOLOGIES, Attendance.ABSENT)


class ScreeningDecision(StrEnum):
    """What screening (MAPPA Q) may decide (Joint inspection 2015, 4.8)."""

    LEVEL_2 = "level_2"
    LEVEL_3 = "level_3"
    REMAIN_LEVEL_1 = "remain_level_1"
    CATEGORY_3_ACCEPTED = "category_3_accepted"
    CATEGORY_3_REJECTED = "category_3_rejected"
    MORE_INFORMATION = "more_information"


class EndOutcome(StrEnum):
    """What the end-of-sentence check may decide: a case never just ends (Joint inspection 2015, 5.13, 5.21)."""

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


class OrderKind(StrEnum):
    """Court orders on a person (SOA 2003 Part 2; Norfolk annual report 2018-19, notes (f) to (h))."""

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


class Dwelling(StrEnum):
    """Where somebody lives, or will live (Joint inspection 2015, 6.19 to 6.22 and 6.57 to 6.63)."""

    OWN_HOME = "own_home"
    FAMILY_OR_FRIENDS = "family_or_friends"
    SOCIAL_LANDLORD = "social_landlord"
    PRIVATE_LANDLORD = "private_landlord"
    SUPPORTED = "supported"
    APPROVED_PREMISES = "approved_premises"
    BAIL_ACCOMMODATION = "bail_accommodation"
    TEMPORARY = "temporary"
    NONE_FOUND = "none_found"


class NotifiedHome(StrEnum):
    """What a person who must notify the police tells of their home (Sexual Offences Act 2003 s.83(7), s.85(6))."""

    FIXED = "fixed"
    NO_FIXED_HOME = "no_fixed_home"


class RiskTool(StrEnum):
    """Tools by which a risk is assessed (Joint inspection 2015, 2.11, 6.30, 6.31)."""

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


class ReportedKind(StrEnum):
    """What an events file tells: what the annual report and the outcomes count.

    Source: the annual reports of London 2014, Lancashire 2015 and Norfolk 2019; Joint inspection 2015, 3.4.
    """

    NOTIFICATION_BREACH = "notification_breach"
    ORDER_SOPO = "order_sopo"
    ORDER_SHPO = "order_shpo"
    ORDER_SHPO_TRAVEL = "order_shpo_travel"
    ORDER_NOTIFICATION = "order_notification"
    ORDER_FOREIGN_TRAVEL = "order_foreign_travel"
    LICENCE_RECALL = "licence_recall"
    ORDER_BREACH_CUSTODY = "order_breach_custody"
    NOTIFICATION_REVOKED = "notification_revoked"
    SRO_BREACH_NOTIFICATION = "sro_breach_notification"
    SERIOUS_FURTHER_OFFENCE_CHARGE = "serious_further_offence_charge"
    RELEASE = "release"
    RECONVICTION_SERIOUS = "reconviction_serious"
    RECONVICTION_OTHER = "reconviction_other"
    FURTHER_VICTIMISATION = "further_victimisation"
