"""The page of the API: how another system comes in, what it can ask and record, and what it is answered."""

from collections.abc import Iterator, Sequence
from typing import Any

from casework.recording.as_typed import LARGEST_FORM
from docs.json_objects import fields
from docs.markdown import code, codes, json_block, page, table
from models.record import Record, read_policies
from policy.vocabulary import FactKind
from views.case_list import ListedCaseView
from views.changes import ChangeView
from views.domain_events import HandledEventView
from views.duties import DutyView
from views.model import View
from views.person_page import FactView, ParticularsView
from views.referrals import LevelView
from views.timescales import LabelledTimescaleView
from web.access.tokens import LONGEST, Scope
from web.api.application import ROOT, make_api
from web.api.errors import KINDS, MEDIA_TYPE, METHOD, TYPES

INTRODUCTION = f"""
Another system reads and records below `{ROOT}` of the [desk](../how-to-desk.md), as a person in the same role would
there. The API describes itself in `{ROOT}/openapi.json` (OpenAPI 3.1), with every form and an example of every answer.

Days are ISO 8601; moments carry the offset of Europe/London. An unknown parameter or field is refused.
"""
TOKENS = f"""
`mappa token add` makes a token and shows it once; a call carries it as `Authorization: Bearer TOKEN`. A token acts in
one role in some areas, so it may do what a person in that role may, and no more. It lasts {LONGEST.days} days at most.
`mappa token revoke` ends it at once.

It is used for what its scopes say: {codes(Scope)}. It reads a restricted case only if its address is among the readers
of the case. The trail keeps each case it reads, which cases it lists, and what it records.
"""
LISTS = """
A list has `items` and `next`, the address of what comes after, or null. Follow `next` until it is null: each row that
was there when you began comes once, whatever is added meanwhile. `limit` says how many at most. What stands on one case
comes whole.
"""
WRITING = f"""
POST the form of a fact as JSON, at most {LARGEST_FORM:,} bytes. It is checked as at the desk, and what is due follows
at once. A form that is refused is kept as a draft, as anybody's is, and so is a body that is no JSON: byte for byte.

- **Once.** Send `Idempotency-Key` with a word of your own. Sent again with the same body, the fact is not recorded
again and you get the same answer, also after a crash and from another desk of a fleet. The same key with another body
is refused.
- **Not over somebody else's change.** `ETag` of a case is its version. Send it as `If-Match`: if the case has changed
since, nothing is recorded.
"""
FOLLOWING = """
`GET /changes` gives the `mark` of now. `GET /changes?after=MARK` gives what changed since, and the next mark. A change
says which case and what was done, never what was written: read the case for that. Each change comes once and none is
missed. While somebody is writing, the feed may stop before their change until they have done.
"""
EVENTS = "/domain-events"
HANDING_ON = f"""
`POST {EVENTS}` takes one event of the prison or probation service, bare or in the envelope of its topic, with the scope
`record` and a role that may load files. [What each event does](../how-to-files.md). Each is handled once, by its
number: send it again whenever you are not sure. What came of it is in `outcome` and in `words`.
"""
PROBLEMS = f"""
What cannot be done is answered as `{MEDIA_TYPE}` (RFC 9457). Programs go by `type`, which is `{TYPES}` and a word.
`errors` names each thing that is wrong: `pointer` is the field of the body as a JSON pointer, `parameter` a parameter
of the address or a header.
"""
OBJECTS: Sequence[type[View]] = (
    HandledEventView, ListedCaseView, ParticularsView, DutyView, LabelledTimescaleView, FactView, LevelView, ChangeView,
)  # fmt: skip
"""What no command prints, so that the page of JSON objects does not have it."""


def page_of_api() -> str:
    """Return the page."""
    document = make_api(Record("sqlite://", read_policies(None))).openapi()
    operations = [(path, method, one) for path, of in document["paths"].items() for method, one in of.items()]
    reading = [one for one in operations if one[1] == "get"]
    parts = [INTRODUCTION, "## Tokens", TOKENS, "## Lists", LISTS, "## Calls that read"]
    parts += [table(("Call", "What", "Parameters"), map(row_of, reading)), *chosen(reading)]
    parts += ["## Following changes", FOLLOWING, "## Calls that record", *paragraphs(WRITING)]
    parts += [table(("Call", "Records", "Form"), recording(operations)), *recorded(operations)]
    parts += ["## Domain events", HANDING_ON, *handed_on(document["paths"][EVENTS]["post"])]
    parts += ["## Problems", PROBLEMS, table(("Status", "Type", "What it is"), sorted(problems())), *refused(document)]
    parts += ["## Objects", "These are what no command prints; the others are [JSON objects](json.md)."]
    for model in OBJECTS:
        parts += [f"### {model.model_config['title']}", str(model.__doc__), *fields(model, set())]
    return page("The API", *parts)


def paragraphs(text: str) -> Iterator[str]:
    """Yield the running text of a section, and its points as one part."""
    before, _, points = text.partition("\n- ")
    yield before
    yield from (f"- {' '.join(point.split())}" for point in points.split("\n- "))


def row_of(found: tuple[str, str, dict[str, Any]]) -> tuple[str, str, str]:
    """Return the row of a call that reads."""
    path, _, operation = found
    parameters = [one["name"] for one in operation.get("parameters", []) if one["in"] == "query"]
    return code(f"GET {path}"), operation["summary"], codes(parameters)


def chosen(reading: Sequence[tuple[str, str, dict[str, Any]]]) -> Iterator[str]:
    """Yield a call, and what it answered."""
    for path, _, operation in reading:
        if path in ("/cases/{reference}/duties", "/changes"):
            yield f"`GET {path}` answers, shortened:"
            yield json_block(operation["responses"]["200"]["content"]["application/json"]["example"])


def recording(operations: Sequence[tuple[str, str, dict[str, Any]]]) -> Iterator[tuple[str, str, str]]:
    """Yield the row of each call that records."""
    for path, method, operation in operations:
        if method == "post" and path != EVENTS:
            kind = FactKind(path.rpartition("/")[2])
            yield code(f"POST {path}"), operation["summary"], f"[{kind}](files.md#{kind})"


def recorded(operations: Sequence[tuple[str, str, dict[str, Any]]]) -> Iterator[str]:
    """Yield a form that is sent, and what is answered."""
    for path, method, operation in operations:
        if method == "post" and path.endswith("/prison-notice"):
            yield "A body, and the answer to one:"
            yield json_block(operation["requestBody"]["content"]["application/json"]["example"])
            yield json_block(operation["responses"]["201"]["content"]["application/json"]["example"])


def handed_on(operation: dict[str, Any]) -> Iterator[str]:
    """Yield an event that is handed on, and what is answered."""
    yield "A body, and the answer to it:"
    yield json_block(operation["requestBody"]["content"]["application/json"]["example"])
    yield json_block(operation["responses"]["200"]["content"]["application/json"]["example"])


def problems() -> Iterator[tuple[int, str, str]]:
    """Yield the row of each kind of problem."""
    for kind in (*KINDS.values(), METHOD):
        yield kind.status, code(TYPES + kind.word), kind.title


def refused(document: dict[str, Any]) -> Iterator[str]:
    """Yield a problem as it is answered."""
    operation = document["paths"]["/cases/{reference}/facts/prison-notice"]["post"]
    yield "For example:"
    yield json_block(operation["responses"]["422"]["content"][MEDIA_TYPE]["example"])
