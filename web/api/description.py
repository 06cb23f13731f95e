"""The description of the API (OpenAPI 3.1): made from the calls, the views and the forms, with answers as examples."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from pydantic.json_schema import models_json_schema

from casework.recording import KINDS
from policy.words import role_name
from web.api.errors import KINDS as PROBLEMS
from web.api.errors import MEDIA_TYPE, FieldError, Problem

SCHEMAS = "#/components/schemas/{model}"
EXAMPLES = Path(__file__).with_name("examples.json")
"""Real answers over a sample record, by the id of the call, and a problem of each status: ``make docs`` writes them."""
Responses = dict[int | str, dict[str, Any]]


def responses_of(*statuses: int) -> Responses:
    """Return what operations say of the problems they answer with."""
    found: Responses = {}
    for status in statuses:
        titles = [kind.title for kind in PROBLEMS.values() if kind.status == status]
        schema = {"$ref": SCHEMAS.format(model=Problem.__name__)}
        found[status] = {"description": "; or: ".join(titles), "content": {MEDIA_TYPE: {"schema": schema}}}
    return found


ALWAYS = responses_of(401, 403, 422, 500, 503)
OF_CASES = responses_of(404)
OF_RECORDING = OF_CASES | responses_of(400, 409, 412, 413, 415)


@cache
def examples() -> dict[str, Any]:
    """Return the real answers."""
    found: dict[str, Any] = json.loads(EXAMPLES.read_text(encoding="utf-8"))
    return found


def described(api: FastAPI) -> None:
    """Let an application describe itself with forms, problems and examples beside what FastAPI sees."""
    made = api.openapi

    def openapi() -> dict[str, Any]:
        if api.openapi_schema is None:
            document = made()
            parts = document["components"]["schemas"]
            parts |= schemas_of_forms() | schemas_of_problems()
            for path, of_path in document["paths"].items():
                for operation in of_path.values():
                    complete(path, operation)
        assert api.openapi_schema is not None
        return api.openapi_schema

    api.openapi = openapi  # type: ignore[method-assign]


@cache
def form_schemas() -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the schema of the form of each kind of fact, by its name, and the parts that they share."""
    forms = [(known.form, "validation") for known in KINDS.values()]
    of_forms, whole = models_json_schema(forms, ref_template=SCHEMAS)  # type: ignore[arg-type]
    by_kind = {known.kind.value: of_forms[known.form, "validation"] for known in KINDS.values()}
    return by_kind, whole["$defs"]


def schemas_of_forms() -> dict[str, Any]:
    """Return the schemas of the forms of facts and of their parts."""
    return form_schemas()[1]


def schemas_of_problems() -> dict[str, Any]:
    """Return the schemas of a problem and its parts."""
    _, whole = models_json_schema([(Problem, "serialization"), (FieldError, "serialization")], ref_template=SCHEMAS)
    return dict(whole["$defs"])


def complete(path: str, operation: dict[str, Any]) -> None:
    """Add to an operation the form that it takes, who may record it, and what it really answered."""
    known = next((one for one in KINDS.values() if path.endswith(f"/facts/{one.kind.value}")), None)
    if known is not None:
        schema = form_schemas()[0][known.kind.value]
        content = {"application/json": {"schema": schema, "example": known.example}}
        operation["requestBody"] = {"required": True, "content": content}
        operation["description"] += f"\n\nRecorded by: {', '.join(map(role_name, known.who))}."
    answered = examples()["problems"] | examples()["answers"].get(operation["operationId"], {})
    for status, answer in answered.items():
        for content in operation["responses"].get(status, {}).get("content", {}).values():
            content["example"] = answer
    if path == "/cases/{reference}":
        header = {"description": "The version of the case.", "schema": {"type": "string"}}
        operation["responses"]["200"]["headers"] = {"ETag": header}
