"""The case in the papers of a meeting: its levels, how the person lives, who must be there, why it was referred."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.documents.blocks import Facts, Section, Table, Words
from casework.documents.wording import Names
from casework.facts.attendance import attendance_facts, wanted_at
from models.cases import Case
from models.meetings import Meeting, Participant
from models.record import policies
from models.referrals import LevelSpell, Referral
from models.replies import Told, answers_that_count
from policy.calendar import london_date
from policy.roles import Role
from policy.vocabulary import ScreeningDecision
from policy.words import (
    NOT_RECORDED,
    day_of,
    known,
    level_name,
    listed,
    long_date,
    opening,
    plain_words,
    short_date,
    yes_or_no,
)

NOT_KNOWN = "Not known"
SCREENED = {
    ScreeningDecision.LEVEL_2: "Accepted at level 2",
    ScreeningDecision.LEVEL_3: "Accepted at level 3",
    ScreeningDecision.REMAIN_LEVEL_1: "To remain at level 1",
    ScreeningDecision.CATEGORY_3_ACCEPTED: "Accepted as category 3",
    ScreeningDecision.CATEGORY_3_REJECTED: "Rejected as category 3",
    ScreeningDecision.MORE_INFORMATION: "Sent back for more information",
}


def levels(session: Session, case: Case) -> Section:
    """Return the history of levels, the newest first."""
    spells = session.scalars(
        select(LevelSpell).where(LevelSpell.case_id == case.id).order_by(LevelSpell.since.desc(), LevelSpell.id.desc())
    )
    rows = [(str(spell.level), short_date(spell.since), known(spell.category), spell.reason) for spell in spells]
    columns = ("Level", "Since", "Category then", "Why")
    return Section("Levels so far", [Table("The newest first", columns, rows, "No level has been set yet.")])


def circumstances(session: Session, meeting: Meeting) -> Section:
    """Return how the person lives, as far as it is known: who must be there follows from it."""
    case = meeting.case
    told: dict[str, Any] = {"victim_contact": case.victim_contact} | (case.circumstances or {})
    asked = policies(session).for_area(case.area, meeting.on).circumstances
    answers = [(one.statement, answer(told.get(name))) for name, one in asked.items()]
    areas = [("The victim lives in the area", told.get("victim_area")),
             ("Another area has a part", told.get("other_area"))]  # fmt: skip
    elsewhere = [(name, str(area)) for name, area in areas if area]
    authority = ("Local authority", known(told.get("local_authority")))
    return Section("Circumstances", [Facts([*answers, authority, *elsewhere])])


def answer(value: bool | None) -> str:
    """Return what is known of a circumstance; what nobody said is no "no"."""
    return NOT_KNOWN if value is None else yes_or_no(value)


def who_must_be_there(session: Session, meeting: Meeting, agency_name: Names) -> Section:
    """Return why each agency is required and who is invited; before anybody is listed, what the case asks for."""
    columns = ("Agency", "Why", "Who", "Invited", "Answer")
    told = answers_that_count(session, [meeting.id])
    rows = [invitation(one, agency_name, told.get((meeting.id, one.email or ""))) for one in meeting.participants]
    if not rows:
        facts = attendance_facts(session, [meeting.case])[meeting.case_id]
        rows = [
            (agency_name(one.agency), f"Required: {one.reason}", "Not worked out yet", "No", answer_in_words(None))
            for one in wanted_at(session, meeting.case, meeting, facts)
        ]
    return Section(
        "Who must be there", [Table("Required and invited", columns, rows, "Nobody is required or invited.")]
    )


def invitation(one: Participant, agency_name: Names, told: Told | None) -> tuple[str, str, str, str, str]:
    """Return somebody on the list of a meeting: required why, who it is, invited or not, and what they answered."""
    if one.required:
        why = f"Required: {one.reason}" if one.reason else "Required"
    else:
        why = "Chairs the meeting" if one.role == Role.CHAIR else "Not required"
    parts = [one.name, plain_words(one.role) if one.role else None]
    who = ", ".join(part for part in parts if part) or "Nobody is known to invite"
    if one.stands_in_for:
        who += f"\n(stands in: there is no {plain_words(one.stands_in_for).lower()} on record)"
    invited = one.invited_at is not None
    no = "No" if one.email else "No: there is no address"
    return agency_name(one.agency), why, who, "Yes" if invited else no, answer_in_words(told)


def answer_in_words(told: Told | None) -> str:
    """Return what somebody who is invited has told by e-mail: whether they come, and that an automatic reply came."""
    if told is None:
        return "None yet"
    answer = [plain_words(told.answer)] if told.answer else []
    return ". ".join(answer + ([f"Automatic reply on {long_date(london_date(told.away_at))}"] if told.away_at else []))


def referral_sections(referral: Referral | None, agency_name: Names) -> list[Section]:
    """Return the newest complete referral (MAPPA A) in full, and what screening answered."""
    if referral is None:
        return [Section("Referral (MAPPA A)", [Words("No complete referral is on record.")])]
    return [
        Section(
            "Referral (MAPPA A)", [particulars(referral), *contents(referral.data), wanted(referral.data, agency_name)]
        ),
        Section("Screening", [screening(referral, agency_name)]),
    ]


def particulars(referral: Referral) -> Facts:
    """Return who referred, when, for what, and who countersigned."""
    data = referral.data
    signed = [data["countersigned_by"], data["countersigned_on"] and day_of(data["countersigned_on"])]
    return Facts(
        [
            ("Received", long_date(referral.received_on)),
            ("Referred by", referral.referred_by),
            ("Level proposed", level_name(referral.proposed_level)),
            ("Countersigned by", ", ".join(part for part in signed if part) or NOT_RECORDED),
        ]
    )


def contents(data: dict[str, Any]) -> list[Words | Facts]:
    """Return what a referral says, under the headings it must have (Joint inspection 2015, 4.8)."""
    risk, assessment = data["risk_of_serious_harm"], data["risk_assessment"]
    tool = [assessment["tool"], assessment["on"] and day_of(assessment["on"]), assessment["by"]]
    return [
        *([Words(data["reason"], "Reason for the referral")] if data["reason"] else []),
        Words(data["likelihood_of_reoffending"], "Likelihood of reoffending"),
        Facts(
            [
                ("Risk of serious harm", plain_words(risk["level"])),
                ("Of what", risk["of_what"]),
                ("To whom", risk["to_whom"]),
                ("How soon", risk["imminence"]),
            ]
        ),
        Words(assessment["conclusion"], f"Risk assessment: {', '.join(part for part in tool if part)}"),
        Words(data["risk_management_plan"], "Risk management plan at the time"),
        Words(data["added_value"], "What several agencies would add"),
        Words(data["special_issues"], "Special issues"),
    ]


def wanted(data: dict[str, Any], agency_name: Names) -> Table:
    """Return the agencies the referral asks for, each with its named person and why (Joint inspection 2015, 6.47)."""
    return Table(
        "Agencies the referral asks for",
        ("Agency", "Who", "Contact", "Why"),
        [
            (
                agency_name(one["agency"]),
                ", ".join((one["name"], one["role"], one["employer"])),
                one["contact"],
                one["why"],
            )
            for one in data["agencies"]
        ],
        "The referral asks for no agency.",
    )


def screening(referral: Referral, agency_name: Names) -> Facts | Words:
    """Return what screening (MAPPA Q) decided and why."""
    if referral.decision is None or referral.decided_on is None:
        return Words("Screening has not answered this referral yet.")
    decision = SCREENED.get(ScreeningDecision(referral.decision)) if referral.screening else None
    rows = [
        ("Decision", decision or f"{plain_words(referral.decision)}, set without a screening on record"),
        ("Date", long_date(referral.decided_on)),
    ]
    if referral.screening is not None:
        form = referral.screening
        rows += [
            ("Reason", form["reason"]),
            ("Eligible", f"{plain_words(form['eligible']['answer'])}: {form['eligible']['reason']}"),
            ("Agencies must meet", f"{plain_words(form['need']['answer'])}: {form['need']['reason']}"),
            *([("Departure from good practice", opening(form["departure"]))] if form.get("departure") else []),
            ("Took part", listed(f"{one['name']} ({agency_name(one['agency'])})" for one in form["took_part"])),
        ]
    return Facts(rows)
