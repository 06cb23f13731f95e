"""The examples of the API are what it answers now, each call that reads has one, and each fits its description."""

from typing import Any

import jsonschema_rs
import pytest
from fastapi.routing import APIRoute

from docs.api_samples import text_of_examples
from docs.generate import EXAMPLES
from models.record import Record, read_policies
from web.api.application import CALLS, make_api
from web.api.description import examples


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return make_api(Record("sqlite://", read_policies(None))).openapi()


def test_the_examples_are_what_the_api_answers_now() -> None:
    assert EXAMPLES.read_text(encoding="utf-8") == text_of_examples(), "web/api/examples.json is stale: run `make docs`"


def test_each_call_that_reads_has_an_example() -> None:
    reading = {r.name for calls in CALLS for r in calls.routes if isinstance(r, APIRoute) and "GET" in r.methods}
    assert reading | {"record_prison_notice", "domain_events"} == set(examples()["answers"])
    empty = {name for name, told in examples()["answers"].items() if told.get("200", {}).get("items") == []}
    assert empty == set()


def test_each_example_fits_the_schema_beside_it(document: dict[str, Any]) -> None:
    looked_at = 0
    for path, of_path in document["paths"].items():
        for operation in of_path.values():
            parts = [content for answer in operation["responses"].values() for content in answer["content"].values()]
            parts += operation.get("requestBody", {}).get("content", {}).values()
            for part in parts:
                if "example" in part:
                    schema = part["schema"] | {"components": document["components"]}
                    assert list(jsonschema_rs.validator_for(schema).iter_errors(part["example"])) == [], path
                    looked_at += 1
    assert looked_at > 100


def test_each_call_says_what_goes_wrong(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    for path, of_path in document["paths"].items():
        for method, operation in of_path.items():
            statuses = set(operation["responses"])
            assert {"401", "403", "422", "500", "503"} <= statuses, path
            assert ("404" in statuses) == ("{reference}" in path), path
            assert ({"400", "413", "415"} <= statuses) == (method == "post"), path
            assert ({"409", "412"} <= statuses) == ("/facts/" in path), path
            assert operation["security"] == [{"token": []}]
            assert operation["summary"]
            assert operation["description"]
