"""What is said to the person, and what they say: their status under MAPPA, and their own views for a meeting."""

import datetime
from typing import Annotated, Literal

from pydantic import model_validator

from casework.change import CaseChange
from casework.errors import RefusedError
from casework.recording.fact_type import CASE_MANAGERS, UNIT, FactType, Group, owes
from casework.recording.forms import Form, Name, OwnWords, label
from casework.recording.meeting_plan import find_meeting
from policy.kinds import ThePerson
from policy.vocabulary import FactKind, MeetingState


class StatusTold(Form):
    """The person was told of their status in writing, or it was decided not to (Joint inspection 2015, 4.20)."""

    date: Annotated[
        datetime.date, label("Date", "The day on which the person was told, or it was decided not to.", "2026-09-28")
    ]
    told: Annotated[
        Literal["in_writing", "not_told"],
        label("Told", "Whether the person was told in writing, or is not to be told.", "in_writing"),
    ]
    how: Annotated[
        OwnWords,
        label(
            "How, or why not",
            "How the person got the letter and what was explained. If they are not to be told: why.",
            "Given the letter at the visit in HMP Example; what level 2 means was read to him.",
        ),
    ]
    by: Annotated[Name, label("Told by", "Who told the person, or decided not to.", "Olive Example")]


class OwnViews(Form):
    """The person was asked for their own views for a meeting (Lancashire annual report 2014-15)."""

    date: Annotated[datetime.date, label("Date", "The day of the answer.", "2026-10-05")]
    meeting: Annotated[
        int | None,
        label("Meeting number", "For which planned meeting. Leave it out if only one is planned.", 1),
    ] = None
    answer: Annotated[
        Literal["wrote", "said", "declined", "not_asked"],
        label(
            "Answer",
            "Whether the person wrote, said something that you wrote down, did not want to, or could not be asked.",
            "wrote",
        ),
    ]
    text: Annotated[
        OwnWords | None,
        label(
            "Own views",
            "What the person wrote or said, in their own words. If they could not be asked: why.",
            "He writes that he wants to work, and does not see why he may not visit Leeds.",
        ),
    ] = None
    by: Annotated[Name, label("Asked by", "Who asked the person.", "Olive Example")]

    @model_validator(mode="after")
    def says_what_was_answered(self) -> "OwnViews":
        """Refuse an answer without its words; somebody who declines need give no reason."""
        if self.text is None and self.answer != "declined":
            what = "why could the person not be asked?" if self.answer == "not_asked" else "what did the person say?"
            raise ValueError(f"text: {what}")
        return self


def apply_status(change: CaseChange, form: StatusTold) -> str:
    """Note that the person knows of their status."""
    if change.case.level is None:
        raise RefusedError(["the case has no level yet: tell the person once it is set"])
    if form.told == "not_told":
        return f"decided on {form.date} not to tell the person of their status"
    return f"the person was told of their status in writing on {form.date}"


def apply_own_views(change: CaseChange, form: OwnViews) -> str:
    """Note what the person answered; it goes into the papers of the meeting."""
    meeting = find_meeting(change, form.meeting, MeetingState.PLANNED)
    if form.date > meeting.on:
        raise RefusedError([f"date: {form.date} is after meeting {meeting.number} of {meeting.on}"])
    return f"own views for meeting {meeting.number}: {form.answer.replace('_', ' ')} on {form.date}"


KINDS = (
    FactType(
        kind=FactKind.STATUS_TOLD,
        title="Person told of their status",
        hint="Record this when the person has been told in writing that they are managed under MAPPA, and at which "
        "level.",
        group=Group.REFERRAL,
        who=(*CASE_MANAGERS, *UNIT),
        offered_when=owes(ThePerson.STATUS_TOLD),
        form=StatusTold,
        apply=apply_status,
    ),
    FactType(
        kind=FactKind.OWN_VIEWS,
        title="Person's own views",
        hint="Record what the person answered when they were asked for their own views before a meeting.",
        group=Group.MEETINGS,
        who=(*CASE_MANAGERS, *UNIT),
        offered_when=lambda now: now.meeting_planned,
        form=OwnViews,
        apply=apply_own_views,
    ),
)
