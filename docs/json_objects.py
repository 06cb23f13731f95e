"""The page of JSON objects: the documents that the command line really prints, and what each field means."""

import json
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from casework.recording import example
from cli.app import app
from docs import json_fields as fields_of
from docs.markdown import code, json_block, page, table
from models.settings import PREFIX

DIRECTORY = """\
area,agency,unit,role,name,email
London,mappa_unit,,coordinator,Cora Example,cora@mappa.example
London,prison,HMP Example,prison_offender_management,Opal Example,opal@prison.example
West Yorkshire,mappa_unit,,coordinator,Wendy Example,wendy@mappa.example
"""
SENTENCES = """\
crn,surname,forenames,date_of_birth,area,lead_agency,offence_code,disposal,term_months,sentence_date,\
conditional_release_date,licence_expiry_date,location,prison
X320741,Invented,Darren,1985-03-04,London,probation,COML022,imprisonment,80,2023-11-12,2027-03-12,2030-07-12,custody,\
HMP Example
X320742,Invented,Dana,1990-01-01,London,probation,ZZ99001,imprisonment,36,2025-11-12,2027-05-12,2028-07-12,custody,\
HMP Example
X32074,Invented,Denis,1990-01-01,London,probation,COML022,imprisonment,36,2025-11-12,2027-05-12,2028-07-12,custody,\
HMP Example
"""
NOTICE = {"date": "2026-06-12", "contact": "OMU, HMP Example"}
MESSAGE_ID = re.compile(r"\b[0-9a-f]{32}\b")
SAMPLE_ID = "3f0c5d1b7a9e4c2d8b6f1a0e9d7c5b3a"

BESIDES = {
    "Case": " `mappa case list --json` prints a list of them.",
    "What invented people recorded": " It stands under `answers` in what the simulation did.",
}
INTRODUCTION = """
`--json` prints one JSON document. These objects and their fields are stable. Dates are ISO 8601; moments carry the
offset of Europe/London. The samples are what the program prints for people who are invented.
"""


def page_of_json() -> str:
    """Return the page; raises ``AssertionError`` where a field has no words, or words have no field."""
    parts = [INTRODUCTION]
    with sample_record():
        for title, command, fields, document in samples():
            shown = document[0] if isinstance(document, list) else document
            assert list(shown) == list(fields), f"{title}: the fields are {list(shown)}, described are {list(fields)}"
            told = f"`mappa {command}`" + (" prints a list of them." if isinstance(document, list) else " prints one.")
            told += BESIDES.get(title, "")
            parts += [f"## {title}", told, table(("Field", "Meaning"), [(code(n), w) for n, w in fields.items()]),
                      json_block(shown)]  # fmt: skip
    return page("JSON objects", *parts)


def samples() -> Iterator[tuple[str, str, dict[str, str], Any]]:
    """Run the commands on a sample record and yield (title, command, fields, document)."""
    Path("directory.csv").write_text(DIRECTORY, encoding="utf-8")
    Path("sentences.csv").write_text(SENTENCES, encoding="utf-8")
    Path("notice.json").write_text(json.dumps(NOTICE), encoding="utf-8")
    ask("load", "directory", "directory.csv", "--as-at", "2026-06-01", "--json")
    load = ask("load", "sentences", "sentences.csv", "--as-at", "2026-06-01", "--json")
    tick = ask("tick", "--as-at", "2026-06-01", "--json")
    simulated = ask("simulate", "--from", "2026-06-02", "--to", "2026-06-12", "--json")
    words = "record prison-notice --crn X320741 --file notice.json --as-at 2026-06-12T15:00 --json"
    recorded = ask(*words.split())
    prompts = ask("prompts", "--crn", "X320741", "--kind", "prison_notice", "--json")
    yield "Timescale", "timescales --json", fields_of.TIMESCALE, ask("timescales", "--kind", "referral", "--json")
    yield "Prompt", "prompts --json", fields_of.PROMPT, prompts
    yield (
        "Message",
        "messages --json",
        fields_of.MESSAGE,
        ask("messages", "--recipient", "opal@prison.example", "--json"),
    )
    yield "Case", "case show CRN --json", fields_of.CASE, ask("case", "show", "X320741", "--json")
    yield "Problem", "problems --json", fields_of.PROBLEM, ask("problems", "--json")
    yield "What a load did", "load sentences FILE --json", fields_of.LOAD, load
    yield "What was recorded", "record KIND --crn CRN --file FILE.json --json", fields_of.RECORDED, recorded
    yield "What a stage did", "tick --json", fields_of.STAGE, tick
    yield "What a simulation did", "simulate --from DATE --to DATE --json", fields_of.SIMULATED, simulated
    yield "The audit trail", "audit verify --json", fields_of.AUDIT, ask("audit", "verify", "--json")
    yield from samples_of_meetings()


def samples_of_meetings() -> Iterator[tuple[str, str, dict[str, str], Any]]:
    """Take the same case to its first meeting, by the examples of the command line, and yield the lists."""
    record("referral", date="2026-09-08", added_value="", countersigned_by="")
    record("referral")
    record("screening")
    record("circumstances", tagged=None)
    record("meeting-plan")
    ask("tick", "--as-at", "2026-09-21", "--json")
    record("meeting")
    record("attendance-contact")
    record("action-outcome", outcome="Traced the uncle.")
    record("minutes")
    yield "Referral", "referrals --json", fields_of.REFERRAL, ask("referrals", "--json")
    yield "Meeting", "meetings --json", fields_of.MEETING, ask("meetings", "--json")
    yield "Action", "actions --json", fields_of.ACTION, ask("actions", "--json")
    yield "Absence", "absences --json", fields_of.ABSENCE, ask("absences", "--json")
    yield "Draft", "drafts --json", fields_of.DRAFT, ask("drafts", "--json")
    minutes, papers = (ask(what, "--crn", "X320741", "--meeting", "1", "--json") for what in ("minutes", "papers"))
    yield "Minutes", "minutes --crn CRN --meeting N --json", fields_of.MINUTES, first_lines(minutes)
    yield "Papers", "papers --crn CRN --meeting N --json", fields_of.PAPERS, first_lines(papers)
    yield from samples_between_meetings()
    answered = ask("simulate", "--from", "2026-10-24", "--to", "2026-11-30", "--answers", "7", "--json")
    told = "The victim liaison officer told the sister on 30 November."
    died = "He died in hospital; the coroner was told."
    record("closure", date="2026-12-01", why="died", reason=died, victims_told=told)
    erased = ask("retention", "--erase", "--yes", "--json")
    yield "What an erasure did", "retention --erase --yes --json", fields_of.ERASED, erased
    yield "Closed case", "case closed --json", fields_of.CLOSED, ask("case", "closed", "--json")
    yield "What invented people recorded", "simulate --answers SEED --json", fields_of.ANSWERS, answered["answers"]


def samples_between_meetings() -> Iterator[tuple[str, str, dict[str, str], Any]]:
    """Record what lies between the meetings of the same case, and yield the lists and the plan."""
    record("plan")
    record("disclosure", date="2026-10-20", due_on="2026-11-03")
    record("disclosure-approval", date="2026-10-21")
    record("risk-assessment")
    record("order", date="2026-10-22")
    moved = "He was moved nearer to the approved premises."
    record("custody-event", date="2026-10-22", event="transfer", what=moved, prison="HMP Other", release_date=None)
    record("contact-change", date="2026-10-23", since="2026-10-21")
    record("transfer-proposal", date="2026-10-23")
    plan = ask("plan", "X320741", "--as-at", "2026-10-23", "--json")
    plan["content"] = {"conclusion": plan["content"]["conclusion"]}
    yield "Disclosure", "disclosures --json", fields_of.DISCLOSURE, ask("disclosures", "--json")
    yield "Plan", "plan CRN --json", fields_of.PLAN, plan
    yield "Event", "events --json", fields_of.EVENT, ask("events", "--json")
    yield "Order", "orders --json", fields_of.ORDER, ask("orders", "--json")
    yield "Transfer between areas", "transfers --json", fields_of.TRANSFER, ask("transfers", "--json")


def record(kind: str, **changes: Any) -> None:
    """Record the example of a kind on its day, changed; it may be refused, and is then kept."""
    data = example(kind) | changes
    Path("fact.json").write_text(json.dumps(data), encoding="utf-8")
    ask("record", kind, "--crn", "X320741", "--file", "fact.json", "--as-at", f"{data['date']}T15:00", "--by", "Adam")


def first_lines(document: dict[str, Any]) -> dict[str, Any]:
    """Return a document with the first line of each long text alone."""
    return {name: value.split("\n")[0] if isinstance(value, str) else value for name, value in document.items()}


def ask(*words: str) -> Any:
    """Run one command in this process; return the JSON document it prints, if any, with one id for every message."""
    result = CliRunner().invoke(app, [*words])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return json.loads(MESSAGE_ID.sub(SAMPLE_ID, result.stdout)) if "--json" in words else None


@contextmanager
def sample_record() -> Iterator[None]:
    """Work in a folder and a record that go away again, whatever the environment says."""
    kept = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith(PREFIX)}
    with tempfile.TemporaryDirectory(prefix="mappa-docs-") as folder, chdir(folder):
        # A URL of its own each time: a program keeps its records open by URL.
        os.environ["MAPPA_DATABASE_URL"] = f"sqlite:///{folder}/mappa.db"
        os.environ["MAPPA_MAIL_FOLDER"] = "mail"
        try:
            yield
        finally:
            for name in ("MAPPA_DATABASE_URL", "MAPPA_MAIL_FOLDER"):
                os.environ.pop(name, None)
            os.environ.update(kept)
