"""Words follow the state of a duty: nobody is asked to arrange a planned meeting, or to draft drafted minutes."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy.orm import Session

from models.cases import Case
from models.record import Record
from notifications.letters.states import with_states
from policy.kinds import KINDS
from policy.kinds.states import MEETING_PLANNED, DutyState
from policy.kinds.words import kind_words
from policy.letters import MessageKind
from tests.notifications.letters.reading import Add, says, sent, silent
from tests.support import meeting_rows as at_meetings

# MORNING is Monday 30 March 2026; British Summer Time began the day before, so 09:15 UTC is 10:15 in London.
STARTS_AT = datetime(2026, 4, 20, 9, 15, tzinfo=UTC)
MEETINGS = [kind for kind in KINDS if kind.spec.by_state.get(DutyState.MEETING_PLANNED) is MEETING_PLANNED]


def owing(kind: str, weight: MessageKind, due_on: date, planned: bool = True) -> Add:
    def add(session: Session, case: Case) -> None:
        if planned:
            at_meetings.meeting(session, case, state="planned", starts_at=STARTS_AT)
        on = at_meetings.owed(session, case, kind, "", due_on=due_on)
        at_meetings.letter(session, "m1", weight, on, "due", to="cora@mappa.example", role="coordinator")

    return add


@pytest.mark.parametrize("kind", MEETINGS)
def test_who_has_planned_the_meeting_is_not_asked_to_arrange_it(sqlite_record: Record, kind: str) -> None:
    message = sent(sqlite_record, owing(kind, MessageKind.DIGEST, date(2026, 4, 27)))
    says(message, "A meeting is planned for Monday 20 April, 10:15.", "Hold the meeting, then record it.")
    silent(message, "rrange", "That is after the due date.")


@pytest.mark.parametrize("kind", MEETINGS)
def test_a_meeting_planned_too_late_is_said_to_be(sqlite_record: Record, kind: str) -> None:
    message = sent(sqlite_record, owing(kind, MessageKind.ESCALATION, date(2026, 3, 27)))
    says(message, "Monday 20 April, 10:15. That is after the due date: bring it forward.", "It has not been held yet.")


def test_where_none_is_planned_it_is_to_be_arranged(sqlite_record: Record) -> None:
    message = sent(sqlite_record, owing("first_meeting", MessageKind.DIGEST, date(2026, 4, 27), planned=False))
    says(message, "Arrange the first meeting")


@pytest.mark.parametrize(
    ("kind", "state", "words"),
    [
        ("minutes", None, "Draft the minutes"),
        ("minutes", "draft", "The minutes have been drafted. Have the Chair approve them"),
        ("minutes", "approved", "The Chair has approved the minutes. Record them as final."),
        ("visor_posting", "draft", "The minutes are not final yet. Finish them, then post them to ViSOR"),
        ("visor_posting", "final", "Post the final minutes to ViSOR"),
    ],
)
def test_minutes_are_spoken_of_as_they_stand(sqlite_record: Record, kind: str, state: str | None, words: str) -> None:
    def add(session: Session, case: Case) -> None:
        held = at_meetings.meeting(session, case)
        if state is not None:
            at_meetings.minutes(session, held, state=state)
        on = at_meetings.owed(session, case, kind, str(held.id), due_on=date(2026, 4, 2))
        at_meetings.letter(session, "m1", MessageKind.DIGEST, on, "due", to="ada@mappa.example", role="administrator")

    says(sent(sqlite_record, add), words)


def test_nothing_is_asked_of_the_record_where_no_kind_speaks_of_a_state() -> None:
    assert with_states(None, [], STARTS_AT) == []  # type: ignore[arg-type]


def test_every_state_has_words_that_differ() -> None:
    for kind in KINDS:
        for state in kind.spec.by_state:
            roles = ("", *kind.spec.for_role)
            assert any(kind_words(kind, one, state).to_do != kind_words(kind, one).to_do for one in roles), kind
