"""How people write what the record holds: dates, lists, and the names of agencies, levels, orders and tools."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any

from policy.agencies import Agency
from policy.roles import Role
from policy.vocabulary import Attendance, Level, OrderKind, RiskTool, RoshLevel

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = ("January", "February", "March", "April", "May", "June",
          "July", "August", "September", "October", "November", "December")  # fmt: skip
NOT_RECORDED = "Not recorded"
AGENCIES = {
    Agency.YOT: "Youth offending team",
    Agency.CHILDRENS_SOCIAL_CARE: "Children's social care",
    "adults_social_care": "Adults' social care",
    Agency.SMB: "Strategic Management Board",
    Agency.MAPPA_UNIT: "MAPPA unit",
    "counter_terrorism_unit": "Counter-terrorism unit",
}
LEVELS = {
    Level.LEAD_AGENCY: "Level 1: the lead agency manages the case",
    Level.MULTI_AGENCY: "Level 2: several agencies meet and manage the case together",
    Level.SENIOR_MULTI_AGENCY: "Level 3: as level 2, with senior representatives of the agencies",
}
CATEGORIES = {
    1: "Category 1: registered sexual offender",
    2: "Category 2: violent or other sexual offender",
    3: "Category 3: other dangerous offender",
    4: "Category 4: terrorist or terrorist-risk offender",
}
# Durham annual report 2005-06.
RISK_LEVELS = {
    RoshLevel.LOW: "no significant current indicators of serious harm",
    RoshLevel.MEDIUM: "there are indicators, and serious harm is unlikely without a change of circumstances",
    RoshLevel.HIGH: "serious harm could happen at any time, and the impact would be serious",
    RoshLevel.VERY_HIGH: "serious harm is imminent and more likely than not, and the impact would be serious",
}
ORDERS = {
    OrderKind.SHPO: "Sexual harm prevention order",
    OrderKind.SOPO: "Sexual offences prevention order",
}
TOOLS = {
    RiskTool.OASYS: "OASys",
    RiskTool.RM2000: "RM2000",
    RiskTool.ARMS: "ARMS",
    RiskTool.SARA: "SARA",
    RiskTool.ASSET_PLUS: "AssetPlus",
}
TOOK_PART = {
    Attendance.ATTENDED: "Attended",
    Attendance.APOLOGIES_WITH_REPORT: "Apologies, with a report",
    Attendance.APOLOGIES: "Apologies, no report",
    Attendance.ABSENT: "Absent",
}


def plain_words(value: str) -> str:
    """Return a word of the record as people write it: ``very_high`` is "Very high"."""
    written = value.replace("_", " ")
    return written[:1].upper() + written[1:]


ANSWERS = {
    "hdc_approved_date": "Date approved for home detention curfew",
    "post_recall_release_date": "Release date after a recall",
    "remain_level_1": "Not accepted: the case stays at level 1",
    "category_3_accepted": "Accepted as category 3",
    "category_3_rejected": "Not accepted as category 3",
    "more_information": "Sent back: more information is needed",
    "retain": "The case stays at level 1",
    "refer": "Refer the case to level 2 or 3",
    "carried": "Carried over to the next meeting",
    "no_capacity": "Has nobody to send",
    "will_report": "Will send a report",
    "will_attend": "Will come to the next meeting",
    "not_concerned": "Says that it is not concerned",
    "reason_accepted": "The Chair accepts the reason",
    "another_route": "The facts on health came another way",
    "smb_member": "SMB member",
    "smb_chair": "SMB Chair",
    "stays_open": "The case stays open",
    "category_3_referral": "The case is referred as category 3",
    "handed_to_iom": "Handed over to integrated offender management",
    "deregistered": "Deregistered: the case is closed",
    "risk_reduced": "The risk is reduced enough",
    "recorded_in_error": "It was recorded in error",
    "snooze": "Put it off for some days",
    "stop_clock": "Stop the clock, by an authority",
    "theirs": "It is theirs",
    "somebody_elses": "It is somebody else's",
    "done_by_now": "It is done by now",
    "applied_for_another": "Another order is applied for",
    "applied_to_vary": "A variation is applied for",
    "commissioned": "A serious case review is commissioned",
    "not_commissioned": "No serious case review is commissioned",
}
"""Answers to choose whose bare words would not say enough."""


def answer_words(value: str) -> str:
    """Return an answer to choose, in words."""
    return ANSWERS.get(value) or plain_words(value)


def counted(count: int, one: str) -> str:
    """Return how many there are of something, in words: ``no action``, ``1 action``, ``2 actions``."""
    return f"{count:,} {one}s" if count > 1 else f"{count or 'no'} {one}"


def agency_name(value: str) -> str:
    """Return an agency by its name."""
    return AGENCIES.get(value) or plain_words(value)


def agency_inside(value: str) -> str:
    """Return an agency as people call it inside a sentence: ``children's social care``."""
    name = agency_name(value)
    return name if value == Agency.SMB else inside(name)


def order_name(value: str) -> str:
    """Return a court order by its name."""
    return ORDERS.get(OrderKind(value)) or plain_words(value)


def order_in_short(value: str) -> str:
    """Return a court order as people call it inside a sentence: ``SHPO``, ``sexual risk order``."""
    return value.upper() if value in ORDERS else value.replace("_", " ")


def role_name(role: str) -> str:
    """Return a role as people call it inside a sentence; a capacity that somebody typed, as they typed it."""
    return Role(role).spec.title if role in set(Role) else role.replace("_", " ")


def tool_name(value: str) -> str:
    """Return a tool of risk assessment by its name."""
    return TOOLS.get(RiskTool(value)) or plain_words(value)


def level_name(level: int) -> str:
    """Return a level with what it means."""
    return LEVELS[Level(level)]


def category_name(category: int | None) -> str:
    """Return a category with what it means."""
    return "Not decided yet" if category is None else CATEGORIES[category]


def known(value: Any, otherwise: str = NOT_RECORDED) -> str:
    """Return a value as text, a date in full; ``otherwise`` where there is none, so that nothing stays blank."""
    if value is None or value == "":
        return otherwise
    return long_date(value) if isinstance(value, date) else str(value)


def yes_or_no(value: bool) -> str:
    """Return a truth as a word."""
    return "Yes" if value else "No"


def listed(parts: Iterable[str]) -> str:
    """Return parts as a list in a sentence: ``a``, ``a and b``, ``a, b and c``."""
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last


def days(count: int) -> str:
    """Return a number of calendar days in words."""
    return "1 day" if count == 1 else f"{count:,} days"


def days_left(due_on: date, today: date) -> str:
    """Return how far off a due date is: ``in 3 days``, ``tomorrow``, ``today``, ``overdue by 1 day``."""
    left = (due_on - today).days
    if left in (0, 1):
        return "tomorrow" if left else "today"
    return f"in {days(left)}" if left > 0 else f"overdue by {days(-left)}"


def opening(text: str) -> str:
    """Return a text with a capital to begin with; the rest stays as it is, names of bodies above all."""
    return text[:1].upper() + text[1:]


def inside(text: str) -> str:
    """Return a title as it stands inside a sentence: the rest stays as it is, and so does an abbreviation in front."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


@lru_cache(maxsize=4096)
def long_date(day: date) -> str:
    """Return a day as ``Saturday 12 September 2026``, whatever the locale of the machine."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


def near_date(day: date, today: date) -> str:
    """Return a day as ``Saturday 12 September``; with its year where that is not the year of ``today``."""
    return f"{WEEKDAYS[day.weekday()]} {short_near_date(day, today)}"


def short_near_date(day: date, today: date) -> str:
    """Return a day as ``12 September``; with its year where that is not the year of ``today``."""
    year = "" if day.year == today.year else f" {day.year}"
    return f"{day.day} {MONTHS[day.month - 1]}{year}"


def short_date(day: date) -> str:
    """Return a day as ``12 September 2026``."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def day_of(text: str) -> str:
    """Return a date of the record (ISO 8601) as ``12 September 2026``."""
    return short_date(date.fromisoformat(text))
