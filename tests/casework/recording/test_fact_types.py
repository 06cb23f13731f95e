"""A kind of fact says all there is to know of it, or nothing starts; and it is offered where it can be recorded."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from casework.recording import KINDS
from casework.recording.case_now import CaseNow, case_now
from casework.recording.fact_type import FactType, Group
from casework.recording.forms import Form
from casework.recording.registry import by_kind, declared
from models.cases import Case
from models.record import Record
from policy.kinds import KINDS as TIMESCALE_KINDS
from policy.kinds import (
    Community,
    Endings,
    Events,
    Identification,
    Meetings,
    Orders,
    Plan,
    Reviews,
    Screening,
    ThePerson,
)
from policy.kinds import Kind as TimescaleKind
from policy.vocabulary import FactKind, Level, Location
from tests.support.lifetime import one_of_everything
from tests.support.story import DARREN, Story, form

# An open case at level 1 in the community, on which nothing is owed.
QUIET = CaseNow(
    open=True,
    level=Level.LEAD_AGENCY,
    location=Location.COMMUNITY,
    owed=frozenset(),
    undecided=False,
    meeting_planned=False,
    action_done=False,
    names_people=False,
)
ALWAYS = {
    "referral", "level", "restriction", "circumstances", "accommodation", "incident", "disclosure", "plan",
    "risk-assessment", "visit", "custody-event", "conference", "case-audit", "order", "transfer-proposal", "closure",
    "merge", "withdraw-sentence",
}  # fmt: skip


def offered(now: CaseNow) -> set[str]:
    return {kind.value for kind, known in KINDS.items() if known.offered(now)}


@pytest.mark.parametrize("part", ["title", "hint", "group", "who", "offered_when", "form", "apply"])
def test_a_kind_that_leaves_something_out_is_refused_by_its_name(part: str) -> None:
    parts: dict[str, Any] = {part: None}
    with pytest.raises(TypeError, match=rf"^the kind of fact 'order' lacks: {part}$"):
        replace(KINDS[FactKind.ORDER], **parts)


def test_so_is_one_whose_form_has_a_field_that_does() -> None:
    class Bare(Form):
        court: str

    with pytest.raises(TypeError, match=r"the kind of fact 'order' lacks: .*court: title; court: description"):
        replace(KINDS[FactKind.ORDER], form=Bare)


def test_every_name_has_one_kind_and_every_kind_is_found() -> None:
    found = declared()
    assert list(by_kind(found)) == list(FactKind)
    with pytest.raises(TypeError, match=r"declares the kinds of fact order, order-review$"):
        by_kind(known for known in found if known.kind not in (FactKind.ORDER, FactKind.ORDER_REVIEW))
    with pytest.raises(TypeError, match="'order' is declared twice"):
        by_kind([*found, KINDS[FactKind.ORDER]])


@pytest.mark.parametrize("known", KINDS.values(), ids=list(KINDS))
def test_its_words_are_for_a_reader(known: FactType) -> None:
    assert known.title[0].isupper()
    assert not known.title.endswith(".")
    assert known.hint.startswith("Record ")
    assert known.hint.endswith(".")
    assert known.hint.count(". ") <= 1
    assert len(set(known.who)) == len(known.who)


def test_titles_tell_kinds_apart_and_every_group_has_some() -> None:
    assert len({known.title for known in KINDS.values()}) == len(KINDS)
    assert {known.group for known in KINDS.values()} == set(Group)


def test_on_a_quiet_case_only_what_may_happen_on_any_day_is_offered() -> None:
    assert offered(QUIET) == ALWAYS | {"level-1-review"}


@pytest.mark.parametrize(
    ("changes", "more"),
    [
        ({"level": Level.MULTI_AGENCY}, {"meeting-plan"}),
        ({"level": Level.SENIOR_MULTI_AGENCY}, {"meeting-plan"}),
        ({"level": None}, set()),
        (
            {"level": None, "location": Location.CUSTODY},
            {"prison-notice", "release-date", "release-day", "dates-check", "licence-conditions", "prison-report"},
        ),
        ({"level": None, "undecided": True}, {"identification"}),
        ({"level": None, "meeting_planned": True}, {"own-views", "meeting", "meeting-move", "meeting-cancel"}),
        ({"level": None, "action_done": True}, {"action-acceptance"}),
        ({"level": None, "names_people": True}, {"contact-change"}),
        ({"level": None, "paused": True}, {"resume"}),
        ({"level": None, "merged": True}, {"split"}),
        ({"level": None, "disowned": True}, {"whose-duty"}),
        ({"level": None, "taken_on": True}, {"taken-on"}),
        ({"level": None, "registered": True}, {"withdraw-registration"}),
        ({"level": None, "notifies": True}, {"police-notification", "details-change", "foreign-travel"}),
    ],
)
def test_how_a_case_stands_decides_what_else_is_offered(changes: dict[str, Any], more: set[str]) -> None:
    assert offered(replace(QUIET, **changes)) == ALWAYS | more


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        (Identification.VISOR_RECORD, {"visor-record"}),
        (ThePerson.STATUS_TOLD, {"status-told"}),
        (Reviews.URGENT_MEETING, {"meeting-plan"}),
        (Meetings.MINUTES, {"minutes"}),
        (Meetings.VISOR_POSTING, {"visor-posting"}),
        (Meetings.ACTION, {"action-outcome", "action-owner"}),
        (Community.TRAVEL_RETURN, {"travel-return"}),
        (Community.NEW_ADDRESS, {"neighbourhood-told"}),
        (Events.MISSING_DECISION, {"missing-decision"}),
        (Meetings.ATTENDANCE, {"attendance-contact", "attendance-report"}),
        (Plan.DISCLOSURE_APPROVAL, {"disclosure-approval", "disclosure-outcome"}),
        (Plan.DISCLOSURE, {"disclosure-outcome"}),
        (Community.JOBCENTRE_NOTICE, {"jobcentre-notice"}),
        (Plan.PLAN_CONFIRMED, {"plan-confirmed"}),
        (Events.EVENT_REVIEW, {"event-review"}),
        (Events.CONSULTATION, {"consultation"}),
        (Events.VISOR_PARTNER, {"visor-partner"}),
        (Events.VICTIM_UPDATE, {"victim-update"}),
        (Events.OFFENCE_REPORT, {"offence-report"}),
        (Events.CASE_REVIEW, {"case-review"}),
        (Orders.ORDER_END, {"order-review"}),
        (Orders.NOTIFICATION_REVIEW, {"notification-review"}),
        (Endings.EXIT_PLAN, {"exit-plan"}),
        (Endings.END_OF_SENTENCE_CHECK, {"exit-plan", "end-of-sentence-check"}),
    ],
)
def test_what_is_owed_is_offered(kind: TimescaleKind, more: set[str]) -> None:
    assert offered(replace(QUIET, level=None, owed=frozenset({kind}))) == ALWAYS | more | {"pause", "not-mine"}


def test_what_waits_for_its_answer_is_not_asked_a_second_time() -> None:
    waiting = replace(QUIET, level=None, owed=frozenset({Screening.SCREENING_DECISION, Orders.TRANSFER_ANSWER}))
    assert offered(waiting) == ALWAYS - {"referral", "transfer-proposal"} | {
        "screening", "transfer-answer", "pause", "not-mine",
    }  # fmt: skip


def test_on_a_closed_case_only_what_it_left_to_do_is() -> None:
    closed = replace(QUIET, open=False, action_done=True, owed=frozenset(TIMESCALE_KINDS))
    assert offered(closed) == {
        "minutes", "visor-posting", "action-outcome", "action-acceptance", "attendance-contact", "attendance-report",
        "disclosure-outcome", "event-review", "victim-update", "offence-report", "case-review",
    }  # fmt: skip
    assert offered(replace(closed, action_done=False, owed=frozenset())) == set()


def now(story: Story, crn: str = "X320741") -> CaseNow:
    with story.record.reading() as session:
        case = session.get_one(Case, story.case(crn).id)
        return case_now(session, case)


def test_the_record_tells_how_a_case_stands(story: Story) -> None:
    """Darren in custody, accepted at level 2; then met, with an action, an absence and minutes to come."""
    before = now(story)
    assert (before.open, before.level, before.location) == (True, Level.MULTI_AGENCY, Location.CUSTODY)
    assert Reviews.FIRST_MEETING in before.owed
    assert [before.undecided, before.meeting_planned, before.action_done, before.names_people] == [False] * 4
    story.record_fact("meeting-plan", "2026-09-21", **form("meeting-plan"))
    assert now(story).meeting_planned
    story.record_fact("meeting", "2026-10-14", **form("meeting", next_meeting=form("meeting")["next_meeting"]))
    met = now(story)
    assert met.names_people
    assert met.meeting_planned, "the next one is"
    assert {Meetings.MINUTES, Meetings.ACTION, Meetings.ATTENDANCE, Plan.PLAN_UPDATE} <= met.owed
    story.record_fact("action-outcome", "2026-10-20", **form("action-outcome"))
    after = now(story)
    assert after.action_done
    assert Meetings.ACTION not in after.owed


def test_a_sentence_nobody_could_place_is_offered_for_decision(story: Story) -> None:
    unknown = {"crn": "X320742", "offence_code": "ZZ99001", "surname": "Unknown"}
    story.load("2026-10-01", DARREN | unknown)
    story.tick("2026-10-01")
    assert now(story, "X320742").undecided
    assert "identification" in offered(now(story, "X320742"))
    story.record_fact("identification", "2026-10-02", crn="X320742", **form("identification"))
    assert not now(story, "X320742").undecided


def test_whatever_is_recorded_in_the_life_of_a_case_was_offered_before(
    sqlite_record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that offers only this hides nothing that the record would take."""
    checked: set[str] = set()
    record_fact = Story.record_fact

    def after_a_look(story: Story, kind: str, day: str, /, *, crn: str = "X320741", **data: Any) -> Any:
        with story.record.reading() as session:
            standing = case_now(session, session.get_one(Case, story.case(crn).id))
        if kind != "meeting" or standing.meeting_planned:
            assert KINDS[FactKind(kind)].offered(standing), f"{kind} of {day} was not offered"
            checked.add(kind)
        return record_fact(story, kind, day, crn=crn, **data)

    monkeypatch.setattr(Story, "record_fact", after_a_look)
    # The story itself, not the copy of one that was told before.
    one_of_everything.__wrapped__(sqlite_record, tmp_path)  # type: ignore[attr-defined]
    assert len(checked) > 15
