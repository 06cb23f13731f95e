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
from docs.markdown import code, json_block, page, table
from service.cli import app
from service.settings import PREFIX

DIRECTORY = """\
area,agency,unit,role,name,email
London,mappa_unit,,coordinator,Cora Example,cora@mappa.example
London,prison,HMP Example,prison_offender_management,Opal Example,opal@prison.example
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

TIMESCALE = {
    "crn": "The person.",
    "case": "The reference of the case.",
    "kind": "What is owed; see [timescales](timescales.md).",
    "due_on": "The date by which it is owed.",
    "next_prompt_at": "When the next rung goes out; null where none is left.",
    "state": "`open` (also when overdue), `met`, `missed` or `cancelled`.",
    "revision": "1, and one more each time the date it runs from has moved.",
    "owner_role": "Who owes it.",
    "policy": "The version of the policy it was computed with.",
}
PROMPT = {
    "crn": "The person.",
    "case": "The reference of the case.",
    "kind": "The kind of the timescale.",
    "revision": "The revision of the timescale for which it was raised.",
    "rung": "The step of the ladder; `identified` only announces a new case.",
    "due_on": "The due date of that revision.",
    "recipient": 'The address; "" where nobody on the whole line has one.',
    "recipient_role": "The role in which the recipient gets it.",
    "raised_at": "When it was raised.",
    "late_by_days": "Calendar days after the day on which the rung was to go out.",
    "message": "The id of the one message that carries it.",
}
MESSAGE = {
    "id": "The message's id.",
    "kind": "`digest`, `escalation`, or the kind of a [letter](messages.md#letters).",
    "recipient": "The address.",
    "subject": "The subject of the e-mail.",
    "state": "See [states](messages.md#states).",
    "reason": "Why it stands where it stands; null where there is nothing to say.",
    "created_at": "When it was written to the outbox.",
    "sent_at": "When it left; null before.",
    "prompts": "The prompts it carries, each as above.",
}
CASE = {
    "crn": "The person.",
    "case": "The reference of the case; null for a person without one.",
    "category": "The primary category, 1 to 4; null while a person must decide.",
    "categories": "Every category that holds.",
    "level": "1, 2 or 3; null while it is to be confirmed.",
    "stage": "Where the case stands.",
    "area": "The MAPPA area.",
    "unit": "The unit of the lead agency.",
    "lead_agency": "The lead agency.",
    "release_date": "The release date that governs; null where none is known, or the person is not in custody.",
    "eligible_until": "The last day of eligibility; null where it has no known end.",
    "timescales": "What is owed on the case, each as above.",
}
CLOSED = {
    "crn": "The person.",
    "case": "The reference of the case.",
    "categories": "Every category that held when it was closed.",
    "level": "The level when it was closed; null where none was set.",
    "opened_on": "When it was opened.",
    "closed_on": "When it was closed.",
    "how": "`de-registered`, `handed to integrated offender management`, `category 3 referral rejected`, "
    "`not eligible`, or the why of a closure.",
    "reason": "The same with the reason that was given. People wrote it: it may hold a name.",
}
PROBLEM = {
    "id": "The problem's number.",
    "stage": "The stage that met it.",
    "subject": "What it is about, by a number of the record.",
    "case": "The reference of the case; null where there is none.",
    "kind": "`failure` (tried again) or `question` (waits for a person).",
    "reason": "The question, or the first line of the failure.",
    "tries": "How often it was tried.",
    "first_seen_at": "When it was met first.",
    "next_try_at": "When it is tried again; null for a question.",
    "resolved_at": "When it was resolved; null while it is open.",
}
REFERRAL = {
    "crn": "The person.",
    "case": "The reference of the case.",
    "received_on": "When it was received.",
    "complete": "Whether it says all that is asked for.",
    "missing": "What it lacks, or what screening wants besides; a sentence each.",
    "returned_on": "When it was sent back; null where it was not.",
    "decision": "What screening answered, or `level_` and the level that was set instead; null while it waits.",
    "decided_on": "When it was answered.",
}
MEETING = {
    "crn": "The person.",
    "case": "The reference of the case.",
    "meeting": "The number of the meeting in its case.",
    "state": "`planned`, `held` or `cancelled`.",
    "level": "The level at which it is held.",
    "starts_at": "When it begins.",
    "place": "Where.",
    "chair": "Who chairs; null while nobody is known.",
    "required": "The agencies that must come or report, worked out from the case; empty until the first tick.",
    "invited": "The agencies of which somebody has been invited.",
    "attended": "The agencies of which somebody came; empty until it is recorded.",
    "minutes_on": "When the minutes became final.",
    "posted_on": "When they were posted to ViSOR.",
}
ACTION = {
    "crn": "The person.",
    "case": "The reference of the case.",
    "action": "The number of the action in its case.",
    "meeting": "The number of the meeting that set it.",
    "agency": "The agency of its owner.",
    "owner": "Who owns it.",
    "due_on": "Its date.",
    "state": "`open`, `done`, `accepted` (by the Chair) or `not_done`.",
    "outcome": "What was found or achieved; null before, and where it was not done.",
    "closed_on": "When it was closed; null while it is open.",
}
ABSENCE = {
    "crn": "The person.",
    "case": "The reference of the case.",
    "meeting": "The number of the meeting.",
    "agency": "The required agency that neither came nor reported.",
    "nth": "1 for its first absence on the case, 2 for the second; one whose reason was accepted does not count.",
    "status": "`absent`, or `apologies` without a report.",
    "settled_on": "When it reported, or its reason was accepted; null while it is followed up.",
    "settled_by": "`report` or `reason_accepted`.",
    "history": "Each time it was asked: day, by whom, whom, answer and note.",
}
DRAFT = {
    "draft": "The number of the draft.",
    "crn": "The person, as far as known; else as it was typed.",
    "kind": "What was to be recorded.",
    "reasons": "Why it was refused, a sentence each.",
    "kept_at": "When it was kept.",
    "kept_by": "Who recorded it.",
    "settled_at": "When the same kind was recorded, or refused anew, for this person; null before.",
}
MINUTES = {
    "crn": "The person.",
    "case": "The reference of the case.",
    "meeting": "The number of the meeting.",
    "version": "The version of the minutes.",
    "state": "`draft`, `approved` or `final`.",
    "written_by": "Who drafted it.",
    "written_on": "When.",
    "approved_by": "The Chair who approved it; null before.",
    "approved_on": "When.",
    "final_on": "When it became final; null before.",
    "text": "The minutes as text. The sample shows their first line.",
    "html": "The same as a page. The sample shows its first line.",
}
PAPERS = {
    "crn": "The person.",
    "case": "The reference of the case.",
    "meeting": "The number of the meeting.",
    "text": "The papers as text. The sample shows their first line.",
    "html": "The same as a page. The sample shows its first line.",
}
LOAD = {
    "kind": "The kind of file.",
    "file": "The file, as it was named.",
    "dry_run": "Whether it was a rehearsal.",
    "read": "Rows read.",
    "added": "Rows that were new.",
    "changed": "Rows that changed what was known.",
    "unchanged": "Rows that were known already.",
    "rejected": "Rows that did not go in.",
    "rejects_file": "Where they are; null where there are none.",
    "rejects": "Line, column and reason of the first thousand.",
    "changes": "What changed, in words, of the first thousand.",
    "warnings": "What a person should know of the file.",
}
RECORDED = {
    "crn": "The person.",
    "case": "The reference of the case.",
    "kind": "What was recorded.",
    "summary": "What was recorded, in a sentence.",
    "changes": "What it changed on the timescales, a sentence each.",
}
STAGE = {
    "stage": "The stage.",
    "as_at": "The moment of the work.",
    "dry_run": "Whether it was a rehearsal.",
    "waited": "How many waited.",
    "done": "How many were done.",
    "skipped": "How many were skipped.",
    "failed": "How many failed.",
    "outcomes": "Subject, result and detail of each.",
}
SIMULATED = {
    "from": "The first day.",
    "to": "The last day.",
    "every": "`day` or `hour`.",
    "outage": "The days on which the clock stood still, or null.",
    "ticks": "How many ticks ran.",
    "ticks_skipped": "How many the outage left out.",
    "prompts": "How many prompts were raised.",
    "prompts_by_kind": "The same by kind of timescale.",
    "late": "How many of them went out after their day.",
    "messages": "The messages of the record by state, at the end.",
    "stages": "What each stage did in all.",
}
ANSWERS = {
    "seed": "The seed.",
    "facts": "How many facts of each kind were recorded.",
    "meetings_held": "How many meetings were held.",
    "absences": "How many required agencies neither came nor reported.",
    "escalations_to_smb_chair": "How many prompts went to the SMB Chair.",
    "refused_as_meant": "How many forms were to be refused, and were: an action that is only said to be done.",
    "refused": "How many others were refused.",
    "refusals": "Case, kind and reasons of those.",
}
AUDIT = {
    "entries": "Entries of the trail.",
    "chains": "Chains they stand in.",
    "breaks": "A sentence for each break; empty while the trail holds.",
}
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
    yield "Timescale", "timescales --json", TIMESCALE, ask("timescales", "--kind", "referral", "--json")
    yield "Prompt", "prompts --json", PROMPT, prompts
    yield "Message", "messages --json", MESSAGE, ask("messages", "--recipient", "opal@prison.example", "--json")
    yield "Case", "case show CRN --json", CASE, ask("case", "show", "X320741", "--json")
    yield "Problem", "problems --json", PROBLEM, ask("problems", "--json")
    yield "What a load did", "load sentences FILE --json", LOAD, load
    yield "What was recorded", "record KIND --crn CRN --file FILE.json --json", RECORDED, recorded
    yield "What a stage did", "tick --json", STAGE, tick
    yield "What a simulation did", "simulate --from DATE --to DATE --json", SIMULATED, simulated
    yield "The audit trail", "audit verify --json", AUDIT, ask("audit", "verify", "--json")
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
    yield "Referral", "referrals --json", REFERRAL, ask("referrals", "--json")
    yield "Meeting", "meetings --json", MEETING, ask("meetings", "--json")
    yield "Action", "actions --json", ACTION, ask("actions", "--json")
    yield "Absence", "absences --json", ABSENCE, ask("absences", "--json")
    yield "Draft", "drafts --json", DRAFT, ask("drafts", "--json")
    minutes, papers = (ask(what, "--crn", "X320741", "--meeting", "1", "--json") for what in ("minutes", "papers"))
    yield "Minutes", "minutes --crn CRN --meeting N --json", MINUTES, first_lines(minutes)
    yield "Papers", "papers --crn CRN --meeting N --json", PAPERS, first_lines(papers)
    answered = ask("simulate", "--from", "2026-10-24", "--to", "2026-11-30", "--answers", "7", "--json")
    told = "The victim liaison officer told the sister on 30 November."
    died = "He died in hospital; the coroner was told."
    record("closure", date="2026-12-01", why="died", reason=died, victims_told=told)
    yield "Closed case", "case closed --json", CLOSED, ask("case", "closed", "--json")
    yield "What invented people recorded", "simulate --answers SEED --json", ANSWERS, answered["answers"]


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
