"""What a domain event says, and what it means here. The shapes are those of the public sources of HMPPS."""

from datetime import date

import pytest

from policy.domain_events import Use, read_event, reading_of
from policy.events import EventKind
from policy.vocabulary import FactKind
from tests.support.domain_events import RECEIVED, REGISTRATION, RELEASED, event, in_envelope


@pytest.mark.parametrize(
    ("kind", "told", "use", "move"),
    [
        (RELEASED, {"reason": "RELEASED"}, Use.RECORD, EventKind.RELEASE),
        (RELEASED, {"reason": "RELEASED_TO_HOSPITAL"}, Use.RECORD, EventKind.HOSPITAL_TRANSFER),
        (RELEASED, {"reason": "TRANSFERRED"}, Use.NOTHING, None),
        (RELEASED, {"reason": "SENT_TO_COURT"}, Use.NOTHING, None),
        (RELEASED, {"reason": "TEMPORARY_ABSENCE_RELEASE"}, Use.ASK, None),
        (RELEASED, {}, Use.ASK, None),
        (RECEIVED, {"reason": "TRANSFERRED", "prisonId": "EXI"}, Use.RECORD, EventKind.TRANSFER),
        (RECEIVED, {"reason": "ADMISSION", "probableCause": "RECALL"}, Use.RECORD, EventKind.RECALL),
        (RECEIVED, {"reason": "ADMISSION", "prisonId": "EXI"}, Use.ASK, None),
        (RECEIVED, {"reason": "TEMPORARY_ABSENCE_RETURN"}, Use.RECORD, EventKind.RETURNED),
        (RECEIVED, {"reason": "RETURN_FROM_COURT"}, Use.NOTHING, None),
        ("enforcement.recall.raised", {}, Use.ASK, None),
        (f"{REGISTRATION}.added", {"registerTypeCode": "MAPP"}, Use.ASK, None),
        (f"{REGISTRATION}.deregistered", {"registerTypeCode": "MAPP"}, Use.ASK, None),
        (f"{REGISTRATION}.added", {"registerTypeCode": "RCPR"}, Use.NOTHING, None),
        (f"{REGISTRATION}.added", {}, Use.NOTHING, None),
        ("prison-visit.booked", {}, Use.NOTHING, None),
    ],
)
def test_what_each_event_means(kind: str, told: dict[str, str], use: Use, move: EventKind | None) -> None:
    found = reading_of(read_event(event(kind, "2027-03-12T09:30:00Z", **told)))
    assert (found.use, found.event) == (use, move)
    # What is asked, and what is passed over, is told in words; what is asked has an answer.
    assert bool(found.words) is (use is not Use.RECORD)
    assert bool(found.answers) is (use is Use.ASK or move in (EventKind.RECALL, EventKind.TRANSFER))


def test_a_changed_registration_is_answered_by_the_level() -> None:
    found = reading_of(read_event(event(f"{REGISTRATION}.updated", "2027-03-12T09:30:00Z", registerTypeCode="MAPP")))
    assert found.words == (
        "in Delius the MAPPA registration was changed on 2027-03-12: check category and level here; load the "
        "registrations, record the level, or close the case"
    )
    assert FactKind.LEVEL in found.answers


def test_an_event_of_the_night_is_of_its_day_in_london() -> None:
    """23:30 UTC on 30 June is 00:30 on 1 July in London."""
    assert read_event(event(RELEASED, "2026-06-30T23:30:00Z")).on == date(2026, 7, 1)


def test_an_event_is_known_by_its_envelope_and_a_bare_one_by_what_it_says() -> None:
    body = event(RELEASED, "2027-03-12T09:30:00Z", reason="RELEASED")
    assert read_event(in_envelope("abc", body)).id == "abc"
    assert read_event(body).id == read_event(dict(reversed(body.items()))).id
    assert read_event(body).id != read_event(body | {"occurredAt": "2027-03-12T09:31:00Z"}).id


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"eventType": None}, "eventType: a text is wanted, such as prison-offender-events.prisoner.released"),
        ({"occurredAt": "2027-03-12"}, "occurredAt: '2027-03-12' is not a date and time in the form 2026-10-14T10:00"),
        ({"personReference": {}}, "personReference.identifiers: a NOMS number or a CRN is wanted"),
        ({"personReference": {"identifiers": [{"type": "NOMS", "value": "12"}]}},
         "personReference.identifiers: '12' is not a NOMIS number: A1234BC is wanted, letter, four digits, two "
         "letters"),
        ({"additionalInformation": []}, ""),
        ({"additionalInformation": [1]}, "additionalInformation: an object is wanted"),
        ({"Message": "{"}, "Message: the event in the envelope is not JSON"),
        ({"MessageId": 7}, "MessageId: a text of at most 100 characters is wanted"),
    ],
)  # fmt: skip
def test_what_is_no_event_says_what_is_wanted(change: dict[str, object], what: str) -> None:
    given = event(RELEASED, "2027-03-12T09:30:00Z") | change
    if not what:
        assert read_event(given).told == {}
        return
    with pytest.raises(ValueError, match=r"is wanted|is not") as wrong:
        read_event(given)
    assert str(wrong.value) == what
