"""Answers that the API really gave over a record of invented people: the examples of its description."""

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import time_machine
from fastapi.routing import APIRoute
from starlette.testclient import TestClient

from docs.json_samples import FILES, samples_between_meetings, samples_of_meetings
from docs.sampling import IDS, SAMPLE_ID, ask, sample_record
from models.record import Record, read_policies
from notifications.settings import MailSettings
from web.api.application import CALLS, ROOT
from web.api.domain_events import EXAMPLE
from web.app import make_app
from web.settings import DeskSettings

CASE = "LON-2026-000001"
MOMENT = datetime(2026, 10, 28, 10, tzinfo=UTC)
BASE = "http://127.0.0.1"
SHORTENED = ("timescales", "prompts", "content", "missing", "assessments", "agencies", "circumstances", "concerns")
"""Fields of which an example shows no more than the first part."""
NOTICE = {"date": "2026-10-27", "contact": "OMU, HMP Example"}


def text_of_examples() -> str:
    """Return the file of examples: the answers by the name of the call and status, and a problem of each status."""
    with sample_record(), time_machine.travel(MOMENT, tick=False):
        found = json.dumps(told(), indent=1, ensure_ascii=False)
    return IDS.sub(SAMPLE_ID, found) + "\n"


def told() -> dict[str, Any]:
    """Take a case to its plan by the command line, then call the API about it."""
    for name, text in FILES.items():
        Path(name).write_text(text, encoding="utf-8")
    ask("load directory directory.csv --as-at 2026-06-01")
    ask("load sentences sentences.csv --as-at 2026-06-01")
    ask("tick --as-at 2026-06-01")
    list(samples_of_meetings())
    list(samples_between_meetings())
    system = "--name Casework --address casework@agency.example --role coordinator --area London --by Cora"
    scopes = "--scope read --scope record --scope changes --until 2026-12-31"
    token = ask(f"token add {system} {scopes} --as-at 2026-06-01")["secret"]
    with closing(Record(f"sqlite:///{Path.cwd()}/mappa.db", read_policies(None))) as record:
        app = make_app(record, DeskSettings(), MailSettings(mail_folder=Path("mail")))
        client = TestClient(app, base_url=BASE + ROOT, headers={"Authorization": f"Bearer {token}"})
        return {"answers": dict(answers(client)), "problems": dict(problems(client))}


def answers(client: TestClient) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what each call that reads answers, and one that records."""
    for calls in CALLS:
        for route in calls.routes:
            if isinstance(route, APIRoute) and "GET" in (route.methods or ()):
                path = route.path.replace("{reference}", CASE)
                answer = client.get(f"{path}?after=0" if path == "/changes" else path)
                assert answer.status_code == 200, answer.text
                yield route.name, {"200": first(answer.json())}
    answer = client.post(f"/cases/{CASE}/facts/prison-notice", json=NOTICE)
    assert answer.status_code == 201, answer.text
    yield "record_prison_notice", {"201": answer.json()}
    answer = client.post("/domain-events", json=EXAMPLE)
    assert answer.status_code == 200, answer.text
    yield "domain_events", {"200": answer.json()}


def first(answer: dict[str, Any]) -> dict[str, Any]:
    """Return an answer with one item of its list, and the first of what its long parts hold."""
    found = answer | ({"items": [first(one) for one in answer["items"][:1]]} if "items" in answer else {})
    for name in SHORTENED:
        part = found.get(name)
        if isinstance(part, list):
            found[name] = part[:1]
        elif isinstance(part, dict):
            found[name] = dict(list(part.items())[:1])
    return found


def problems(client: TestClient) -> Iterator[tuple[str, Any]]:
    """Yield a problem of each status that can be had without breaking anything."""
    record = f"/cases/{CASE}/facts/prison-notice"
    as_json = {"Content-Type": "application/json"}
    for answer in (
        client.post(record, content=b"{", headers=as_json),
        client.get("/cases", headers={"Authorization": "Bearer mappa_0"}),
        client.get("/policy?area=Kent"),
        client.get("/cases/LON-2026-999999"),
        client.post(record, json=NOTICE, headers={"If-Match": '"1"'}),
        client.post(record, content=b" " * 3_000_000, headers=as_json),
        client.post(record, content=b"{}", headers={"Content-Type": "text/plain"}),
        client.post(record, json={"date": "2026-02-30", "contcat": "OMU"}),
    ):
        assert answer.status_code >= 400, answer.text
        yield str(answer.status_code), answer.json()
