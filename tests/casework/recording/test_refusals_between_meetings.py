"""Bad input about what lies between meetings: what is said, and that nothing at all was changed by it.

One record serves all: a refusal that left something behind fails its own test.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from casework.errors import RefusedError
from casework.recording import KINDS
from models.base import Base
from policy.vocabulary import FactKind
from tests.support.opened import opened
from tests.support.story import DARREN, MEETING_DIRECTORY, PRIYA, Story, form

INSIDE, OUTSIDE, IN_HOSPITAL, CLOSED, SPARED, AT_LARGE, DETAINED = (f"X32074{n}" for n in range(1, 8))
COMMUNITY = {"location": "community", "prison": "", "conditional_release_date": "2026-01-12"}
ROW = DARREN | {"police_offender_manager": "Priya", "police_offender_manager_email": PRIYA}
# Rape by somebody who was given a community order: category 1, and never in prison.
NEVER_INSIDE = ROW | {"offence_code": "SX03001", "disposal": "community_order", "term_months": "",
                      "licence_expiry_date": "", "order_end_date": "2028-11-11"}  # fmt: skip
DAY = "2026-10-14"
NEW = (
    FactKind.DISCLOSURE,
    FactKind.DISCLOSURE_APPROVAL,
    FactKind.DISCLOSURE_OUTCOME,
    FactKind.PLAN,
    FactKind.CONTACT_CHANGE,
    FactKind.RISK_ASSESSMENT,
    FactKind.CUSTODY_EVENT,
    FactKind.CONSULTATION,
    FactKind.EVENT_REVIEW,
    FactKind.VISOR_PARTNER,
    FactKind.VICTIM_UPDATE,
    FactKind.OFFENCE_REPORT,
    FactKind.CASE_REVIEW,
    FactKind.ORDER,
    FactKind.ORDER_REVIEW,
    FactKind.NOTIFICATION_REVIEW,
    FactKind.TRANSFER_PROPOSAL,
    FactKind.TRANSFER_ANSWER,
)


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Story]:
    """Inside, outside, in hospital (two), one whose case is closed, one who was never inside, one at large."""
    folder = tmp_path_factory.mktemp("between")
    shutil.copy(sqlite_template, folder / "record.db")
    record = opened(f"sqlite:///{folder / 'record.db'}")
    story = Story(record, folder, MEETING_DIRECTORY)
    story.load("2026-03-02", ROW, ROW | COMMUNITY | {"crn": OUTSIDE},
               ROW | COMMUNITY | {"crn": IN_HOSPITAL, "location": "hospital"}, ROW | COMMUNITY | {"crn": CLOSED},
               NEVER_INSIDE | COMMUNITY | {"crn": SPARED}, ROW | COMMUNITY | {"crn": AT_LARGE},
               ROW | COMMUNITY | {"crn": DETAINED, "location": "hospital"})  # fmt: skip
    story.tick("2026-03-02")
    happened = {"event": "conditions_changed", "what": "As told that day.", "by": "Olive"}
    zone = {"conditions": "Not to enter Harehills, Leeds, at any time."}
    for crn in (OUTSIDE, INSIDE):
        story.record_fact("level", "2026-03-03", crn=crn, level=2, reason="High risk; they must work together.")
        story.record_fact("custody-event", "2026-10-05", crn=crn, **happened, **zone)
    for crn in (OUTSIDE, AT_LARGE):
        story.record_fact("custody-event", "2026-10-06", crn=crn, **(happened | {"event": "absconded"}))
    story.record_fact("disclosure", "2026-10-06", **form("disclosure", due_on="2026-11-02"))
    story.record_fact("plan", "2026-10-06", **form("plan"))
    story.record_fact("order", "2026-10-06", **form("order"))
    story.record_fact("order", "2026-10-06", crn=OUTSIDE, **(form("order") | {"ends_on": None}))
    story.record_fact("closure", "2026-10-06", crn=CLOSED, **form("closure", why="died"))
    yield story
    record.close()


def filled(kind: FactKind) -> dict[str, Any]:
    """A form that holds on the day of these tests."""
    return form(kind, since="2026-10-01") if kind is FactKind.CONTACT_CHANGE else form(kind)


def everything(story: Story) -> dict[str, int]:
    with story.record.reading() as session:
        tables = Base.metadata.sorted_tables
        return {table.name: session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


def refused(story: Story, kind: str, /, *, crn: str = INSIDE, day: str = DAY, **data: Any) -> str:
    """Return what is said to a form that is refused, and hold that it left nothing behind."""
    before = (everything(story), story.case(crn).__dict__ | {"_sa_instance_state": None})
    with pytest.raises(RefusedError) as refusal:
        story.record_fact(kind, day, crn=crn, **data)
    after = (everything(story), story.case(crn).__dict__ | {"_sa_instance_state": None})
    assert after == before, "a refusal left something behind"
    return "\n".join(refusal.value.reasons)


@pytest.mark.parametrize("kind", NEW)
def test_every_field_that_is_wanted_is_named_where_it_is_missing(story, kind):
    wanted = [name for name, field in KINDS[kind].form.model_fields.items() if field.is_required() and name != "date"]
    assert wanted
    reasons = refused(story, kind)
    for name in wanted:
        assert f"{name}: Field required" in reasons


@pytest.mark.parametrize("kind", NEW)
def test_a_field_that_nobody_knows_and_a_day_to_come_are_refused(story, kind):
    assert "colour: Extra inputs are not permitted" in refused(story, kind, **filled(kind), colour="blue")
    assert "is in the future" in refused(story, kind, **(filled(kind) | {"date": "2026-10-15"}))


@pytest.mark.parametrize("kind", [kind for kind in NEW if kind is not FactKind.ORDER and not KINDS[kind].after_closing])
def test_a_closed_case_takes_nothing_more_and_says_when_it_was_closed(story, kind):
    reasons = refused(story, kind, crn=CLOSED, **filled(kind))
    assert "has no open case" in reasons
    assert "was closed on 2026-10-06" in reasons


def event(name: str, **more: Any) -> dict[str, Any]:
    return {"event": name, "what": "As the prison told that day.", "by": "Olive Example"} | more


LEAVE = {"starts_on": "2026-10-20", "until": "2026-10-22", "coordinator_told_on": "2026-10-14"}


@pytest.mark.parametrize(
    ("crn", "data", "reasons"),
    [
        (INSIDE, event("release_date_changed"), "a changed release date is recorded with 'release-date'"),
        (INSIDE, event("escaped"), "event: Input should be 'release_date_changed', 'transfer'"),
        (INSIDE, event("transfer"), "transfer: give prison too"),
        (OUTSIDE, event("recall"), "recall: give prison too"),
        (INSIDE, event("temporary_release"), "temporary release: give until too"),
        (INSIDE, event("parole_outcome"), "parole outcome: give decision too"),
        (INSIDE, event("parole_outcome", decision="release_directed"), "parole outcome: give release_date too"),
        (INSIDE, event("parole_outcome", decision="granted"), "decision: Input should be 'release_directed'"),
        (INSIDE, event("parole_outcome", decision="release_directed", release_date="2026-10-13"),
         "release_date: 2026-10-13 is before the event of 2026-10-14"),
        (INSIDE, event("further_charge"), "further charge: give offence, serious too"),
        (IN_HOSPITAL, event("hospital_leave"), "hospital leave: give starts_on, until, coordinator_told_on too"),
        (IN_HOSPITAL, event("hospital_leave", **(LEAVE | {"until": "2026-10-19"})),
         "until: 2026-10-19 is before the leave begins (starts_on), 2026-10-20"),
        (IN_HOSPITAL, event("hospital_leave", **(LEAVE | {"starts_on": "2026-10-14"})),
         "coordinator_told_on: 2026-10-14 is not before the leave of 2026-10-14: the coordinator is told first"),
        (INSIDE, event("hospital_leave", **LEAVE),
         "event: hospital leave is of a person in hospital, and this one is in custody"),
        (INSIDE, event("temporary_release", until="2026-10-13"), "until: 2026-10-13 is before the leave begins (date)"),
        (INSIDE, event("conditions_changed"), "conditions changed: give conditions too"),
        (INSIDE, event("conditions_changed", conditions="licence conditions"),
         "conditions: it says only 'licence conditions': write the conditions out, word for word"),
        (INSIDE, event("transfer", prison="HMP Example"), "prison: HMP Example holds the person already"),
        (OUTSIDE, event("transfer", prison="HMP North"),
         "event: transfer is of a person in custody or hospital, and this one is in community"),
        (INSIDE, event("recall", prison="HMP North"),
         "event: recall is of a person in community, and this one is in custody"),
        (SPARED, event("recall", prison="HMP North"), "this case has no custodial sentence on record"),
        (OUTSIDE, event("release"), "release is of a person in custody or hospital, and this one is in community"),
        (OUTSIDE, event("hospital_transfer"), "hospital transfer is of a person in custody"),
        (INSIDE, event("returned"), "nobody is away on 2026-10-14: no leave of this case has begun"),
        (INSIDE, event("absconded", what="see above"), "what: 'see above' says too little: write it out here"),
        (INSIDE, event("absconded", what="  "), "what: it is blank"),
    ],
)  # fmt: skip
def test_an_event_that_cannot_have_happened_so(story, crn, data, reasons):
    assert reasons in refused(story, "custody-event", crn=crn, **data)


def test_nobody_is_back_before_they_left(story):
    reasons = refused(story, "custody-event", crn=AT_LARGE, **(event("returned") | {"date": "2026-10-05"}))
    assert "2026-10-05" in reasons


def test_nobody_has_been_told_on_a_day_to_come(story):
    leave = LEAVE | {"coordinator_told_on": "2026-10-16"}
    reasons = refused(story, "custody-event", crn=DETAINED, **event("hospital_leave", **leave))
    assert "coordinator_told_on: 2026-10-16" in reasons


REVIEWED = form("event-review", event=1)


@pytest.mark.parametrize(
    ("kind", "crn", "data", "reasons"),
    [
        ("event-review", OUTSIDE, REVIEWED | {"event": 9},
         "that wait for a review: 1 (conditions changed of 2026-10-05), 2 (absconded of 2026-10-06)"),
        ("event-review", INSIDE, REVIEWED | {"date": "2026-10-04"}, "date: 2026-10-04 is before event 1 of 2026-10-05"),
        ("event-review", INSIDE, REVIEWED | {"reason": "n/a"}, "reason: 'n/a' says too little"),
        ("event-review", INSIDE, REVIEWED | {"plan": "later"}, "plan: Input should be 'unchanged' or 'to_be_updated'"),
        ("event-review", IN_HOSPITAL, REVIEWED, "that wait for a review: none"),
        ("visor-partner", INSIDE, form("visor-partner"), "that wait for a partner on ViSOR: none"),
        ("victim-update", INSIDE, form("victim-update"), "that wait for the victim liaison officer: none"),
        ("victim-update", INSIDE, form("victim-update", how="As above."), "how: 'As above.' says too little"),
        ("consultation", INSIDE, form("consultation"), "no change of this case led to 2027-05-14; those that wait"),
        ("consultation", INSIDE, form("consultation", consulted={"police": "Priya"}), "consulted.probation: Field"),
        ("case-review", INSIDE, form("case-review", charged_on="2026-10-05"),
         "no serious further offence was charged at level 2 or 3 on 2026-10-05; known: none"),
        ("offence-report", INSIDE, form("offence-report", charged_on="2026-10-05"),
         "no serious further offence was charged at level 2 or 3 on 2026-10-05; known: none"),
        ("case-review", INSIDE, form("case-review", lay_adviser="L"), "lay_adviser: String should have at least 2"),
    ],
)  # fmt: skip
def test_what_an_event_left_to_do(story, kind, crn, data, reasons):
    assert reasons in refused(story, kind, crn=crn, **data)


@pytest.mark.parametrize(
    ("kind", "data", "reasons"),
    [
        ("disclosure", form("disclosure", to_whom=None, due_on=None), "give to_whom, due_on too: who is told what"),
        ("disclosure", form("disclosure", due_on="2026-10-13"), "due_on: 2026-10-13 is before the decision of"),
        ("disclosure", form("disclosure", due_on="2026-11-02"), "reason: the same words as for disclosure 1"),
        ("disclosure", form("disclosure", agency="landlord"), "agency: 'landlord' is no agency; the agencies"),
        ("disclosure", form("disclosure", what="That he has a curfew"), "reason: the same words as for disclosure 1"),
        ("disclosure", form("disclosure", how="as discussed", what="as above"), "what: 'as above' says too little"),
        ("disclosure", form("disclosure", approved_by="OLIVE EXAMPLE"), "who proposes a disclosure does not"),
        ("disclosure", form("disclosure", by={"name": "Priya", "email": "nobody"}), "by.email"),
        ("disclosure-approval", form("disclosure-approval", disclosure=7), "that are proposed on this case: none"),
        ("disclosure-approval", form("disclosure-approval", by="Olive Example"), "by: who proposes a disclosure"),
        ("disclosure-approval", form("disclosure-approval") | {"date": "2026-10-05"},
         "date: 2026-10-05 is before it was proposed, 2026-10-06"),
        ("disclosure-approval", form("disclosure-approval", reason="yes"), "reason: 'yes' says too little"),
        ("disclosure-outcome", form("disclosure-outcome"), "disclosure 1: it is not approved yet"),
        ("disclosure-outcome", form("disclosure-outcome", disclosure=None),
         "say which; those that are approved on this case: none"),
        ("disclosure-outcome", form("disclosure-outcome", state="not_made"), "disclosure 1: not made needs a reason"),
        ("plan", form("plan"), "supervision: the same words as on 2026-10-06"),
        ("plan", form("plan", contributions=[]), "contributions: List should have at least 1 item"),
        ("plan", form("plan", licence_conditions=[{"text": "No alcohol.", "starts_on": "2027-01-02",
                                                   "ends_on": "2027-01-01"}]),
         "licence_conditions.0: ends_on: 2027-01-01 is before it begins (starts_on), 2027-01-02"),
        ("plan", form("plan") | {"orders": [{"order": "asbo", "text": "Not to enter."}]}, "orders.0.order: Input"),
        ("plan", form("plan", contingency="Breach, and recall."), "says no more than breach or recall"),
        ("contact-change", form("contact-change", since="2026-10-15"),
         "since: 2026-10-15 is after the date on which it became known, 2026-10-14"),
        ("contact-change", form("contact-change", since="2026-10-01", what="name_changed"), "now_called: the name has"),
        ("contact-change", form("contact-change", since="2026-10-01", note="none"), "note: 'none' says too little"),
        ("risk-assessment", form("risk-assessment", authorised_by="Olive Example"), "a supervisor authorises an"),
        ("risk-assessment", form("risk-assessment", tool="tarot"), "tool: Input should be 'oasys'"),
        ("risk-assessment", form("risk-assessment", level="extreme"), "level: Input should be 'low'"),
    ],
)  # fmt: skip
def test_disclosures_the_plan_and_assessments(story, kind, data, reasons):
    assert reasons in refused(story, kind, **data)


@pytest.mark.parametrize(
    ("kind", "crn", "data", "reasons"),
    [
        ("order", INSIDE, form("order", ends_on="2026-04-01"), "ends_on: 2026-04-01 is before the order begins"),
        ("order", INSIDE, form("order", number=4), "number: say which order; this person has: 1 (shpo of 2026-04-02)"),
        ("order", INSIDE, form("order", number=1, order="sopo"), "order: number 1 is a shpo"),
        ("order", INSIDE, form("order", conditions="SHPO conditions"), "conditions: it says only 'SHPO conditions'"),
        ("order", INSIDE, form("order", order="asbo"), "order: Input should be 'shpo'"),
        ("order-review", OUTSIDE, form("order-review"), "order 1 runs until further order: it has no end"),
        ("order-review", INSIDE, form("order-review", number=2), "this person has: 1 (shpo of 2026-04-02)"),
        ("order-review", IN_HOSPITAL, form("order-review"), "say which order; this person has: none"),
        ("notification-review", INSIDE, form("notification-review", next_on=None), "the day of the next review"),
        ("notification-review", INSIDE, form("notification-review", decision="ended"), "where it ended, none"),
        ("notification-review", INSIDE, form("notification-review", next_on="2026-10-14"),
         "next_on: 2026-10-14 is not after the date of the review, 2026-10-14"),
        ("notification-review", INSIDE, form("notification-review"), "under no notification without an end"),
        ("transfer-proposal", INSIDE, form("transfer-proposal"), "it has those of: London"),
        ("transfer-proposal", INSIDE, form("transfer-proposal", to_area="London"), "London has the case already"),
        ("transfer-proposal", INSIDE, form("transfer-proposal", reason="tbc"), "reason: 'tbc' says too little"),
        ("transfer-answer", INSIDE, form("transfer-answer"), "no proposal to hand this case over waits for an answer"),
        ("transfer-answer", INSIDE, form("transfer-answer", decision="maybe"), "decision: Input should be 'accepted'"),
    ],
)  # fmt: skip
def test_orders_notification_and_transfers(story, kind, crn, data, reasons):
    assert reasons in refused(story, kind, crn=crn, **data)


def test_all_that_is_wrong_is_said_at_once(story):
    reasons = refused(
        story, "disclosure-approval", **(form("disclosure-approval", by="Olive Example") | {"date": "2026-10-05"})
    )
    assert "by: who proposes a disclosure does not approve it" in reasons
    assert "date: 2026-10-05 is before it was proposed" in reasons
    plan = form("plan", agency="police", licence_conditions=[])
    reasons = refused(story, "plan", **(plan | {"date": "2026-10-05"}))
    for one in (
        "differs_because says why",
        "no_conditions_because says why",
        "is before version 1",
        "conclusion: the same",
    ):
        assert one in reasons


def test_the_same_told_twice_changes_nothing_the_second_time(story):
    before = everything(story)
    for kind, crn, data in (
        ("custody-event", OUTSIDE, event("absconded", what="As told that day.", by="Olive") | {"date": "2026-10-06"}),
        ("disclosure", INSIDE, form("disclosure", due_on="2026-11-02") | {"date": "2026-10-06"}),
        ("plan", INSIDE, form("plan") | {"date": "2026-10-06"}),
        ("order", INSIDE, form("order") | {"date": "2026-10-06"}),
    ):
        told = story.record_fact(kind, DAY, crn=crn, **data)
        assert told.summary.endswith("was recorded before; nothing changed"), kind
    assert everything(story) == before
