"""Another system reads: the same objects as everywhere, in parts that make a whole; what is wrong is a problem."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from models.record import Record
from tests.support.story import CORA, DARREN, MEETING_DIRECTORY, Story, form
from tests.web.calling import Api
from views.cases import case_of_person
from views.timescales import timescales
from web.api.errors import KINDS, MEDIA_TYPE

CASE = "LON-2026-000001"
SCRIPT = "<script>alert(1)</script>"
HOSTILE = {"surname": '=HYPERLINK("https://evil.example","x")', "forenames": SCRIPT,
           "unit": '"><img src=x onerror=alert(1)>', "offender_manager": "@SUM(1+1)"}  # fmt: skip


@pytest.fixture
def api(story: Story, tmp_path: Path) -> Api:
    return Api(story.record, tmp_path)


def people(number: int, first: int = 1) -> Iterator[dict[str, str]]:
    for one in range(first, first + number):
        yield DARREN | {"crn": f"X5{one:05}", "forenames": f"Number {one}"}


def test_what_it_gives_is_what_the_command_line_prints(api: Api) -> None:
    with api.record.reading() as session:
        shown = case_of_person(session, CASE).model_dump(mode="json")
        due = [one.model_dump(mode="json") for one in timescales(session, crn=CASE)]
    assert api.get(f"/cases/{CASE}").json() == shown
    listed = api.get(f"/cases/{CASE}/timescales").json()["items"]
    assert [{name: one[name] for name in due[0]} for one in listed] == due


def test_a_walk_through_a_list_meets_each_once_while_others_are_added(
    record: Record, tmp_path: Path, today: None
) -> None:
    story = Story(record, tmp_path, MEETING_DIRECTORY)
    story.load("2026-06-01", *people(9))
    story.tick("2026-06-01")
    api = Api(record, tmp_path)
    before = {
        path: [key(one) for one in api.walk(f"{path}?limit=200")] for path in ("/cases", "/due")
    }  # fmt: skip
    assert len(before["/cases"]) == 9
    for path, known in before.items():
        met, added = [], False
        for one in api.walk(f"{path}?limit=4"):
            met.append(key(one))
            if not added:
                story.load("2026-06-02", *people(3, first=20 if path == "/cases" else 40))
                story.tick("2026-06-02")
                added = True
        assert len(met) == len(set(met)), path
        assert [one for one in met if one in known] == known, path


def key(item: dict[str, Any]) -> object:
    return item.get("id", item["case"])


def test_meetings_are_walked_through_case_by_case(story: Story, tmp_path: Path) -> None:
    story.load("2026-06-02", *people(3))
    story.tick("2026-06-02")
    cases = [f"LON-2026-00000{number}" for number in (1, 2, 3, 4)]
    for case in cases:
        for kind in ("referral", "screening", "meeting-plan"):
            story.record_fact(kind, DAYS[kind], crn=case, **form(kind))
    api = Api(story.record, tmp_path)
    met = [(one["case"], one["meeting"]) for one in api.walk("/meetings?limit=1&state=planned")]
    assert met == [(case, 1) for case in cases]
    assert list(api.walk("/meetings?state=held")) == []


DAYS = {"referral": "2026-09-08", "screening": "2026-09-15", "meeting-plan": "2026-09-16"}


def test_filters_narrow_a_list(story: Story, tmp_path: Path) -> None:
    story.load("2026-06-02", DARREN | {"crn": "X320742", "forenames": "Dana", "unit": "South", "prison": ""})
    story.tick("2026-06-02")
    api = Api(story.record, tmp_path)
    other = "LON-2026-000002"
    for query, right in (
        ("q=Darren", [CASE]), ("q=x320742", [other]), ("unit=South", [other]), ("level=none", [CASE, other]),
        ("level=2", []), ("category=2", [CASE, other]), ("category=1", []), ("location=custody", [CASE, other]),
        ("stage=pre_release", [CASE, other]), ("closed=true", []), ("area=London", [CASE, other]), ("area=Kent", []),
        ("q=Nobody", []),
    ):  # fmt: skip
        assert [one["case"] for one in api.get(f"/cases?{query}").json()["items"]] == right, query
    kinds = {one["kind"] for one in api.walk("/due?kind=referral")}
    assert kinds == {"referral"}
    assert all(one["due_on"] < "2026-09-01" for one in api.walk("/due?due_before=2026-09-01"))
    assert {one["unit"] for one in api.walk("/due?unit=South")} == {"South"}
    stuck = [one["stuck_since"] for one in api.walk("/due?stuck=true")]
    assert stuck
    assert None not in stuck


@pytest.mark.parametrize(
    ("path", "status", "parameter"),
    [
        ("/cases?limit=0", 422, "limit"), ("/cases?limit=201", 422, "limit"), ("/cases?levle=2", 422, "levle"),
        ("/cases?level=4", 422, "level"), ("/cases?q=%00", 422, "q"), (f"/cases/{CASE}/duties?x=1", 422, "x"),
        ("/due?after=x", 422, "after"), ("/due?after=2026-99-99.1", 422, "after"),
        ("/due?after=2026-09-01.\u0661", 422, "after"), ("/meetings?after=LON", 422, "after"),
        ("/changes?after=-1", 422, "after"), ("/policy?on=yesterday", 422, "on"), ("/policy?area=Kent", 403, None),
        ("/cases/%00", 404, None), ("/cases/%0A/plan", 404, None),
        ("/cases/LON-2026-999999", 404, None), ("/nothing", 404, None), ("/", 404, None),
        (f"/cases/{CASE}/plan?version=3", 404, None),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_address_is_a_problem_that_names_it(
    api: Api, path: str, status: int, parameter: str | None
) -> None:
    answer = api.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, MEDIA_TYPE)
    problem = answer.json()
    assert problem["status"] == status
    assert problem["type"].startswith("urn:mappa:problem:")
    assert {"title", "detail"} <= set(problem)
    assert [one["parameter"] for one in problem.get("errors", [])] == ([parameter] if parameter else [])


def test_another_method_is_refused_with_those_there_are(api: Api) -> None:
    answer = api.client.delete(f"/cases/{CASE}")
    assert (answer.status_code, answer.headers["allow"], answer.headers["content-type"]) == (405, "GET", MEDIA_TYPE)


def test_the_kinds_of_problem_are_told_apart() -> None:
    assert len({kind.word for kind in KINDS.values()}) == len(KINDS)


def test_hostile_text_comes_back_as_the_same_text(record: Record, tmp_path: Path, today: None) -> None:
    story = Story(record, tmp_path, MEETING_DIRECTORY)
    story.load("2026-06-01", DARREN | HOSTILE)
    story.tick("2026-06-01")
    api = Api(record, tmp_path)
    answer = api.get("/cases")
    [row] = answer.json()["items"]
    assert {name: row[name] for name in HOSTILE} == HOSTILE
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    words = {"date": "2026-09-21", "contact": f"{SCRIPT}{HOSTILE['surname']}\u05d0\U0001f600" + "x" * 60}
    assert api.post("prison-notice", words).status_code == 201
    assert [one["kind"] for one in api.get(f"/cases/{CASE}/facts").json()["items"]] == ["prison-notice"]


def test_a_digest_shows_only_the_prompts_of_the_case(story: Story, tmp_path: Path) -> None:
    story.load("2026-06-01", *people(2))
    story.tick("2026-06-01")
    story.tick("2026-09-21", hour=9)
    api = Api(story.record, tmp_path)
    carried = [one for one in api.get("/cases/LON-2026-000002/messages").json()["items"] if one["recipient"] == CORA]
    assert carried
    assert {prompt["case"] for one in carried for prompt in one["prompts"]} == {"LON-2026-000002"}
