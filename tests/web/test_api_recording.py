"""Another system records: as a person would at the desk, once for each key, and not on a case that has changed."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from casework.recording import KINDS
from casework.recording.as_typed import LARGEST_FORM
from models.audit import AuditEntry
from models.audit_seals import verify
from models.cases import Draft, Fact
from models.record import Record
from policy.roles import Role
from tests.support.story import DARREN, Story, at
from tests.web.calling import ADDRESS, Api
from tests.web.conftest import TODAY
from tests.web.visiting import Desk
from web.api.errors import MEDIA_TYPE

CASE, OTHER = "LON-2026-000001", "LON-2026-000002"
NOTICE = {"date": "2026-09-21", "contact": "OMU, HMP Example"}


@pytest.fixture
def api(story: Story, tmp_path: Path) -> Api:
    return Api(story.record, tmp_path)


def count_of(record: Record, table: Any) -> int:
    with record.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_fact_is_recorded_and_says_what_it_changed_and_who_it_was(api: Api) -> None:
    answer = api.post("prison-notice", NOTICE)
    assert answer.status_code == 201
    told = answer.json()
    assert (told["case"], told["crn"], told["kind"]) == (CASE, "X320741", "prison-notice")
    assert any(one.startswith("prison_notice met on 2026-09-21") for one in told["changes"])
    with api.record.reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "recorded-prison-notice")).one()
        assert entry.actor == "Case work system"
        assert (entry.after or {})["recorded_as"] == {
            "id": ADDRESS, "role": "coordinator", "area": "London", "through": "api",
        }  # fmt: skip
        assert list(verify(session)) == []


def test_what_is_refused_names_each_field_and_changes_nothing(api: Api) -> None:
    body = {"date": "2026-09-31", "release_dte": "2027-03-12", "release_date": 20270312}
    answer = api.post("prison-notice", body)
    assert (answer.status_code, answer.headers["content-type"]) == (422, MEDIA_TYPE)
    assert {one["pointer"] for one in answer.json()["errors"]} == {"#/date", "#/release_dte", "#/release_date"}
    assert count_of(api.record, Fact) == 0
    # What was typed is kept, as it is of a person.
    with api.record.reading() as session:
        assert session.scalars(select(Draft)).one().data == body


def test_the_place_of_an_error_deep_in_a_form_is_told(api: Api) -> None:
    body = KINDS["meeting"].example | {"attendance": [{"agency": "no such", "name": "Olive"}, 7]}
    errors = api.post("meeting", body).json()["errors"]
    assert {"#/attendance/0/agency", "#/attendance/0/status", "#/attendance/1"} <= {one["pointer"] for one in errors}


def test_a_rule_of_the_case_is_told_of_the_form_as_a_whole(api: Api) -> None:
    body = KINDS["meeting-cancel"].example | {"date": "2026-09-21"}
    problem = api.post("meeting-cancel", body).json()
    assert problem["type"] == "urn:mappa:problem:invalid"
    assert problem["errors"]


@pytest.mark.parametrize(
    ("body", "status", "word"),
    [
        (b"", 400, "unreadable"), (b"{", 400, "unreadable"), (b"\xff{}", 400, "unreadable"),
        (b'{"date": NaN}', 422, "invalid"), (b'{"date": "\\ud800"}', 422, "invalid"),
        (b"[" * 100_000, 422, "invalid"), (b"[]", 422, "invalid"), (b'"text"', 422, "invalid"),
        (b"null", 422, "invalid"), (b'{"contact": "\\u0000"}', 422, "invalid"),
        (b'{"date": ' + b"9" * 400 + b"}", 422, "invalid"), (b" " * (LARGEST_FORM + 1), 413, "too-large"),
        (b'{"a":' * 200 + b"1" + b"}" * 200, 422, "invalid"),
    ],
)  # fmt: skip
def test_a_body_that_cannot_be_taken(api: Api, body: bytes, status: int, word: str) -> None:
    answer = api.client.post(
        f"/cases/{CASE}/facts/prison-notice", content=body, headers={"Content-Type": "application/json"}
    )
    assert (answer.status_code, answer.json()["type"]) == (status, f"urn:mappa:problem:{word}")
    assert answer.headers["content-type"] == MEDIA_TYPE


def test_a_body_has_to_say_that_it_is_json(api: Api) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", ""):
        answer = api.client.post(f"/cases/{CASE}/facts/prison-notice", content=b"{}", headers={"Content-Type": kind})
        assert (answer.status_code, answer.json()["type"]) == (415, "urn:mappa:problem:not-json")


def test_a_role_records_what_it_records_at_the_desk(api: Api) -> None:
    # A prison gives notice; it does not screen referrals.
    api.as_system(Role.PRISON_OFFENDER_MANAGEMENT, unit="HMP Example")
    assert api.post("screening", KINDS["screening"].example).status_code == 403
    assert api.post("prison-notice", NOTICE).status_code == 201
    with api.record.reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "recorded-prison-notice")).one()
        assert (entry.after or {})["recorded_as"]["role"] == "prison_offender_management"


def test_what_was_written_for_another_version_of_the_case_is_not_recorded(api: Api) -> None:
    version = api.get(f"/cases/{CASE}").headers["etag"]
    assert api.get(f"/cases/{CASE}").headers["etag"] == version, "to read a case does not change it"
    assert api.post("circumstances", {"date": "2026-09-20", "local_authority": "Camden"}, If_Match=version).is_success
    for stale in (version, f"W/{version}", '"0", "1"', "x", '""'):
        answer = api.post("prison-notice", NOTICE, If_Match=stale)
        assert (answer.status_code, answer.json()["type"]) == (412, "urn:mappa:problem:case-changed"), stale
    assert count_of(api.record, Fact) == 1
    now = api.get(f"/cases/{CASE}").headers["etag"]
    assert now != version
    assert api.post("prison-notice", NOTICE, If_Match=f"{version}, {now}").status_code == 201
    assert api.post("prison-notice", NOTICE | {"contact": "Other"}, If_Match="*").status_code == 201


def test_what_the_clock_does_to_a_case_is_a_change_too(story: Story, api: Api) -> None:
    version = api.get(f"/cases/{CASE}").headers["etag"]
    story.load("2026-09-20", DARREN | {"conditional_release_date": "2027-05-12"})
    story.tick(TODAY, hour=9)
    assert api.post("prison-notice", NOTICE, If_Match=version).status_code == 412


def test_a_key_records_once_and_gives_the_same_answer_each_time(api: Api) -> None:
    first = api.post("prison-notice", NOTICE, Idempotency_Key="k-1", If_Match=api.get(f"/cases/{CASE}").headers["etag"])
    assert first.status_code == 201
    assert first.json()["changes"]
    for _ in range(2):
        # The version has moved since, by this very fact.
        again = api.post("prison-notice", NOTICE, Idempotency_Key="k-1", If_Match='"1"')
        assert (again.status_code, again.json()) == (201, first.json())
    assert count_of(api.record, Fact) == 1


def test_a_key_that_stood_for_another_request_is_refused(story: Story, api: Api) -> None:
    story.load("2026-09-01", DARREN | {"crn": "X320742", "forenames": "Dana"})
    story.tick("2026-09-01")
    assert api.post("prison-notice", NOTICE, Idempotency_Key="k").status_code == 201
    other = NOTICE | {"contact": "Somebody else"}
    circumstances = {"date": "2026-09-20", "local_authority": "Camden"}
    for answer in (
        api.post("prison-notice", other, Idempotency_Key="k"),
        api.post("circumstances", circumstances, Idempotency_Key="k"),
        api.post("prison-notice", NOTICE, case=OTHER, Idempotency_Key="k"),
    ):
        assert (answer.status_code, answer.json()["type"]) == (422, "urn:mappa:problem:key-reused")
    assert count_of(api.record, Fact) == 1
    # Another system may choose the same word.
    api.as_system(address="other@agency.example")
    assert api.post("prison-notice", other, Idempotency_Key="k").status_code == 201
    for wrong in ("", "a b", "x" * 201):
        answer = api.post("prison-notice", NOTICE, Idempotency_Key=wrong)
        assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (422, "Idempotency-Key"), wrong


def test_a_refused_fact_may_be_sent_again_under_its_key_when_it_applies(story: Story, api: Api) -> None:
    screened = KINDS["screening"].example
    assert api.post("screening", screened, Idempotency_Key="s").status_code == 422
    referral = KINDS["referral"].example
    assert api.post("referral", referral).status_code == 201
    assert api.post("screening", screened, Idempotency_Key="s").status_code == 201
    assert api.post("screening", screened, Idempotency_Key="s").json()["changes"]


def test_sent_many_times_in_the_same_moment_it_is_recorded_once(api: Api) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: api.post("prison-notice", NOTICE, Idempotency_Key="k"), range(8)))
    assert [one.status_code for one in answers] == [201] * 8
    assert len({one.text for one in answers}) == 1
    assert answers[0].json()["changes"]
    assert count_of(api.record, Fact) == 1


def test_two_systems_that_read_the_same_version_record_one_after_the_other(api: Api) -> None:
    version = api.get(f"/cases/{CASE}").headers["etag"]
    with ThreadPoolExecutor(6) as pool:
        bodies = [NOTICE | {"contact": f"OMU {number}"} for number in range(6)]
        answers = list(pool.map(lambda body: api.post("prison-notice", body, If_Match=version), bodies))
    assert sorted(one.status_code for one in answers) == [201, *[412] * 5]
    assert count_of(api.record, Fact) == 1


def test_no_form_of_a_system_lies_among_the_drafts_of_a_person(api: Api, tmp_path: Path) -> None:
    api.post("prison-notice", {"contact": "half a form"}, Idempotency_Key="k")
    desk = Desk(api.record, tmp_path).sign_in("cora@mappa.example", at(TODAY, 10))
    assert "half a form" not in desk.get("/drafts").text
    assert "Prison notice" not in desk.get("/drafts").text
