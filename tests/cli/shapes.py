"""The shapes of the command line: its words, and the documents that ``--json`` prints, apart from what stands in them.

``recorded/`` keeps those of the first release; ``test_shapes`` holds the present program to them. A shape is flat: each
place of a document by its path, with the types that were seen there. So it reads well, and so does a difference.
"""

import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from enum import EnumType
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.cases import Case, Draft
from models.desk import ApiToken
from models.disclosures import Disclosure
from models.events import CustodyEvent
from models.obligations import Prompt
from models.orders import CourtOrder
from models.record import Record
from models.transfers import AreaTransfer
from tests.casework.test_policy_trial import EARLIER
from tests.support import meeting_rows, rows
from tests.support.lifetime import CRN, ELSEWHERE, ONE_YEAR, one_of_everything
from tests.support.story import DARREN, MEETING_DIRECTORY, form, write_csv
from tests.support.taken_on import spell

Shape = dict[str, str]
DAY = re.compile(r"\d{4}-\d\d-\d\d")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")
WORDS = {dict: "object", list: "list", bool: "yes or no", int: "integer", float: "number", type(None): "null"}
KEYED = {
    "backup": {"rows"},
    "restore": {"rows"},
    "simulate": {"prompts_by_kind", "messages", "answers.facts"},
    "policy": {
        "timescales",
        "timescales.*.variants",
        "concerns",
        "fallback",
        "attendance.level_3_minimum",
        "attendance.grades",
        "attendance.required",
        "agencies",
        "circumstances",
        "indicators.targets",
        "outcomes.inspected",
    },
}
"""Objects whose keys are data (kinds, roles, tables), by command: what stands under them counts, not their names."""
ANYTHING = {"policy": {"changes[].before", "changes[].after"}}
"""Whatever a policy file may hold."""


class Place:
    """A place in a document: the types that were seen there, and the places below it in the order they are printed."""

    def __init__(self) -> None:
        self.types: set[str] = set()
        self.below: dict[str, Place] = {}

    def see(self, value: Any, command: str, path: str = "") -> None:
        """Take in a value; all items of a list share one place."""
        if path in ANYTHING.get(command, ()):
            self.types.add("anything")
            return
        self.types.add(type_of(value))
        if isinstance(value, list):
            for item in value:
                self.below.setdefault("[]", Place()).see(item, command, f"{path}[]")
        elif isinstance(value, dict):
            before = None
            keyed = path in KEYED.get(command, ())
            for key, item in value.items():
                name = "*" if keyed else key
                self.field(name, before).see(item, command, f"{path}.{name}".lstrip("."))
                before = name

    def field(self, name: str, before: str | None) -> "Place":
        """Return the place of a field; one that only some objects have stands after what it follows there."""
        if name not in self.below:
            names = list(self.below)
            names.insert(names.index(before) + 1 if before in self.below else 0, name)
            self.below = {one: self.below.get(one) or Place() for one in names}
        return self.below[name]

    def flat(self, path: str = "") -> Iterator[tuple[str, str]]:
        """Yield every place by its path, with its types."""
        yield path or "the document", " or ".join(sorted(self.types))
        for name, place in self.below.items():
            yield from place.flat(path + name if name == "[]" else f"{path}.{name}".lstrip("."))


def shape_of(name: str, document: Any) -> Shape:
    """Return each path of a document with the types seen there; the name begins with the command."""
    whole = Place()
    whole.see(document, name.split()[0].rstrip(","))
    return dict(whole.flat())


def type_of(value: Any) -> str:
    """Return the type of a value; a text that is a day or a moment says so."""
    if not isinstance(value, str):
        return WORDS[type(value)]
    return "day" if DAY.fullmatch(value) else "moment" if MOMENT.fullmatch(value) else "text"


def words_of(command: Any, path: str = "mappa") -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield every command below a Click command with its arguments and options."""
    yield path, [parameter_of(param) for param in command.params if param.name != "help"]
    for name, below in getattr(command, "commands", {}).items():
        yield from words_of(below, f"{path} {name}")


def parameter_of(param: Any) -> dict[str, Any]:
    """Return what a caller must know of an argument or option."""
    annotation = param.type_descriptor.annotation
    closed = isinstance(annotation, EnumType)
    default = getattr(param.default, "value", param.default)
    return {
        "name": [*param.opts, *param.secondary_opts] if param.opts[0].startswith("-") else param.name,
        "kind": param.param_type_name,
        "type": "word" if closed else getattr(annotation, "__name__", str(annotation)),
        "words": [word.value for word in annotation] if closed else [],
        "metavar": param.metavar,
        "flag": bool(getattr(param, "is_flag", False)),
        "required": param.required,
        "default": default if isinstance(default, str | int | bool | None) else str(default),
    }


DAY_OF_ALL = date(2026, 9, 9)
Ask = Callable[..., Any]
"""Run a command by its words and return the document it prints."""


def documents(record: Record, ask: Ask, restore_url: str) -> Iterator[tuple[str, Any]]:
    """Yield every document of ``--json`` by a name that begins with its command, over a record with one of everything.

    The working folder is the test's own; ``MAPPA_POLICY_DIR`` is its folder ``policy``.
    """
    folder = Path()
    (folder / "policy").mkdir()
    (folder / "policy" / "london.toml").write_text(ONE_YEAR, encoding="utf-8")
    (folder / "tried.toml").write_text(EARLIER.format(area="London", begins="2026-04-01"), encoding="utf-8")
    one_of_everything(record, folder)
    with_more(record)
    yield from of_files(folder, ask)
    yield from of_looks(ask)
    yield from of_work(ask)
    yield from of_keeping(ask, restore_url)


def with_more(record: Record) -> None:
    """Add to the stranger's case what the story leaves out: each thing as it begins, each as it may end."""
    with record.writing() as session:
        case = session.scalars(select(Case).where(Case.closed_on.is_(None))).one()
        dead = session.scalars(select(Case).where(Case.closed_on.is_not(None))).one()
        case.eligible_until = case.category = None
        ended = rows.case(session, case.person, "LON-2020-000001", closed_on=DAY_OF_ALL, closed_reason="died: told.")
        ended.release_date = None
        meeting_rows.referral(session, case, complete=False, missing=["It names no agency."], returned_on=DAY_OF_ALL)
        meeting_rows.referral(session, case, received_on=date(2026, 9, 20))
        with_a_meeting(session, case)
        told = {"kind": "shpo", "court": "Example Crown Court", "conditions": "", "known_on": DAY_OF_ALL}
        for number, more in enumerate(
            ({}, {"reviewed_on": DAY_OF_ALL, "breaches": ["2026-09-09"], "ends_on": None}), 5
        ):
            order = CourtOrder(case_id=case.id, person_id=case.person_id, number=number, starts_on=DAY_OF_ALL, **told)
            rows.added(session, order, {"ends_on": date(2027, 9, 9)} | more)
        sent = {"number": 5, "from_area": "London", "to_area": "Kent", "proposed_on": DAY_OF_ALL, "proposed_by": "Cora"}
        answered = {"answered_on": DAY_OF_ALL, "answered_by": "Wendy", "decision": "declined"}
        transfer = AreaTransfer(case_id=case.id, receiver_email="wendy@mappa.example", reason="He moved.")
        rows.added(session, transfer, sent | answered)
        event = CustodyEvent(case_id=case.id, number=5, kind="recall", on_date=DAY_OF_ALL, data={})
        names = ("until_on", "returned_on", "reviewed_on", "partnered_on", "victim_told_on")
        rows.added(session, event, {"recorded_at": rows.MORNING} | dict.fromkeys(names, DAY_OF_ALL))
        rows.problem(session, "77", kind="question", case_id=dead.id, next_try_at=None, resolved_at=rows.MORNING)
        rows.problem(session, "78")
        draft = session.scalars(select(Draft).order_by(Draft.id)).first()
        prompt = session.scalars(select(Prompt).order_by(Prompt.id)).first()
        assert draft is not None
        assert prompt is not None
        draft.settled_at, prompt.recipient, prompt.late_by_days = rows.MORNING, "", 2
        for number, revoked in (("a", None), ("b", rows.MORNING), ("c", None)):
            token = ApiToken(name=f"System {number}", role="coordinator", areas=["London"], agency="", unit="")
            days = {"made_at": rows.MORNING, "last_used_at": revoked, "revoked_at": revoked, "ends_on": DAY_OF_ALL}
            told = {"token_hash": number, "address": "s@agency.example", "scopes": ["read"], "made_by": "Cora"}
            rows.added(session, token, days | told)
        for key, state in (("m-again", "uncertain"), ("m-sent", "dead")):
            rows.message(session, key, state=state, reason="time-out after DATA", sent_at=rows.MORNING)


def with_a_meeting(session: Session, case: Case) -> None:
    """Add a meeting that was cancelled, with all that may hang on one."""
    days = {"minutes_on": DAY_OF_ALL, "posted_on": DAY_OF_ALL}
    meeting = meeting_rows.meeting(session, case, chair_name=None, state="cancelled", **days)
    meeting_rows.participant(session, meeting, invited_at=rows.MORNING, status="attended")
    meeting_rows.action(session, meeting)
    asked = {"on": "2026-10-16", "by": "Adam", "to": "representative", "answer": "none", "note": "Asked again."}
    meeting_rows.absence(session, meeting, settled_on=DAY_OF_ALL, settled_by="report", history=[asked])
    proposed = Disclosure(case_id=case.id, number=5, meeting_id=meeting.id, state="proposed", agency="police")
    texts = dict.fromkeys(("reason", "to_whom", "what", "how", "discloser_name", "proposed_by"), "Words.")
    rows.added(session, proposed, texts | {"proposed_on": DAY_OF_ALL, "due_on": DAY_OF_ALL})


def of_files(folder: Path, ask: Ask) -> Iterator[tuple[str, Any]]:
    """Load files with something new, something changed and something wrong; record a fact."""
    row = DARREN | {"crn": "X320742", "surname": "Stays", "date_of_birth": "1990-01-01", "forenames": "Here"}
    wrong = row | {"crn": "X32074"}
    unknown = row | {"crn": "X320743", "offence_code": "ZZ99001", "surname": "Third"}
    write_csv(folder / "more.csv", [row | {"licence_expiry_date": "2030-08-12"}, wrong, unknown])
    offence = {"offence_code": "ZZ99002", "schedule": "15", "part": "1", "paragraph": "1"}
    write_csv(folder / "offences.csv", [offence, offence | {"schedule": "16"}])
    (folder / "fact.json").write_text(json.dumps(form("action-outcome") | {"date": "2026-12-10"}), encoding="utf-8")
    write_csv(folder / "directory.csv", [*MEETING_DIRECTORY, ELSEWHERE])
    late = ("--as-at", "2026-12-11")
    yield "load directory", ask("load", "directory", "directory.csv", *late)
    yield "load sentences, a dry run", ask("load", "sentences", "more.csv", "--dry-run", *late)
    yield "load sentences", ask("load", "sentences", "more.csv", *late)
    yield "load offences", ask("load", "offences", "offences.csv", *late)
    yield from of_a_caseload(folder, ask, *late)
    yield "record", ask("record", "action-outcome", "--crn", "X320742", "--file", "fact.json", *late)


def of_a_caseload(folder: Path, ask: Ask, *late: str) -> Iterator[tuple[str, Any]]:
    """Rehearse taking a caseload on, as its spells would change what is looked at; load events and a population."""
    write_csv(folder / "registrations.csv", [spell("2020-01-01"), spell("2020-01-02", "2020-01-01")])
    event = {"crn": "X320742", "kind": "licence_recall", "date": "2026-12-01", "level": "2"}
    write_csv(folder / "events.csv", [event, event | {"kind": "recall"}])
    write_csv(folder / "population.csv", [{"area": "London", "year": "2026", "aged_10_and_over": "7800000"}])
    yield "load registrations", ask("load", "registrations", "registrations.csv", "--dry-run", *late)
    yield "load events", ask("load", "events", "events.csv", *late)
    yield "load population", ask("load", "population", "population.csv", *late)
    invited = {"area": "London", "date": "2026-03-11", "agency": "housing", "attendance": "attended"}
    write_csv(folder / "board.csv", [invited, invited | {"agency": "police", "attendance": "absent"}])
    yield "load board-meetings", ask("load", "board-meetings", "board.csv", *late)
    item = {"area": "London", "date": "2026-03-11", "number": "1"}
    write_csv(folder / "agenda.csv", [item | {"item": "Level 1 sample"}, item | {"number": "2", "item": "Training"}])
    action = item | {"action": "Report the voids", "owner": "Harriet", "agency": "housing", "due_date": "2026-06-10"}
    write_csv(folder / "board-actions.csv", [action, action | {"number": "2"}])
    course = {"area": "London", "date": "2026-03-11", "email": "priya@police.example", "name": "Priya"}
    write_csv(folder / "training.csv", [course, course | {"email": "petra@police.example"}])
    yield "load board-agenda", ask("load", "board-agenda", "agenda.csv", *late)
    yield "load board-actions", ask("load", "board-actions", "board-actions.csv", *late)
    yield "load training", ask("load", "training", "training.csv", *late)
    # Nobody on record has its number: it changes nothing of what is looked at.
    released = {
        "eventType": "prison-offender-events.prisoner.released", "version": 1, "occurredAt": "2026-12-01T09:00:00Z",
        "personReference": {"identifiers": [{"type": "NOMS", "value": "Z0000ZZ"}]}, "additionalInformation": {},
    }  # fmt: skip
    (folder / "released.jsonl").write_text(json.dumps(released), encoding="utf-8")
    yield "load domain-events", ask("load", "domain-events", "released.jsonl", *late)


def of_looks(ask: Ask) -> Iterator[tuple[str, Any]]:
    """Look at everything."""
    for words in (
        "case list", "case closed", "timescales", "prompts", "messages", "problems", "referrals", "meetings", "actions",
        "absences", "disclosures", "events", "orders", "transfers", "board-meetings", "board-agenda", "published",
        "drafts", "policy show", "audit verify", "doctor",
        "token list",
    ):  # fmt: skip
        yield words, ask(*words.split())
    yield "board-actions", ask("board-actions", "--as-at", "2026-12-11")
    yield "training", ask("training", "--as-at", "2026-12-11")
    yield "case show", ask("case", "show", CRN)
    yield "case show, no case", ask("case", "show", "X320743")
    yield "papers", ask("papers", "--crn", CRN, "--meeting", 1)
    yield "minutes", ask("minutes", "--crn", CRN, "--meeting", 1)
    yield "minutes, the first version", ask("minutes", "--crn", CRN, "--meeting", 1, "--version", 1)
    yield "plan", ask("plan", CRN, "--as-at", "2026-12-11")
    yield "policy show, of an area", ask("policy", "show", "--area", "London", "--on", "2026-12-11")
    yield "policy try", ask("policy", "try", "tried.toml", "--as-at", "2026-12-11")
    yield "policy check", ask("policy", "check", "policy/london.toml")
    yield "report outlook", ask("report", "outlook", "--area", "London", "--as-at", "2026-12-11")
    yield "report board", ask("report", "board", "--all", "--quarter", "2027-Q3", "--as-at", "2027-04-02")
    yield "report annual", ask("report", "annual", "--all", "--as-at", "2027-04-02")
    yield "report kpi", ask("report", "kpi", "--all", "--year", 2027, "--as-at", "2027-04-02")
    yield "report outcomes", ask("report", "outcomes", "--all", "--year", 2027, "--as-at", "2027-04-02")


def of_work(ask: Ask) -> Iterator[tuple[str, Any]]:
    """Do what is due, and let days pass."""
    yield "tick, a dry run", ask("tick", "--dry-run", "--as-at", "2026-12-11")
    yield "tick", ask("tick", "--as-at", "2026-12-11")
    yield "run", ask("run", "prompts", "--as-at", "2026-12-11")
    days = ("simulate", "--from", "2026-12-12", "--to")
    yield "simulate", ask(*days, "2026-12-14")
    yield "simulate, with answers", ask(*days, "2027-01-10", "--answers", 7, "--outage", "2026-12-20:2026-12-24")
    yield "messages resend", ask("messages", "resend", "m-again", "--to", "om@probation.example")
    yield "messages mark-sent", ask("messages", "mark-sent", "m-sent")
    yield "messages doubt", ask("messages", "doubt")
    system = ("--name", "Case work", "--address", "case-work@agency.example", "--role", "coordinator")
    yield "token add", ask("token", "add", *system, "--area", "London")
    yield "policy adopt", ask("policy", "adopt", "tried.toml", "--as-at", "2027-01-10")
    begins = ("take-on", "--area", "West Yorkshire", "--from", "2027-01-20", "--as-at", "2027-01-18")
    yield "take-on", ask(*begins)
    yield "taken-on", ask("taken-on", "adopt", "--reason", "It is still to be done.", "--area", "West Yorkshire")
    yield "token revoke", ask("token", "revoke", 1)


def of_keeping(ask: Ask, restore_url: str) -> Iterator[tuple[str, Any]]:
    """Back the record up, restore it beside itself, and erase who is past the retention."""
    yield "backup", ask("backup", "backup.db")
    yield "restore", ask("restore", "backup.db", "--database", restore_url)
    yield "restore, over another", ask("restore", "backup.db", "--replace", "--nothing-sent", "--database", restore_url)
    yield "recompute, a dry run", ask("recompute", "--dry-run")
    yield "data-quality", ask("data-quality")
    yield "retention", ask("retention")
    yield "retention --erase", ask("retention", "--erase", "--yes")
