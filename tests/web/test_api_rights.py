"""Which call of the API answers which system: every call by every role and relation. One without a row fails here."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.routing import APIRoute
from sqlalchemy import select

from casework.recording import KINDS
from models.audit import AuditEntry
from models.audit_seals import verify
from models.record import Record, read_policies
from policy.roles import Role
from policy.vocabulary import FactKind
from tests.support.story import DARREN, MEETING_DIRECTORY, Story
from tests.web.calling import ADDRESS, Api
from web.access.rights import Action
from web.access.tokens import Scope
from web.api.application import CALLS, make_api
from web.api.caller import Needs, NeedsCase

CASE, OTHER = "LON-2026-000001", "ELS-2026-000001"
SYSTEMS: dict[str, dict[str, object]] = {
    "coordinator": {"role": Role.COORDINATOR},
    "administrator": {"role": Role.ADMINISTRATOR},
    "coordinator's manager": {"role": Role.COORDINATOR_MANAGER},
    "Chair": {"role": Role.CHAIR},
    "line manager of the unit": {"role": Role.LINE_MANAGER, "agency": "probation", "unit": "North"},
    "line manager of another unit": {"role": Role.LINE_MANAGER, "agency": "probation", "unit": "South"},
    "the prison that holds him": {"role": Role.PRISON_OFFENDER_MANAGEMENT, "unit": "HMP Example"},
    "another prison": {"role": Role.PRISON_OFFENDER_MANAGEMENT, "unit": "HMP Other"},
    "housing": {"role": Role.REPRESENTATIVE, "agency": "housing"},
    "victim liaison": {"role": Role.REPRESENTATIVE, "agency": "victim_liaison"},
    "senior manager": {"role": Role.SENIOR_MANAGER, "agency": "housing"},
    "SMB member": {"role": Role.SMB_MEMBER, "agency": "probation"},
    "SMB Chair": {"role": Role.SMB_CHAIR},
    "lay adviser": {"role": Role.LAY_ADVISER, "agency": "smb"},
    "coordinator of another area": {"role": Role.COORDINATOR, "areas": ("Elsewhere",)},
}
UNIT = ("coordinator", "administrator", "coordinator's manager", "Chair")
ON_THE_CASE = (*UNIT, "line manager of the unit", "the prison that holds him")
MAY: dict[Action, tuple[str, ...]] = {
    Action.SIGNED_IN: tuple(SYSTEMS),
    Action.SEE_CASE: ON_THE_CASE,
    Action.RECORD: ON_THE_CASE,
    Action.LOAD: ("coordinator", "administrator", "coordinator of another area"),
    Action.SEE_POLICY: (*UNIT, "coordinator of another area"),
}
"""Which system may do what. Nothing is asked of an agency yet, and there is no victim contact."""
NOT_THERE_YET = {"GET /cases/{reference}/plan"}
ROUTES = [route for calls in CALLS for route in calls.routes if isinstance(route, APIRoute)]


@pytest.fixture
def told(record: Record, tmp_path: Path, today: None) -> Story:
    """Darren in London, and Elsie in another area."""
    story = Story(record, tmp_path, MEETING_DIRECTORY)
    elsie = {"crn": "X320742", "forenames": "Elsie", "area": "Elsewhere", "offender_manager_email": "", "prison": "",
             "line_manager_email": ""}  # fmt: skip
    story.load("2026-06-01", DARREN, DARREN | elsie)
    story.tick("2026-06-01")
    return story


def name_of(route: APIRoute) -> str:
    return f"{min(route.methods)} {route.path}"


def needs_of(route: APIRoute) -> Needs | NeedsCase:
    """What a call says it needs; a call that says nothing fails here."""
    [found] = [one.call for one in route.dependant.dependencies if isinstance(one.call, Needs | NeedsCase)]
    return found


def expected(route: APIRoute, who: str) -> int:
    needs = needs_of(route)
    if who not in MAY[needs.action]:
        return 404 if isinstance(needs, NeedsCase) else 403
    if needs.action is Action.RECORD:
        # The body is no JSON: whoever may record it is told so.
        kind = FactKind(route.path.rpartition("/")[2])
        return 400 if SYSTEMS[who]["role"] in KINDS[kind].who else 403
    if "POST" in route.methods:
        # The body is no JSON.
        return 400
    return 404 if name_of(route) in NOT_THERE_YET else 200


def call(api: Api, route: APIRoute) -> int:
    path = route.path.replace("{reference}", CASE)
    if "GET" in route.methods:
        return api.client.get(path).status_code
    return api.client.post(path, content=b"{", headers={"Content-Type": "application/json"}).status_code


def test_every_call_names_what_it_needs_and_every_action_has_its_row() -> None:
    assert {needs_of(route).action for route in ROUTES} == set(MAY)
    assert len(ROUTES) == len({name_of(route) for route in ROUTES})
    assert {name_of(route) for route in ROUTES} >= NOT_THERE_YET
    posted = {route.path.rpartition("/")[2] for route in ROUTES if "POST" in route.methods}
    assert posted == {*FactKind, "domain-events"}


def test_the_description_has_every_call_and_no_other() -> None:
    paths = make_api(Record("sqlite://", read_policies(None))).openapi()["paths"]
    told = {f"{method.upper()} {path}" for path, of_path in paths.items() for method in of_path}
    assert told == {name_of(route) for route in ROUTES}


def test_each_call_answers_those_of_its_row_and_nobody_else(told: Story, tmp_path: Path) -> None:
    api = Api(told.record, tmp_path)
    with api.client:
        for who, wanted in SYSTEMS.items():
            api.as_system(**wanted)
            found = {name_of(route): call(api, route) for route in ROUTES}
            assert found == {name_of(route): expected(route, who) for route in ROUTES}, who


def test_a_token_does_only_what_its_scopes_say(told: Story, tmp_path: Path) -> None:
    api = Api(told.record, tmp_path)
    for scope in Scope:
        api.as_system(scopes=(scope,))
        for route in ROUTES:
            right = expected(route, "coordinator") if needs_of(route).scope in (None, scope) else 403
            assert call(api, route) == right, (scope, name_of(route))


def test_nobody_comes_in_without_a_token_that_is_good(told: Story, tmp_path: Path) -> None:
    api = Api(told.record, tmp_path)
    good = api.client.headers["Authorization"]
    for wrong in ("", "Bearer", "Bearer x", f"{good}x", good.replace("Bearer", "Basic"), "Bearer x y"):
        api.client.headers["Authorization"] = wrong
        assert api.get("/cases").status_code == 401, wrong
    for route in ROUTES:
        assert call(api, route) == 401, name_of(route)
    answer = api.get("/cases")
    assert (answer.headers["WWW-Authenticate"], answer.json()["type"]) == ("Bearer", "urn:mappa:problem:no-token")
    assert api.client.get("/openapi.json").status_code == 200


def test_no_list_holds_a_case_that_the_token_may_not_read(told: Story, tmp_path: Path) -> None:
    api = Api(told.record, tmp_path)
    for who, wanted in SYSTEMS.items():
        api.as_system(**wanted)
        for path in ("/cases", "/cases?q=Elsie", "/due", "/meetings", "/changes?after=0&limit=500"):
            text = api.get(path).text
            assert (OTHER in text) <= (who == "coordinator of another area"), (who, path)
            assert (CASE in text) <= (who in ON_THE_CASE), (who, path)
    # That those who may do see it.
    assert CASE in api.as_system().get("/due").text
    assert CASE in api.get("/changes?after=0&limit=500").text


def test_a_restricted_case_is_for_those_on_its_list_and_for_no_other_system(told: Story, tmp_path: Path) -> None:
    api = Api(told.record, tmp_path)
    reason = "A witness must not be found."
    told.record_fact("restriction", "2026-09-20", restricted=True, reason=reason)
    # A person who coordinates may read it; a system in the same role may not.
    for path in ("", "/duties", "/facts"):
        assert api.get(f"/cases/{CASE}{path}").status_code == 403
    assert api.post("prison-notice", {}).status_code == 403
    for path in ("/cases", "/due", "/meetings", "/changes?after=0&limit=500"):
        assert CASE not in api.get(path).text
    assert api.as_system(areas=("Elsewhere",)).get(f"/cases/{CASE}").status_code == 404
    told.record_fact("restriction", "2026-09-21", restricted=True, readers=[ADDRESS], reason=reason)
    api.as_system()
    assert api.get(f"/cases/{CASE}").status_code == 200
    assert CASE in api.get("/cases").text
    assert api.as_system(address="other@agency.example").get(f"/cases/{CASE}").status_code == 403


def test_an_agency_reads_a_case_once_something_is_asked_of_it(told: Story, tmp_path: Path) -> None:
    api = Api(told.record, tmp_path, **SYSTEMS["victim liaison"])
    assert api.get(f"/cases/{CASE}").status_code == 404
    told.load("2026-09-02", DARREN | {"victim_contact": "yes"})
    told.tick("2026-09-02")
    assert api.get(f"/cases/{CASE}").status_code == 200
    # What it may read it may follow, too.
    assert CASE in api.get("/changes?after=0&limit=500").text


def readings(record: Record) -> Iterator[tuple[str, str, object]]:
    with record.reading() as session:
        query = select(AuditEntry).where(AuditEntry.chain.startswith("reads/")).order_by(AuditEntry.id)
        for one in session.scalars(query):
            yield one.actor, one.subject, one.after
        assert list(verify(session)) == []


def test_every_reading_of_a_case_is_in_the_trail_and_so_is_every_list(told: Story, tmp_path: Path) -> None:
    api = Api(told.record, tmp_path)
    for path in (f"/cases/{CASE}", f"/cases/{CASE}/plan", f"/cases/{OTHER}", "/cases?q=Invented", "/cases?q=Nobody"):
        api.get(path)
    told_of = {"why": "MAPPA coordinator, works in the MAPPA unit of its area", "email": ADDRESS}
    assert list(readings(told.record)) == [
        ("Case work system", CASE, {"page": "API /"} | told_of),
        ("Case work system", CASE, {"page": "API /plan"} | told_of),
        ("Case work system", ADDRESS, {"cases": 1, "first": CASE, "last": CASE, "email": ADDRESS}),
    ]
