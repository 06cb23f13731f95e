"""A filled-in record of a meeting: the example of the command line and of the documentation."""

from typing import Any

EXAMPLE: dict[str, Any] = {
    "date": "2026-10-14",
    "meeting": 1,
    "chair": {"name": "Clare Example", "email": "clare@probation.example"},
    "confidentiality": {"declared": True, "by": "Clare Example"},
    "attendance": [
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
    ],
    "information": [
        {"agency": "probation", "text": "He has finished the programme, and names the uncle as his only support."}
    ],
    "risk_views": [
        {"agency": "probation", "level": "high", "reason": "He would look for the uncle first, and drink with him."},
        {"agency": "police", "level": "high", "reason": "Two of the earlier assaults began at the uncle's flat."},
        {"agency": "victim_liaison", "level": "high", "reason": "The sister has had letters she did not want."},
        {"agency": "approved_premises", "level": "medium", "reason": "A bed is held; a curfew bounds the evenings."},
    ],
    "at_risk": [
        {
            "who": "The sister of the victim",
            "of_what": "Assault, and being frightened",
            "when": "In the first weeks after release",
            "evidence": "Three letters from prison this year",
        }
    ],
    "victims": "The sister wants an exclusion zone, and to be told of the release date.",
    "offender_views": "He writes that he wants to work, and does not see why he may not visit Leeds.",
    "disclosure": {
        "decision": "do_not_disclose",
        "reason": "The approved premises know; nobody else is near enough to be at risk from not knowing.",
    },
    "plan": {
        "supervision": "Weekly with the offender manager for twelve weeks.",
        "monitoring_and_control": "Curfew from 19:00 to 07:00, and unannounced visits by the police.",
        "interventions_and_treatment": "Alcohol treatment from the first week.",
        "victim_safety": "The victim liaison officer tells the sister before the release.",
        "contingency": "A missed curfew is told to the police within the hour; two mean recall.",
        "licence_conditions": "Not to contact the sister directly or indirectly. Not to enter Chapeltown, Leeds.",
        "conclusion": "In conclusion, the plan is release to approved premises, with the uncle traced beforehand.",
    },
    "level_decision": {"level": 2, "reason": "Three agencies hold parts of the plan, and the risk is high."},
    "next_meeting": {"starts_at": "2027-01-27T10:00", "minutes_long": 60, "place": "Civic Centre, room 3"},
    "article_8": {"declared": True, "by": "Clare Example"},
    "actions": [
        {
            "text": "Trace the uncle",
            "agency": "police",
            "owner": {"name": "Priya Example", "email": "priya@police.example"},
            "due_on": "2026-11-04",
        }
    ],
}
