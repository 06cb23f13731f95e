"""The referral form that travels with prompts: fit to be recorded once filled in, and it names nobody it is about."""

from email.message import EmailMessage
from typing import Any

import pytest
from sqlalchemy.orm import Session

from casework.recording import example
from casework.recording.form_fields import fields_of
from casework.recording.particulars import CircumstancesForm
from casework.recording.referral import ReferralForm, missing
from models.cases import Case
from models.record import Record
from notifications.letters.blank_forms import blank_of
from notifications.letters.referral_form import MEDIA_TYPE, as_attachment
from policy.book import shipped_book
from policy.referral_form import MAPPA_A
from tests.notifications.letters.reading import delivered, files, form_in, text_of
from tests.support import rows
from tests.support.factories import SURNAME

REFERENCE = "LON-2026-000123"
POLICY = shipped_book().policies[0]


def put(record: Record, *, kind: str = "referral", role: str = "offender_manager", message: str = "digest",
        cases: int = 1, **values: Any) -> None:  # fmt: skip
    """Put a message in the outbox that carries prompts of a kind to somebody in a role, each on a case of its own."""
    with record.writing() as session:
        carrier = rows.message(session, "m1", kind=message)
        for number in range(cases):
            on = rows.timescale(session, a_case(session, number, **values), kind)
            # Its reader is still the one to ask.
            on.named = {role: [[carrier.recipient, None]]}
            rows.prompt(
                session,
                on,
                carrier,
                recipient_role=role,
                weight="reminder" if message == "digest" else "escalation",
            )


def a_case(session: Session, number: int = 0, **values: Any) -> Case:
    person = rows.person(session, f"X32074{number}", surname=SURNAME)
    defaults: dict[str, Any] = {
        "offender_manager": "Olive Example",
        "offender_manager_email": "olive@probation.example",
        "police_offender_manager": "Priya Example",
        "police_offender_manager_email": "priya@police.example",
        "circumstances": {"tagged": True, "local_authority": "Camden"},
        "victim_contact": True,
    }
    return rows.case(session, person, f"LON-2026-00012{number}", **(defaults | values))


@pytest.mark.parametrize("kind", ["referral", "resubmission"])
@pytest.mark.parametrize(
    ("message", "role"), [("digest", "offender_manager"), ("escalation", "line_manager"), ("digest", "line_manager")]
)
def test_who_is_asked_for_a_referral_gets_its_form(sqlite_record: Record, kind: str, message: str, role: str) -> None:
    put(sqlite_record, kind=kind, message=message, role=role, cases=2)
    (given,) = delivered(sqlite_record)
    assert list(files(given)) == ["referral-LON-2026-000120.docx", "referral-LON-2026-000121.docx"]
    assert {part.get_content_type() for part in files(given).values()} == {MEDIA_TYPE}
    for form in ("plain", "html"):
        assert "We attach a referral form for each case and have filled in" in text_of(given, form)


@pytest.mark.parametrize(
    ("kind", "message", "role"),
    [
        ("referral", "escalation", "coordinator"),
        ("referral", "escalation", "smb_member"),
        ("level_setting", "digest", "offender_manager"),
        ("action", "escalation", "line_manager"),
    ],
)
def test_nobody_else_does(sqlite_record: Record, kind: str, message: str, role: str) -> None:
    put(sqlite_record, kind=kind, message=message, role=role)
    (given,) = delivered(sqlite_record)
    assert given.get_content_type() == "multipart/alternative"
    assert "attached" not in text_of(given)


def test_it_is_filled_in_from_the_record_and_does_not_say_whom_it_is_about(record: Record) -> None:
    put(record)
    (given,) = delivered(record)
    (part,) = files(given).values()
    above, form = form_in(part)
    assert above[0] == "Referral (MAPPA A), LON-2026-000120"
    assert form["Referred by"][-1] == "Olive Example"
    assert form["Referrer's e-mail address"][-1] == "olive@probation.example"
    questions = POLICY.circumstances
    assert form[questions["tagged"].question] == ["Yes"]
    assert form[questions["victim_contact"].question] == ["Yes"]
    assert form[questions["immigration"].question] == []
    assert form["Circumstances, local authority"][-1] == "Camden"
    assert "Agencies, number 1 (police)" in form
    assert form["Name"] == ["The person you ask for.", "Priya Example"]
    assert "Category" not in form
    told = " ".join([*above, *(words for title, others in form.items() for words in (title, *others))])
    assert not any(word in told for word in (SURNAME, "Darren", "X32074", "Missing", "_"))


def test_the_same_form_is_the_same_file(sqlite_record: Record) -> None:
    with sqlite_record.writing() as session:
        blank = blank_of(a_case(session), POLICY)
    assert as_attachment(REFERENCE, blank, POLICY) == as_attachment(REFERENCE, blank, POLICY)


def test_what_somebody_wrote_stands_in_it_line_by_line_and_cannot_break_it(sqlite_record: Record) -> None:
    with sqlite_record.writing() as session:
        blank = blank_of(a_case(session), POLICY)
    written = blank | {"added_value": "<b>Police & housing</b>\n\x0btrace {{ the }} uncle", "date": "2026-09-09"}
    attached = as_attachment(REFERENCE, written, POLICY)
    part = EmailMessage()
    part.set_content(attached.content, maintype="application", subtype="zip")
    _, form = form_in(part)
    assert form["Added value"][1:] == ["<b>Police & housing</b>", "trace {{ the }} uncle"]
    assert form["Date received"][-1] == "9 September 2026"


def test_it_has_every_field_of_the_form(sqlite_record: Record) -> None:
    with sqlite_record.writing() as session:
        blank = blank_of(a_case(session), POLICY)
    assert set(blank) == set(ReferralForm.model_fields)
    sections = {field.name: [one.name for one in fields_of(field.section)] for field in fields_of(ReferralForm)
                if field.section not in (None, CircumstancesForm)}  # fmt: skip
    paths = [path for name in blank for path in (name, *(f"{name}.{one}" for one in sections.get(name, ())))]
    assert {*paths, "circumstances.local_authority"} == set(MAPPA_A)
    assert set(blank["circumstances"]) == {field.name for field in fields_of(CircumstancesForm)}


def test_filled_in_it_is_a_referral_and_until_then_it_tells_what_it_lacks(sqlite_record: Record) -> None:
    with sqlite_record.writing() as session:
        blank = blank_of(a_case(session, offender_manager=None, police_offender_manager=None), POLICY)
    begun = ReferralForm.model_validate(
        blank | {"date": "2026-09-09", "referred_by": "Olive Example", "proposed_level": 2}
    )
    lacks = missing(begun, POLICY)
    assert "Risk management plan: what is in place now, with the conditions written out" in lacks
    assert "Risk of serious harm, imminence: how soon, and what would bring it on" in lacks
    assert "Countersigned by: the line manager who countersigned it, and when" in lacks
    assert "Agencies, number 1 (police): name, employer, role, contact, why this agency" in lacks
    # A field is named by its title: none by the word of the file.
    assert not any("_" in one for one in lacks)
    given = {name: value for name, value in example("referral").items() if name != "circumstances"}
    filled = ReferralForm.model_validate(blank | given)
    assert missing(filled, POLICY) == []


def test_of_a_category_3_case_it_says_so(sqlite_record: Record) -> None:
    with sqlite_record.writing() as session:
        assert blank_of(a_case(session, category=3), POLICY)["category"] == 3
        assert blank_of(a_case(session, 1), POLICY)["category"] is None


def test_the_lead_agency_is_not_asked_for_itself(sqlite_record: Record) -> None:
    with sqlite_record.writing() as session:
        blank = blank_of(a_case(session, lead_agency="police"), POLICY)
    assert [one["agency"] for one in blank["agencies"]] == ["probation"]
