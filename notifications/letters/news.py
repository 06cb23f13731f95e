"""What a digest says of what came back: who has declined a meeting, and which e-mail reached nobody."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.cases import Case
from models.meetings import Meeting, Participant
from models.obligations import Message, Prompt
from models.record import policies
from models.replies import ReturnedAddress, answers_that_count
from notifications.letters.lines import PromptLine
from policy.announcements import Announcement, announcement_of
from policy.calendar import LONDON, london_date
from policy.kinds.words import kind_words
from policy.replies import Answer
from policy.vocabulary import MessageState
from policy.words import listed, near_date, opening, role_name

NOT_ARRIVED = (MessageState.DEAD, MessageState.WITHHELD)


def with_news(session: Session, lines: Sequence[PromptLine], as_at: datetime) -> list[PromptLine]:
    """Return the lines; those about what came back say what that was, as the record stands now."""
    told: dict[tuple[Announcement, int], str] = {}
    for what, words in WORDS.items():
        if about := [line for line in lines if announcement_of(line.rung) is what]:
            told |= {(what, key): text for key, text in words(session, about, as_at).items()}
    return [
        replace(line, told=told.get((what, line.timescale_id), line.told)) if what else line
        for line, what in ((line, announcement_of(line.rung)) for line in lines)
    ]


def declined(session: Session, lines: Sequence[PromptLine], as_at: datetime) -> Mapping[int, str]:
    """Return which agencies that must come to a meeting have declined, by timescale."""
    numbers = {line.subject.row: line.timescale_id for line in lines if line.subject.row is not None}
    query = (
        select(Participant.meeting_id, Participant.agency, Participant.email)
        .where(Participant.meeting_id.in_(numbers), Participant.required)
        .order_by(Participant.agency, Participant.id)
    )
    answers = answers_that_count(session, numbers)
    agencies: dict[int, list[str]] = defaultdict(list)
    for meeting_id, agency, email in session.execute(query):
        found = answers.get((meeting_id, email or ""))
        if found is not None and found.answer == Answer.DECLINED:
            agencies[meeting_id].append(agency)
    meetings = select(Meeting.id, Meeting.starts_at, Case.area).join(Case, Case.id == Meeting.case_id)
    told = {}
    for row in session.execute(meetings.where(Meeting.id.in_(numbers)).order_by(Meeting.id)):
        names = [policies(session).for_area(row.area, london_date(as_at)).agency_name(one)
                 for one in dict.fromkeys(agencies[row.id])]  # fmt: skip
        begins = row.starts_at.astimezone(LONDON)
        meeting = f"the meeting on {near_date(begins.date(), london_date(as_at))}, {begins:%H:%M}"
        told[numbers[row.id]] = (
            f"{opening(listed(names))} {'has' if len(names) == 1 else 'have'} declined {meeting}."
            if names
            else f"An agency declined {meeting}, and has changed its answer since."
        )
    return told


def returned(session: Session, lines: Sequence[PromptLine], as_at: datetime) -> Mapping[int, str]:
    """Return whom an e-mail about a duty did not reach, and what it asked for, by timescale."""
    kinds = {line.timescale_id: line for line in lines}
    query = (
        select(Prompt.timescale_id, Prompt.recipient_role, Prompt.rung_on)
        .join(Message, Message.id == Prompt.message_id)
        .join(ReturnedAddress, ReturnedAddress.email == Prompt.recipient)
        .where(Prompt.timescale_id.in_(kinds), Prompt.withdrawn.is_(None), Message.state.in_(NOT_ARRIVED))
        .order_by(Prompt.id)
    )
    roles: dict[int, dict[str, None]] = defaultdict(dict)
    for row in session.execute(query):
        roles[row.timescale_id][f"the {role_name(row.recipient_role)}"] = None
    told = {}
    for key, line in kinds.items():
        asked = f"{kind_words(line.kind).short}, due {near_date(line.due_on, london_date(as_at))}"
        who = listed(roles[key]) if key in roles else "somebody whose address works again"
        told[key] = f"It did not reach {who}. It was about: {asked}."
    return told


WORDS = {Announcement.DECLINED: declined, Announcement.RETURNED: returned}
