"""Called in every way that its description allows, and in many that it does not: no defect, no undescribed answer.

``MAPPA_FUZZ`` times as many calls are made where it is set: for a hunt by hand.
"""

import os
import random
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks as described

from casework.recording import KINDS
from tests.support.story import Story
from tests.web.calling import Api
from web.api.application import ROOT
from web.api.errors import MEDIA_TYPE, Problem

CASE = "LON-2026-000001"
HOST = "127.0.0.1"
CHECKS = (
    not_a_server_error, described.status_code_conformance, described.content_type_conformance,
    described.response_headers_conformance, described.response_schema_conformance,
)  # fmt: skip
TIMES = int(os.environ.get("MAPPA_FUZZ", "1"))
EXAMPLES, FIELDS = 3 * TIMES, 3 * TIMES
ODD: tuple[Any, ...] = (
    None, True, -1, 0, 2**63, 1e308, "", " ", "\0", "x" * 100_000, "<script>alert(1)</script>", "=1+1", "\u202e\u0661",
    "9999-12-31", "0001-01-01", "2026-02-30", "2026-09-21T25:00", [], {}, [[]], [None], {"a": {"b": 1}}, "\U0001f600",
)  # fmt: skip


@pytest.mark.slow
def test_no_call_finds_a_defect_or_an_answer_outside_its_description(story: Story, tmp_path: Path) -> None:
    api = Api(story.record, tmp_path)
    schema = schemathesis.openapi.from_asgi(f"{ROOT}/openapi.json", with_token(api))
    answers: Counter[int] = Counter()
    operations = [found.ok() for found in schema.get_all_operations()]
    # A call that restricts the case shuts the system out: it comes last.
    for operation in sorted(operations, key=lambda one: one.path.endswith("/restriction")):
        for mode in GenerationMode:
            called(operation.as_strategy(generation_mode=mode), answers)
    # That it came far enough to find something; the other test records.
    assert {200, 404, 412, 422} <= set(answers), answers
    assert 401 not in answers


def with_token(api: Api) -> Any:
    """Return the application as a system with a token sees it: a call without one ends before it begins."""
    own = [(b"authorization", api.client.headers["Authorization"].encode()), (b"host", HOST.encode())]

    async def app(scope: Any, receive: Any, send: Any) -> None:
        kept = [header for header in scope.get("headers", []) if header[0] not in dict(own)]
        await api.client.app(scope | {"headers": kept + own}, receive, send)

    return app


def called(strategy: Any, answers: Counter[int]) -> None:
    """Make the calls of a strategy, on the case there is, and hold each answer against the description."""

    @seed(2026)
    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=strategy)
    def call(case: Any) -> None:
        if "reference" in case.path_parameters and answers.total() % 4:
            case.path_parameters["reference"] = CASE
        if answers.total() % 2:
            case.headers.pop("If-Match", None)
        response = case.call()
        answers[response.status_code] += 1
        case.validate_response(response, checks=CHECKS)

    call()


@pytest.mark.slow
def test_no_value_in_any_field_breaks_a_form(story: Story, tmp_path: Path) -> None:
    api = Api(story.record, tmp_path)
    chance = random.Random(2026)
    statuses: Counter[int] = Counter()
    for kind, known in KINDS.items():
        places = list(leaves(known.example))
        for _ in range(FIELDS):
            body = changed(known.example, chance.choice(places), chance.choice(ODD))
            answer = api.post(kind.value, body)
            statuses[answer.status_code] += 1
            assert answer.status_code in (201, 400, 403, 422), (kind, body, answer.text)
            if answer.status_code != 201:
                assert answer.headers["content-type"] == MEDIA_TYPE
                Problem.model_validate(answer.json())
    assert statuses[201]
    assert statuses[422]


def leaves(part: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every place in a form."""
    if path:
        yield path
    inside = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for name, one in inside:
        yield from leaves(one, (*path, name))


def changed(form: dict[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    """Return a form with another value at a place."""
    found = deepcopy(form)
    part: Any = found
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = value
    return found
