"""Domain events: each is handled once, in any order; what it leaves open is asked, and nothing is silent."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from casework.domain_event_files import load_domain_events
from casework.domain_events import Outcome, handle
from casework.errors import FileRefusedError
from casework.loading import LoadReport
from casework.recording import Actor, Through
from models.audit_seals import verify
from models.cases import Case, Problem
from models.domain_events import HandledEvent
from models.events import CustodyEvent
from models.record import Record
from policy.domain_events import read_event
from tests.support.domain_events import NOMS, RECEIVED, REGISTRATION, RELEASED, event, in_envelope
from tests.support.story import DARREN, DIRECTORY, Story, at, post

ACTOR = Actor(id="feed", name="feed", through=Through.API)
PRISON = post("prison", "prison_offender_management", "Pat", "pat@prison.example") | {"unit": "HMP Other (OTH)"}
LATER = at("2027-03-15")
RELEASE = in_envelope("r-1", event(RELEASED, "2027-03-12T09:30:00Z", reason="RELEASED"))
RECALL = in_envelope(
    "r-2", event(RECEIVED, "2027-03-14T18:00:00Z", reason="ADMISSION", probableCause="RECALL", prisonId="OTH")
)


@pytest.fixture
def story(record: Record, tmp_path: Path) -> Story:
    """Darren in custody, with his prison number, to be released on 12 March 2027."""
    found = Story(record, tmp_path, [*DIRECTORY, PRISON])
    found.load("2026-06-01", DARREN | {"noms_number": NOMS})
    found.tick("2026-06-01")
    return found


def load(story: Story, *lines: Any, **options: Any) -> LoadReport:
    path = story.folder / "events.jsonl"
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    path.write_text("\n".join(texts) + "\n", encoding="utf-8")
    return load_domain_events(story.record, path, as_at=LATER, actor=ACTOR, **options)


def moves(record: Record) -> Sequence[tuple[str, str]]:
    with record.reading() as session:
        found = session.scalars(select(CustodyEvent).order_by(CustodyEvent.on_date, CustodyEvent.id))
        return [(one.kind, one.on_date.isoformat()) for one in found]


def questions(record: Record) -> Sequence[str]:
    with record.reading() as session:
        asked = select(Problem.reason).where(Problem.stage == "domain_events", Problem.resolved_at.is_(None))
        return session.scalars(asked.order_by(Problem.id)).all()


def test_a_release_and_a_recall_are_recorded_in_the_order_in_which_they_happened(story: Story) -> None:
    report = load(story, RECALL, RELEASE)
    assert (report.read, report.added, report.in_question, report.rejected) == (2, 2, 0, 0)
    assert moves(story.record) == [("release", "2027-03-12"), ("recall", "2027-03-14")]
    with story.record.reading() as session:
        case = session.scalars(select(Case)).one()
        assert (case.location, case.prison) == ("custody", "HMP Other (OTH)")
        assert list(verify(session)) == []


def test_each_is_handled_once_however_often_it_comes_and_whoever_tells_it(story: Story) -> None:
    assert load(story, RELEASE).added == 1
    # The same again; the same by another service, under another number; and older news, told late.
    also = "prisoner-offender-search.prisoner.released"
    twin = in_envelope("r-9", event(also, "2027-03-12T10:00:00Z", reason="RELEASED"))
    moved = in_envelope("r-0", event(RECEIVED, "2027-01-10T10:00:00Z", reason="TRANSFERRED", prisonId="OTH"))
    report = load(story, RELEASE, twin, moved)
    assert (report.added, report.unchanged, report.in_question) == (1, 2, 0)
    assert report.warnings == [
        "1 events changed nothing: it was handled before",
        "1 events changed nothing: release on 2027-03-12 is on record already",
    ]
    assert moves(story.record) == [("transfer", "2027-01-10"), ("release", "2027-03-12")]
    with story.record.reading() as session:
        assert session.scalars(select(Case.location)).one() == "community"


def test_a_prison_that_the_directory_does_not_know_is_asked_and_answered_by_the_record(story: Story) -> None:
    moved = in_envelope("t-1", event(RECEIVED, "2027-01-10T10:00:00Z", reason="TRANSFERRED", prisonId="ZZI"))
    report = load(story, moved)
    assert (report.added, report.in_question) == (0, 1)
    [asked] = questions(story.record)
    assert "the directory has no prison with the code ZZI: record the transfer" in asked
    assert asked in report.warnings[0]
    story.record_fact("custody-event", "2027-01-10", event="transfer", prison="HMP Third", by="Pat",
                      what="Moved to be nearer home.")  # fmt: skip
    assert questions(story.record) == []


def test_what_the_record_does_not_take_is_a_question_with_the_reason(story: Story) -> None:
    """A recall of somebody who is in custody by the record: one of the two is wrong."""
    report = load(story, RECALL)
    assert report.in_question == 1
    [asked] = questions(story.record)
    assert asked.startswith("A prison received the person on recall on 2027-03-14, and the record does not take it: ")
    assert "recall is of a person in community, and this one is in custody" in asked
    assert moves(story.record) == []


def test_a_registration_that_changed_is_asked_until_the_level_is_recorded(story: Story) -> None:
    told = {"registerTypeCode": "MAPP", "registrationId": "2500001"}
    changed = in_envelope("p-1", event(f"{REGISTRATION}.updated", "2027-03-01T09:00:00Z", crn="X320741", **told))
    report = load(story, changed, in_envelope("p-2", event(f"{REGISTRATION}.added", "2027-03-01T09:00:00Z",
                                                            crn="X320741", registerTypeCode="RCPR")))  # fmt: skip
    assert (report.in_question, report.unchanged) == (1, 1)
    assert questions(story.record)[0].startswith("in Delius the MAPPA registration was changed on 2027-03-01")
    story.tick("2027-03-15")
    # It has a clock: the coordinator is reminded of it, and then their manager.
    assert [one.state for one in story.timescales("question")] == ["open"]
    story.record_fact("level", "2027-03-15", level=2, reason="Agreed with the police.")
    assert questions(story.record) == []


def test_somebody_who_is_not_on_record_is_told_and_not_kept(story: Story) -> None:
    other = in_envelope("o-1", event(RELEASED, "2027-03-12T09:30:00Z", noms="A9999ZZ", reason="RELEASED"))
    report = load(story, other)
    assert report.warnings == ["1 events changed nothing: nobody on record has this number"]
    with story.record.reading() as session:
        assert session.scalars(select(HandledEvent)).all() == []


def test_nor_is_anything_done_for_a_system_of_another_area(story: Story) -> None:
    done = handle(story.record, read_event(RELEASE), actor=ACTOR, as_at=LATER, areas=["Elsewhere"])
    assert (done.outcome, done.case) == (Outcome.NOBODY, None)
    assert moves(story.record) == []


def test_lines_that_are_no_events_come_back_and_load_again_once_they_are_mended(story: Story) -> None:
    back = story.folder / "back.jsonl"
    bare = event(RELEASED, "2027-03-12", reason="RELEASED")
    report = load(story, bare, '{"eventType": ', RECALL, rejects=back)
    assert (report.rejected, report.in_question) == (2, 1)
    assert [(one.line, one.reason) for one in report.rejects] == [
        (1, "occurredAt: '2027-03-12' is not a date and time in the form 2026-10-14T10:00"),
        (2, "this is not JSON: Expecting value, at character 15"),
    ]
    first, _ = back.read_text(encoding="utf-8").splitlines()
    assert json.loads(first)["rejected_line"] == 1
    mended = first.replace("2027-03-12\\", "2027-03-12T09:30:00Z\\", 1)
    assert load(story, mended).added == 1
    assert moves(story.record) == [("release", "2027-03-12")]


def test_a_rehearsal_says_what_would_come_of_it_and_keeps_nothing(story: Story) -> None:
    assert load(story, RELEASE, dry_run=True).added == 1
    assert moves(story.record) == []
    with story.record.reading() as session:
        assert session.scalars(select(HandledEvent)).all() == []


@pytest.mark.parametrize(("content", "what"), [(b"", "the file is empty"), (b"a,b\n", "this is not JSON lines"),
                                               (b'{"a": "\xff"}\n', "this is not UTF-8")])  # fmt: skip
def test_a_file_that_is_none_of_events_is_refused_whole(
    sqlite_record: Record, tmp_path: Path, content: bytes, what: str
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(content)
    with pytest.raises(FileRefusedError, match=what):
        load_domain_events(sqlite_record, path, as_at=LATER, actor=ACTOR)
