"""The one way to record a fact: recorded, or refused and kept, for whoever comes through whichever door."""

from typing import Any

import pytest
from sqlalchemy import func, select

from casework.recording import Actor, Entry, Recorded, Refused, Through, example, submit
from models.audit import AuditEntry
from models.audit_seals import verify
from models.cases import Draft, Fact
from models.record import Record
from policy.roles import Role
from tests.support.story import CLERK, DARREN, Story, at

WHEN = at("2026-07-09", 15)
NOTICE = example("prison-notice")
OPAL = Actor(
    id="opal@prison.example",
    name="Opal Example",
    through=Through.DESK,
    role=Role.PRISON_OFFENDER_MANAGEMENT,
    agency="prison",
    area="London",
)


@pytest.fixture
def darren(record: Record, tmp_path) -> Record:
    """Darren, identified and in custody."""
    story = Story(record, tmp_path)
    story.load("2026-06-01", DARREN)
    story.tick("2026-06-01")
    return record


def put(record: Record, data: dict[str, Any], *, about: str = "X320741", actor: Actor = CLERK) -> Recorded | Refused:
    return submit(record, Entry("prison-notice", about, data), actor=actor, as_at=WHEN)


def newest_entry(record: Record) -> AuditEntry:
    with record.reading() as session:
        query = select(AuditEntry).where(AuditEntry.action == "recorded-prison-notice").order_by(AuditEntry.id.desc())
        entry = session.scalars(query).first()
        assert entry is not None
        session.expunge(entry)
        return entry


def test_what_is_recorded_says_where_and_what_follows(darren: Record) -> None:
    assert put(darren, NOTICE, about=" lon-2026-000001") == Recorded(
        case="LON-2026-000001",
        crn="X320741",
        summary="prison notice given on 2026-07-09",
        changes=[
            "prison_notice met on 2026-07-09, due 2026-07-12",
            # The notice is the prison's word on the dates too; the next is asked for a year later.
            "dates_check met on 2026-07-09, due 2027-06-01",
            "dates_check due 2027-07-09",
        ],
    )


def test_at_the_command_line_the_trail_keeps_the_name_and_the_form_as_ever(darren: Record) -> None:
    put(darren, NOTICE, actor=Actor(id="adam", name="Adam Example", through=Through.CLI))
    entry = newest_entry(darren)
    assert (entry.actor, entry.subject, entry.before) == ("Adam Example", "LON-2026-000001", None)
    assert entry.after == NOTICE
    with darren.reading() as session:
        assert session.scalars(select(Fact.recorded_by)).all() == ["Adam Example"]
        assert list(verify(session)) == []


def test_through_another_door_it_keeps_in_which_role_and_for_whom_they_act(darren: Record) -> None:
    put(darren, NOTICE, actor=OPAL)
    entry = newest_entry(darren)
    assert entry.actor == "Opal Example"
    assert entry.after == NOTICE | {
        "recorded_as": {
            "id": "opal@prison.example",
            "role": "prison_offender_management",
            "agency": "prison",
            "area": "London",
            "through": "desk",
        }
    }
    with darren.reading() as session:
        assert session.scalars(select(Fact.data)).one() == NOTICE, "the form itself stays the form"
        assert list(verify(session)) == []


def test_what_is_refused_is_kept_under_the_crn_and_says_where(darren: Record) -> None:
    refused = put(darren, {"date": "2027-01-01", "contact": "OMU"}, about="LON-2026-000001", actor=OPAL)
    assert isinstance(refused, Refused)
    assert list(refused.reasons) == ["date: 2027-01-01 is in the future; a fact has happened by 2026-07-09"]
    assert refused.kept == f"what was typed is kept as draft {refused.draft}: mappa drafts show {refused.draft}"
    with darren.reading() as session:
        draft = session.get_one(Draft, refused.draft)
        assert (draft.crn, draft.kind, draft.kept_by) == ("X320741", "prison-notice", "Opal Example")
        assert draft.data == {"date": "2027-01-01", "contact": "OMU"}
        assert session.scalar(select(func.count()).select_from(Fact)) == 0
        assert list(verify(session)) == []


def test_every_reason_is_given_at_once(darren: Record) -> None:
    refused = put(darren, {"date": "yesterday", "release_date": "soon", "whom": "OMU"})
    assert isinstance(refused, Refused)
    assert [reason.split(":")[0] for reason in refused.reasons] == ["date", "release_date", "whom"]


def test_recorded_in_the_end_it_settles_the_draft(darren: Record) -> None:
    refused = put(darren, {"date": "2027-01-01"})
    assert isinstance(refused, Refused)
    assert isinstance(put(darren, NOTICE), Recorded)
    with darren.reading() as session:
        assert session.get_one(Draft, refused.draft).settled_at is not None


def test_about_somebody_unknown_it_is_kept_as_it_was_written(darren: Record) -> None:
    refused = put(darren, NOTICE, about="A000009")
    assert isinstance(refused, Refused)
    with darren.reading() as session:
        assert session.get_one(Draft, refused.draft).crn == "A000009"


def test_told_twice_it_is_recorded_once(darren: Record) -> None:
    put(darren, NOTICE)
    again = put(darren, NOTICE)
    assert isinstance(again, Recorded)
    assert (again.changes, again.summary) == ([], "prison-notice of 2026-07-09 was recorded before; nothing changed")
    with darren.reading() as session:
        assert session.scalar(select(func.count()).select_from(Fact)) == 1


def test_a_defect_is_no_refusal_and_leaves_nothing(darren: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("a defect")

    monkeypatch.setattr("casework.recording.recorder.refresh", broken)
    with pytest.raises(RuntimeError, match="a defect"):
        put(darren, NOTICE)
    with darren.reading() as session:
        assert session.scalar(select(func.count()).select_from(Fact)) == 0
        assert session.scalar(select(func.count()).select_from(Draft)) == 0
