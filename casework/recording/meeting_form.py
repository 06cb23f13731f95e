"""The record of a meeting as a form: the agenda as a checklist without blanks."""

import datetime
from typing import Annotated, Literal

from pydantic import Field

from casework.recording import meeting_examples as examples
from casework.recording.actions import NewAction, PreviousAction
from casework.recording.carried_forward import Confirmed
from casework.recording.disclosures import DisclosureDecision
from casework.recording.earlier_disclosures import PreviousDisclosure
from casework.recording.forms import (
    AgencyName,
    Contingency,
    Email,
    Form,
    Grade,
    Name,
    OwnWords,
    Reason,
    Section,
    WrittenOut,
    label,
)
from casework.recording.meeting_plan import Chair, Slot
from policy.dates import Ahead
from policy.vocabulary import Attendance, Level, RoshLevel


class Attended(Section):
    """Somebody's part in the meeting: who, of which agency, in which role and grade, and how."""

    agency: Annotated[AgencyName, label("Agency", "Their agency.", "probation")]
    name: Annotated[Name, label("Name", "Their name.", "Olive Example")]
    role: Annotated[Name, label("Role", "What they do there.", "Offender manager")]
    grade: Annotated[Grade | None, label("Grade", "Their grade or rank.", "Probation officer")] = None
    email: Annotated[
        Email, label("E-mail address", "Where the minutes go.", "olive@probation.example", shown=False)
    ] = None
    status: Annotated[
        Attendance,
        label("Attendance", "Whether they attended, sent a report or apologies, or were absent.", "attended"),
    ]
    report: Annotated[
        OwnWords | None,
        label(
            "Report",
            "If they sent a report: what it says.",
            "The nephew has a social worker; no contact is planned.",
            shown=False,
        ),
    ] = None
    grade_reason: Annotated[
        Reason | None,
        label(
            "Reason for a lower grade",
            "At level 3, if their grade is below the policy's minimum: why it will do.",
            "The superintendent is on leave, and gave her authority to commit officers.",
            shown=False,
        ),
    ] = None


class Declared(Section):
    """A declaration made at the meeting, and by whom."""

    declared: Annotated[Literal[True], label("Declared", "That the declaration was made.", True)]
    by: Annotated[Name, label("Declared by", "Who made it.", "Clare Example")]


class Information(Section):
    """What one agency brought, and what it says about the risk of harm."""

    agency: Annotated[AgencyName, label("Agency", "The agency.", "probation")]
    text: Annotated[
        OwnWords,
        label(
            "Information",
            "What the agency brought, and what it means for the risk of harm.",
            "He has finished the programme, and names the uncle as his only support.",
        ),
    ]


class RiskView(Section):
    """How an agency that was there sees the risk of serious harm, and why."""

    agency: Annotated[AgencyName, label("Agency", "The agency.", "probation")]
    level: Annotated[RoshLevel, label("Risk of serious harm", "How high the agency thinks the risk is.", "high")]
    reason: Annotated[
        OwnWords,
        label("Reason", "Why it thinks so.", "He would look for the uncle first, and drink with him."),
    ]


class AtRisk(Section):
    """Who is at risk of what, when, and on which evidence."""

    who: Annotated[OwnWords, label("Who", "Who is at risk.", "The sister of the victim")]
    of_what: Annotated[OwnWords, label("Risk of what", "The harm that could be done.", "Assault, and being frightened")]
    when: Annotated[OwnWords, label("When", "When it is most likely.", "In the first weeks after release")]
    evidence: Annotated[OwnWords, label("Evidence", "What shows it.", "Three letters from prison this year")]


class Visit(Section):
    """A visit since the last meeting (Joint inspection 2015, 5.16)."""

    on: Annotated[datetime.date, label("Date", "The day of the visit.", "2026-10-02")]
    agency: Annotated[AgencyName, label("Agency", "The agency that visited.", "police")]
    by: Annotated[Name, label("Visited by", "Who visited.", "Priya Example")]
    announced: Annotated[bool, label("Announced", "Whether the person knew of the visit beforehand.", False)]


class Plan(Section):
    """The risk management plan: the four pillars, what happens if they fail, and the conclusion.

    Source: MAPPA guidance, 12.11; Joint inspection 2015, 5.19.
    """

    supervision: Annotated[
        WrittenOut,
        label(
            "Supervision",
            "How often the person is seen, by whom.",
            "Weekly with the offender manager for twelve weeks.",
        ),
    ]
    monitoring_and_control: Annotated[
        WrittenOut,
        label(
            "Monitoring and control",
            "What limits and watches what the person does.",
            "Curfew from 19:00 to 07:00, and unannounced visits by the police.",
        ),
    ]
    interventions_and_treatment: Annotated[
        WrittenOut,
        label(
            "Interventions and treatment",
            "What the person works on, and with whom.",
            "Alcohol treatment from the first week.",
        ),
    ]
    victim_safety: Annotated[
        WrittenOut,
        label(
            "Victim safety",
            "What keeps the victim, and others at risk, safe.",
            "The victim liaison officer tells the sister before the release.",
        ),
    ]
    contingency: Annotated[
        Contingency,
        label(
            "Contingency",
            "What is done first, by whom, if the plan begins to fail.",
            "A missed curfew is told to the police within the hour; two mean recall.",
        ),
    ]
    licence_conditions: Annotated[
        WrittenOut,
        label(
            "Licence conditions and orders",
            "The conditions and orders, word for word.",
            "Not to contact the sister directly or indirectly. Not to enter Chapeltown, Leeds.",
        ),
    ]
    conclusion: Annotated[
        WrittenOut,
        label(
            "Conclusion",
            "The whole plan in a sentence.",
            "In conclusion, the plan is release to approved premises, with the uncle traced beforehand.",
        ),
    ]


class LevelDecision(Section):
    """The level from now on, and why."""

    level: Annotated[Level, label("Level", "The level from now on.", 2)]
    reason: Annotated[Reason, label("Reason", "Why.", "Three agencies hold parts of the plan, and the risk is high.")]


class YesOrNo(Section):
    """A decision with its reason."""

    decision: Annotated[Literal["yes", "no"], label("Decision", "Yes or no.", "no")]
    reason: Annotated[Reason, label("Reason", "Why.", "No resources are asked for that the agencies here cannot give.")]


class NextMeeting(Slot):
    """The next meeting."""

    starts_at: Annotated[
        datetime.datetime,
        label(
            "Start",
            "Date and time. Without an offset it is Europe/London.",
            "2027-01-27T10:00",
            ahead=Ahead.APPOINTMENT,
        ),
    ]
    late_because: Annotated[
        Reason | None,
        label(
            "Reason for a late date",
            "If it is later than the level allows: why.",
            "The release is put off until May; the prison holds him until then.",
            shown=False,
        ),
    ] = None


class MeetingRecord(Form):
    """A meeting was held: who was there, what was said and decided."""

    date: Annotated[datetime.date, label("Date of the meeting", "The day on which it was held.", "2026-10-14")]
    meeting: Annotated[
        int | None,
        label("Meeting number", "Which planned meeting. Leave it out if only one is planned for that day.", 1),
    ] = None
    level: Annotated[
        Level | None,
        label("Level", "If it was not planned: the level at which it was held.", 2, shown=False),
    ] = None
    held: Annotated[
        Slot | None,
        label("When and where", "If it was not planned: when and where it was held.", shown=False),
    ] = None
    chair: Annotated[Chair | None, label("Chair", "Who chaired, if that is not who was planned to.")] = None
    confidentiality: Annotated[
        Declared, label("Confidentiality", "That everybody signed the declaration of confidentiality.")
    ]
    attendance: Annotated[
        list[Attended],
        Field(min_length=1),
        label("Attendance", "Everybody who was there, and every agency that should have been.", examples.ATTENDANCE),
    ]
    previous_actions: Annotated[
        list[PreviousAction],
        label("Earlier actions", "What became of each open action of an earlier meeting.", shown=False),
    ] = Field(default_factory=list)
    information: Annotated[
        list[Information],
        Field(min_length=1),
        label("Information", "What each agency brought, the lead agency first."),
    ]
    risk_views: Annotated[
        list[RiskView],
        Field(min_length=1),
        label(
            "Views of the risk",
            "How each agency that was there sees the risk of serious harm.",
            examples.RISK_VIEWS,
        ),
    ]
    at_risk: Annotated[
        list[AtRisk],
        Field(min_length=1),
        label("Who is at risk", "Everybody who is at risk, of what, when and on which evidence."),
    ]
    victims: Annotated[
        OwnWords,
        label(
            "Victims",
            "What the victims want, and what they are told.",
            "The sister wants an exclusion zone, and to be told of the release date.",
        ),
    ]
    offender_views: Annotated[
        OwnWords,
        label(
            "The person's own views",
            "What the person wrote or said when invited to contribute.",
            "He writes that he wants to work, and does not see why he may not visit Leeds.",
        ),
    ]
    visits: Annotated[
        list[Visit], label("Visits", "The visits since the last meeting that are not on record yet.", shown=False)
    ] = Field(default_factory=list)
    previous_disclosures: Annotated[
        list[PreviousDisclosure],
        label("Earlier disclosures", "What became of each open disclosure.", shown=False),
    ] = Field(default_factory=list)
    disclosure: Annotated[
        DisclosureDecision,
        label(
            "Disclosure",
            "Whether something is to be disclosed, with a reason of this meeting.",
            examples.NO_DISCLOSURE,
        ),
    ]
    plan: Annotated[Plan, label("Risk management plan", "The plan as the meeting agreed it.")]
    level_decision: Annotated[LevelDecision, label("Level", "The level from now on, and why.")]
    critical_public_protection_case: Annotated[
        YesOrNo | None,
        label(
            "Critical public protection case",
            "At level 3, at every meeting: whether it is one.",
            shown=False,
        ),
    ] = None
    media_strategy: Annotated[
        OwnWords | None,
        label(
            "Media strategy",
            "Who answers the press, and what is said.",
            "The police press office answers for all agencies.",
            shown=False,
        ),
    ] = None
    links: Annotated[
        OwnWords | None,
        label(
            "Links to other work",
            "What links this case to MARAC, integrated offender management or safeguarding.",
            "MARAC of 2 October: the sister is known there.",
            shown=False,
        ),
    ] = None
    next_meeting: Annotated[
        NextMeeting | None, label("Next meeting", "At level 2 or 3: when and where the next meeting is.")
    ] = None
    article_8: Annotated[
        Declared,
        label("Necessity and proportionality", "That the Chair declared what is shared necessary and proportionate."),
    ]
    actions: Annotated[list[NewAction], label("New actions", "Each action the meeting set.")] = Field(
        default_factory=list
    )
    carried_forward: Annotated[
        dict[str, Confirmed],
        label(
            "Carried forward",
            "Each section that stands word for word as at the last meeting, by its name, and who confirms it.",
            {"plan.supervision": {"confirmed_by": "Olive Example", "because": "I saw him weekly until 20 January."}},
            shown=False,
        ),
    ] = Field(default_factory=dict)
    struck: Annotated[
        dict[str, Reason],
        label(
            "Struck out",
            "Each section that stood at the last meeting and is left out now, by its name, and why.",
            {"media_strategy": "The press has lost interest since the trial."},
            shown=False,
        ),
    ] = Field(default_factory=dict)
