"""Samples of the JSON documents, as the commands print them over a record of invented people."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from casework.recording import example
from docs.board_samples import samples_of_board_business, samples_of_the_board
from docs.sampling import Sample, ask, sample
from sample.documents import AnswersView, SimulationView
from service.documents import BackupView, ExaminationView, RestoreView, StageRunView
from views.absences import AbsenceView
from views.actions import ActionView
from views.audit import AuditView
from views.board_meetings import BoardInvitationView
from views.cases import CaseView, ClosedCaseView
from views.data_quality import DataQualityView
from views.disclosures import DisclosureView
from views.documents import MinutesView, PapersView
from views.drafts import DraftView
from views.events import EventView
from views.indicators import ExplainedIndicatorView, ExplainedOutcomeView, IndicatorReportView, OutcomeReportView
from views.loads import LoadView
from views.meetings import MeetingView
from views.messages import DoubtView, MessageView, SettledMessageView
from views.orders import OrderView
from views.outlook import AheadView, OutlookView
from views.plan import PlanView
from views.policy import PolicyCheckView, PolicyView
from views.policy_trial import AdoptedView, PolicyTrialView
from views.problems import ProblemView
from views.prompts import PromptView
from views.published import PublishedView
from views.recompute import RecomputedView
from views.recorded import RecordedView
from views.referrals import ReferralView
from views.reports import CountedCaseView, ReportView
from views.retention import ErasedView, PastRetentionView
from views.taken_on import DecidedView, TakenOnView
from views.timescales import TimescaleView
from views.tokens import MadeTokenView, RevokedTokenView, TokenView
from views.transfers import TransferView

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
LONDON_KEEPS_FOR_A_YEAR = """\
version = "P2012-London-1"
in_force_from = 2026-01-01
area = "London"
base = "P2012"
title = "London keeps a closed case for one year"

[retention]
closed_cases_years = 1
source = "London SMB, decision of 2026-06-10"
status = "confirmed"
"""
ASKS_EARLIER = """\
version = "P2012-London-2"
in_force_from = 2026-06-12
area = "London"
base = "P2012"
title = "London asks a week earlier for a referral"

[timescales.referral]
offset = "-27 weeks"
"""
FILES = {
    "directory.csv": DIRECTORY,
    "sentences.csv": SENTENCES,
    "notice.json": '{"date": "2026-06-12", "contact": "OMU, HMP Example"}',
    "london.toml": LONDON_KEEPS_FOR_A_YEAR,
}
OTHER_PARTS = ("attendance", "victims", "fallback", "indicators", "outcomes", "board", "eligibility", "notification")
"""Parts of the policy that its sample leaves out."""


def samples() -> Iterator[Sample]:
    """Run the commands on a sample record and yield what they print."""
    for name, text in FILES.items():
        Path(name).write_text(text, encoding="utf-8")
    ask("load directory directory.csv --as-at 2026-06-01")
    load = ask("load sentences sentences.csv --as-at 2026-06-01")
    taken_on = ask("take-on --area London --from 2026-06-02 --as-at 2026-06-01 --dry-run")
    tick = ask("tick --as-at 2026-06-01")
    simulated = ask("simulate --from 2026-06-02 --to 2026-06-12")
    recorded = ask("record prison-notice --crn X320741 --file notice.json --as-at 2026-06-12T15:00")
    yield sample(TimescaleView, "timescales", ask("timescales --kind referral"))
    yield sample(PromptView, "prompts", ask("prompts --crn X320741 --kind prison_notice"))
    yield sample(MessageView, "messages", ask("messages --recipient opal@prison.example"))
    of_list = " `mappa case list --json` prints a list of them."
    yield sample(CaseView, "case show CRN", ask("case show X320741"), besides=of_list)
    yield sample(ProblemView, "problems", ask("problems"))
    yield sample(LoadView, "load sentences FILE", load, besides=" So do the loads of the other files.")
    yield sample(TakenOnView, "take-on --area AREA --from DATE", taken_on)
    decided = ask("taken-on adopt --reason Late --area London --as-at 2026-06-12")
    yield sample(DecidedView, "taken-on DECISION --reason TEXT", decided)
    yield sample(RecordedView, "record KIND --crn CRN --file FILE.json", recorded)
    yield sample(StageRunView, "tick", tick, besides=" So does `mappa run FLOW --json`.")
    answers = " With `--answers SEED` there is more of it under `answers`; see below."
    yield sample(SimulationView, "simulate --from DATE --to DATE", simulated, besides=answers)
    yield sample(AuditView, "audit verify", ask("audit verify"))
    yield sample(RecomputedView, "recompute --dry-run", recomputed())
    trial = ask("policy try tried/london.toml --as-at 2026-06-15")
    yield sample(PolicyTrialView, "policy try FILE", trial, shortened={"changed": trial["changed"][:1]})
    yield sample(AdoptedView, "policy adopt FILE", adopted())
    yield from samples_of_meetings()
    yield from samples_between_meetings()
    yield from samples_of_the_end()
    yield from samples_of_keeping()
    yield from samples_of_figures()


def samples_of_figures() -> Iterator[Sample]:
    """Report on a year in which somebody stood at level 2 in the community."""
    Path("registrations.csv").write_text(
        "crn,area,unit,category,level,start_date,lead_agency,location,surname,forenames,date_of_birth\n"
        "X500001,London,Camden,2,2,2025-06-02,probation,community,Invented,Bo,1970-02-03\n",
        encoding="utf-8",
    )
    ask("load registrations registrations.csv --as-at 2026-06-15")
    ahead = ask("report outlook --area London --weeks 2 --as-at 2026-06-15")
    yield sample(OutlookView, "report outlook --area AREA", ahead, shortened={"tables": ahead["tables"][:1]})
    due = ask("report outlook --area London --as-at 2026-06-15 --explain weeks.total.total")
    yield sample(AheadView, "report outlook --explain TABLE.ROW.COLUMN", due)
    yield sample(DataQualityView, "data-quality", ask("data-quality --area London"))
    Path("board-meetings.csv").write_text(
        "area,date,agency,attendance,name\nLondon,2026-06-10,housing,attended,Harriet Example\n", encoding="utf-8"
    )
    ask("load board-meetings board-meetings.csv --as-at 2026-06-15")
    yield sample(BoardInvitationView, "board-meetings", ask("board-meetings"))
    yield from samples_of_board_business()
    os.environ["MAPPA_PUBLISH_REPORTS"] = "true"
    ask("tick --as-at 2026-06-15")
    os.environ["MAPPA_PUBLISH_REPORTS"] = "false"
    yield sample(PublishedView, "published", ask("published"))
    report = ask("report annual --area London --year 2026 --as-at 2026-06-15")
    first = report["tables"][0]
    shown = {"tables": [first | {"checks": first["checks"][:1]}]}
    command = "report annual --area AREA --year YEAR"
    yield sample(ReportView, command, report, shortened=shown)
    cell = "eligible.level_2.category_2"
    counted = ask(f"report annual --area London --year 2026 --explain {cell} --as-at 2026-06-15")
    yield sample(CountedCaseView, f"{command} --explain TABLE.ROW.COLUMN", counted)
    yield from samples_of_measures()
    yield from samples_of_the_board()


def samples_of_measures() -> Iterator[Sample]:
    """Count the indicators and the outcomes of a year, as far as it has gone."""
    for name, model, explained, cell in (
        ("kpi", IndicatorReportView, ExplainedIndicatorView, "indicators.prison_notice.per_cent"),
        ("outcomes", OutcomeReportView, ExplainedOutcomeView, "outcomes.level_same.people"),
    ):
        asked = f"report {name} --area London --year 2027 --as-at 2026-12-11"
        command = f"report {name} --area AREA --year YEAR"
        report = ask(asked)
        first = report["tables"][0]
        rows = first["rows"][:2]
        short = {"rows": rows, "cells": {row: first["cells"][row] for row in rows}}
        labels = {"labels": {one: first["labels"][one] for one in (*rows, *first["columns"])}}
        yield sample(model, command, report, shortened={"tables": [first | short | labels]})
        yield sample(explained, f"{command} --explain TABLE.ROW.COLUMN", ask(f"{asked} --explain {cell}"))


def samples_of_meetings() -> Iterator[Sample]:
    """Take the same case to its first meeting, by the examples of the command line, and yield the lists."""
    record("referral", date="2026-09-08", added_value="", countersigned_by="")
    record("referral")
    record("screening")
    record("circumstances", tagged=None)
    record("meeting-plan")
    ask("tick --as-at 2026-09-21")
    record("meeting")
    record("attendance-contact")
    record("action-outcome", outcome="Traced the uncle.")
    record("minutes")
    yield sample(ReferralView, "referrals", ask("referrals"))
    yield sample(MeetingView, "meetings", ask("meetings"))
    yield sample(ActionView, "actions", ask("actions"))
    yield sample(AbsenceView, "absences", ask("absences"))
    yield sample(DraftView, "drafts", ask("drafts"))
    for model, name in ((MinutesView, "minutes"), (PapersView, "papers")):
        document = ask(f"{name} --crn X320741 --meeting 1")
        yield sample(
            model,
            f"{name} --crn CRN --meeting N",
            document,
            shortened={one: first_line(document[one]) for one in ("text", "html")},
        )


def samples_between_meetings() -> Iterator[Sample]:
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
    plan = ask("plan X320741 --as-at 2026-10-23")
    yield sample(DisclosureView, "disclosures", ask("disclosures"))
    yield sample(PlanView, "plan CRN", plan, shortened={"content": {"conclusion": plan["content"]["conclusion"]}})
    yield sample(EventView, "events", ask("events"))
    yield sample(OrderView, "orders", ask("orders"))
    yield sample(TransferView, "transfers", ask("transfers"))


def recomputed() -> Any:
    """Return what would change if London asked earlier for a referral."""
    Path("tried").mkdir()
    Path("tried/london.toml").write_text(ASKS_EARLIER, encoding="utf-8")
    os.environ["MAPPA_POLICY_DIR"] = "tried"
    found = ask("recompute --dry-run --as-at 2026-06-15")
    del os.environ["MAPPA_POLICY_DIR"]
    return found


def adopted() -> Any:
    """Return what is said when London's change is put in force."""
    Path("adopted").mkdir()
    os.environ["MAPPA_POLICY_DIR"] = "adopted"
    told = ask("policy adopt tried/london.toml --as-at 2026-06-15")
    del os.environ["MAPPA_POLICY_DIR"]
    return told


def samples_of_the_end() -> Iterator[Sample]:
    """Let invented people answer, close the case, wait until nobody need keep it, and erase."""
    answered = ask("simulate --from 2026-10-24 --to 2026-11-30 --answers 7")
    told = "The victim liaison officer told the sister on 30 November."
    died = "He died in hospital; the coroner was told."
    record("closure", date="2026-12-01", why="died", reason=died, victims_told=told)
    Path("policy").mkdir()
    Path("london.toml").rename("policy/london.toml")
    os.environ["MAPPA_POLICY_DIR"] = "policy"
    below = " It stands under `answers` in what the simulation did."
    yield sample(AnswersView, "simulate --answers SEED", answered["answers"], besides=below)
    yield sample(ClosedCaseView, "case closed", ask("case closed"))
    yield sample(PastRetentionView, "retention", ask("retention --as-at 2027-12-01"))
    yield sample(ErasedView, "retention --erase --yes", ask("retention --erase --yes --as-at 2027-12-01"))


def samples_of_keeping() -> Iterator[Sample]:
    """Look after a record, its outbox and its numbers."""
    backup = ask("backup backup.db")
    restored = ask("restore backup.db --nothing-sent --database sqlite:///restored.db")
    few = {"rows": {name: backup["rows"][name] for name in ("case", "person", "timescale")}}
    yield sample(BackupView, "backup FILE", backup, shortened=few)
    yield sample(RestoreView, "restore FILE", restored, shortened=few)
    # Of a record that is not there yet: what is found in another depends on the day.
    examined = ask("doctor --database sqlite:///none.db")
    database = [check for check in examined["checks"] if check["check"] == "database"]
    yield sample(ExaminationView, "doctor", examined, shortened={"checks": database})
    policy = ask("policy show --on 2026-06-01")
    parts: dict[str, Any] = {name: {} for name in OTHER_PARTS}
    parts["timescales"] = {"referral": policy["timescales"]["referral"]}
    yield sample(PolicyView, "policy show", policy, shortened=parts)
    yield sample(PolicyCheckView, "policy check FILE", ask("policy check policy/london.toml"))
    yield from samples_of_tokens()
    yield from samples_of_the_outbox()


def samples_of_tokens() -> Iterator[Sample]:
    """Let another system in, and shut it out again."""
    system = "--name Casework --address casework@agency.example --role coordinator --area London --scope read"
    when = "--by Cora --as-at 2026-06-01"
    yield sample(MadeTokenView, "token add", ask(f"token add {system} --scope changes --until 2026-12-31 {when}"))
    yield sample(TokenView, "token list", ask("token list"), besides=" The API shows a token its own.")
    yield sample(RevokedTokenView, "token revoke N", ask(f"token revoke 1 {when}"))


def samples_of_the_outbox() -> Iterator[Sample]:
    """Decide about a message that was held back, in another record."""
    os.environ["MAPPA_DATABASE_URL"] = f"sqlite:///{Path.cwd()}/other.db"
    os.environ["MAPPA_ALLOWED_DOMAINS"] = "agency.example"
    ask("load directory directory.csv --as-at 2026-06-01")
    ask("load sentences sentences.csv --as-at 2026-06-01")
    ask("simulate --from 2026-06-01 --to 2026-06-12")
    held_back = ask("messages --state withheld")[0]["id"]
    settled = ask(f"messages mark-sent {held_back} --as-at 2026-06-12T15:00")
    yield sample(
        SettledMessageView, "messages mark-sent ID", settled, besides=" So does `mappa messages resend ID --json`."
    )
    yield sample(DoubtView, "messages doubt", ask("messages doubt --sent-until 2026-08-14T12:00"))


def record(kind: str, **changes: Any) -> None:
    """Record the example of a kind on its day, changed; it may be refused, and is then kept."""
    data = example(kind) | changes
    Path("fact.json").write_text(json.dumps(data), encoding="utf-8")
    ask(f"record {kind} --crn X320741 --file fact.json --as-at {data['date']}T15:00 --by Adam")


def first_line(text: str) -> str:
    """Return the first line of a long text."""
    return text.split("\n", 1)[0]
