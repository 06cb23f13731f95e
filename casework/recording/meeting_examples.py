"""What of a filled-in record of a meeting takes more than one entry: examples of its fields."""

from typing import Any

ATTENDANCE: list[dict[str, Any]] = [
    {
        "agency": "probation",
        "name": "Olive Example",
        "role": "Offender manager",
        "grade": "Probation officer",
        "status": "attended",
    },
    {
        "agency": "police",
        "name": "Priya Example",
        "role": "Police offender manager",
        "grade": "Sergeant",
        "status": "attended",
    },
    {"agency": "prison", "name": "Opal Example", "role": "Offender management unit", "status": "absent"},
    {
        "agency": "childrens_social_care",
        "name": "Ruth Example",
        "role": "Team manager",
        "status": "apologies_with_report",
        "report": "The nephew has a social worker; no contact is planned.",
    },
    {"agency": "victim_liaison", "name": "Vera Example", "role": "Victim liaison officer", "status": "attended"},
    {"agency": "approved_premises", "name": "Anna Example", "role": "Manager", "status": "attended"},
]
RISK_VIEWS: list[dict[str, Any]] = [
    {"agency": "probation", "level": "high", "reason": "He would look for the uncle first, and drink with him."},
    {"agency": "police", "level": "high", "reason": "Two of the earlier assaults began at the uncle's flat."},
    {"agency": "victim_liaison", "level": "high", "reason": "The sister has had letters she did not want."},
    {"agency": "approved_premises", "level": "medium", "reason": "A bed is held; a curfew bounds the evenings."},
]
NO_DISCLOSURE: dict[str, Any] = {
    "decision": "do_not_disclose",
    "reason": "The approved premises know; nobody else is near enough to be at risk from not knowing.",
}
