"""Another system follows: each change once, none missed, nothing of a case that is not its own."""

import threading
import time
from pathlib import Path

import pytest

from models.audit import Change, append
from models.clock import now
from models.record import Record
from tests.support.story import DARREN, Story
from tests.web.calling import Api
from views import changes as view
from web.api.application import ROOT

CASE = "LON-2026-000001"
NOTICE = {"date": "2026-09-21", "contact": "OMU, HMP Example"}


@pytest.fixture
def api(story: Story, tmp_path: Path) -> Api:
    return Api(story.record, tmp_path)


def follow(api: Api, mark: int, limit: int = 2) -> tuple[list[dict[str, object]], int]:
    """Everything from a mark on, and the mark after it."""
    found, path = [], f"/changes?after={mark}&limit={limit}"
    while path:
        answer = api.client.get(path.removeprefix(ROOT)).json()
        found += answer["items"]
        mark, path = answer["mark"], answer["next"]
    return found, mark


def test_it_begins_at_the_mark_of_now_and_tells_what_comes(api: Api) -> None:
    start = api.get("/changes").json()
    assert (start["items"], start["next"]) == ([], None)
    assert follow(api, start["mark"])[0] == []
    api.post("prison-notice", NOTICE)
    found, mark = follow(api, start["mark"])
    assert found[0] == {
        "number": found[0]["number"], "what": "recorded-prison-notice", "case": CASE, "at": "2026-09-21T10:00:00+01:00",
    }  # fmt: skip
    assert follow(api, mark)[0] == []
    # Nothing of what was recorded, nor of whom.
    assert set(found[0]) == {"number", "what", "case", "at"}


def test_in_small_parts_it_tells_the_same_as_in_one(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    api.post("prison-notice", NOTICE)
    whole, mark = follow(api, 0, 500)
    assert len(whole) > 8
    assert [one["number"] for one in whole] == sorted({one["number"] for one in whole})
    assert follow(api, 0, 1)[0] == whole
    # Reading a case writes to the trail too, and is no change: a window may hold nothing and still go on.
    for _ in range(5):
        api.get(f"/cases/{CASE}")
    api.post("prison-notice", NOTICE | {"contact": "Other"})
    monkeypatch.setattr(view, "WINDOW", 2)
    later, _ = follow(api, mark)
    assert next(one["what"] for one in later) == "recorded-prison-notice"


def test_a_mark_from_beyond_the_end_stays(api: Api) -> None:
    assert api.get("/changes?after=999999").json() == {"items": [], "next": None, "mark": 999999}


def test_only_cases_that_the_token_may_read(story: Story, api: Api) -> None:
    story.load("2026-06-02", DARREN | {"crn": "X320742", "area": "Elsewhere", "forenames": "Elsie"})
    story.tick("2026-06-02")
    assert {one["case"] for one in follow(api, 0)[0]} == {CASE}
    api.as_system(areas=("Elsewhere",))
    assert {one["case"] for one in follow(api, 0)[0]} == {"ELS-2026-000001"}
    api.as_system(areas=("Elsewhere", "London"))
    assert {one["case"] for one in follow(api, 0)[0]} == {CASE, "ELS-2026-000001"}


def test_a_case_that_was_restricted_comes_back_with_the_change_that_opens_it(story: Story, api: Api) -> None:
    reason = "A witness must not be found."
    mark = api.get("/changes").json()["mark"]
    story.record_fact("restriction", "2026-09-20", restricted=True, reason=reason)
    found, mark = follow(api, mark)
    assert found == []
    story.record_fact("restriction", "2026-09-21", restricted=False, reason=reason)
    assert "recorded-restriction" in [one["what"] for one in follow(api, mark)[0]]


def test_a_change_that_is_written_slowly_is_not_passed_over(story: Story, api: Api) -> None:
    """A writer gets its number first and commits last: whoever reads meanwhile waits for it, or stops before it."""
    mark = api.get("/changes").json()["mark"]
    slow_has_number, slow_may_end = threading.Event(), threading.Event()

    def slowly() -> None:
        with story.record.writing() as session:
            append(session, [Change("case/1", "slow", CASE)], actor="t", at=now())
            slow_has_number.set()
            slow_may_end.wait(10)

    writer = threading.Thread(target=slowly)
    writer.start()
    slow_has_number.wait(10)
    if story.record.engine.dialect.name == "postgresql":
        with story.record.writing() as session:
            append(session, [Change("directory/London", "quick", "x")], actor="t", at=now())
        # It waits two seconds, and then gives nothing rather than too much.
        answer = api.client.get(f"/changes?after={mark}").json()
        assert answer == {"items": [], "next": None, "mark": mark}
        assert api.client.get("/changes").status_code == 503
    threading.Timer(0.3, slow_may_end.set).start()
    # Here it waits until the slow one has ended.
    found, _ = follow(api, mark)
    slow_may_end.set()
    writer.join()
    if story.record.engine.dialect.name == "sqlite":
        found, _ = follow(api, mark)
    assert [one["what"] for one in found] == ["slow"]


@pytest.mark.slow
def test_followed_while_many_write_each_change_is_told_once(record: Record, story: Story, api: Api) -> None:
    mark = first = api.get("/changes").json()["mark"]
    ended = threading.Event()

    def write(number: int) -> None:
        for one in range(15):
            with record.writing() as session:
                append(session, [Change("case/1" if number % 2 else f"test/{number}", f"w{number}.{one}", CASE)],
                       actor="t", at=now())  # fmt: skip
                time.sleep(0.003 * number)

    writers = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for writer in writers:
        writer.start()
    threading.Thread(target=lambda: ([writer.join() for writer in writers], ended.set())).start()
    told: list[object] = []
    while True:
        last = ended.is_set()
        found, mark = follow(api, mark, 5)
        told += [one["what"] for one in found]
        if last:
            break
    assert sorted(told) == sorted(one["what"] for one in follow(api, first, 500)[0])
    assert sorted(map(str, told)) == sorted(f"w{number}.{one}" for number in (1, 3, 5) for one in range(15))
