"""A case with one of everything, closed by a death, and a stranger with an open one."""

from pathlib import Path
from typing import Any

from casework.recording import Entry
from casework.recording.drafts import keep_draft
from models.cases import Problem
from models.record import Record
from policy.book import compile_book
from tests.support.story import CLERK, DARREN, MEETING_DIRECTORY, PRIYA, Story, at, attended, form, minuted
from tests.support.told_once import told_once

ONE_YEAR = """
version = "LON-KEEP"
in_force_from = 2026-01-01
base = "P2012"
area = "London"
[retention]
closed_cases_years = 1
source = "decided by the Strategic Management Board of London"
status = "default"
"""
CRN, CASE = "X320741", "LON-2026-000001"
NUMBERS = {"noms_number": "A1234BC", "pnc_number": "2012/1234567C"}
# A stranger with an open case, whose managers are other people.
OTHER = DARREN | {
    "crn": "X320742", "surname": "Stays", "date_of_birth": "1990-01-01", "forenames": "Here",
    "offender_manager": "Nina",
    "offender_manager_email": "nina@probation.example", "line_manager_email": "nora@probation.example",
}  # fmt: skip
ELSEWHERE = {"area": "West Yorkshire", "agency": "mappa_unit", "role": "coordinator", "name": "Wendy",
             "email": "wendy@mappa.example"}  # fmt: skip
THERE = {"probation": "Olive", "police": "Priya", "victim_liaison": "Vera", "approved_premises": "Anna",
         "childrens_social_care": "Ruth Example"}  # fmt: skip


@told_once
def one_of_everything(record: Record, folder: Path) -> Story:
    """Darren with one of everything, who died on 10 December 2026, and a stranger with an open case."""
    record.policies = compile_book([("london.toml", ONE_YEAR)])
    story = Story(record, folder, [*MEETING_DIRECTORY, ELSEWHERE])
    police = {"police_offender_manager": "Priya", "police_offender_manager_email": PRIYA}
    story.load("2026-06-01", DARREN | NUMBERS | police)
    story.load("2026-06-01", OTHER)
    story.tick("2026-06-01")
    story.record_fact("referral", "2026-09-09", **form("referral"))
    story.record_fact("screening", "2026-09-18", **form("screening"))
    story.record_fact("meeting-plan", "2026-09-21", **form("meeting-plan"))
    story.tick("2026-09-21")
    action = {"text": "Trace the uncle", "agency": "police", "owner": {"name": "Priya"}, "due_on": "2026-11-04"}
    there = [attended(agency, name) for agency, name in THERE.items()]
    there.append(attended("prison", "Opal", "absent"))
    story.record_fact("meeting", "2026-10-14", **minuted(*there, next_on="2027-01-27", actions=[action]))
    story.tick("2026-10-15")
    story.record_fact("attendance-contact", "2026-10-16", **form("attendance-contact"))
    story.record_fact("plan", "2026-10-20", **form("plan"))
    story.record_fact("risk-assessment", "2026-10-22", **form("risk-assessment"))
    story.record_fact("action-outcome", "2026-10-22", **form("action-outcome"))
    story.record_fact("minutes", "2026-10-23", **form("minutes"))
    story.record_fact("minutes", "2026-10-26", **form("minutes", step="approve", by="Clare Example"))
    story.record_fact("disclosure", "2026-11-02", **form("disclosure"))
    story.record_fact("disclosure-approval", "2026-11-04", **form("disclosure-approval"))
    story.record_fact("pause", "2026-11-04", **form("pause") | {"kind": "level_2_review", "until": "2026-11-12"})
    story.record_fact("disclosure-outcome", "2026-11-12", **form("disclosure-outcome"))
    story.record_fact("custody-event", "2026-11-03", event="transfer", prison="HMP Other", what="Moved.", by="Opal")
    story.record_fact("order", "2026-11-04", **form("order", order="violent_offender_order"))
    story.record_fact("transfer-proposal", "2026-11-05", **form("transfer-proposal"))
    story.record_fact("contact-change", "2026-12-01", **form("contact-change"))
    with record.writing() as session:
        for key in (CRN, f" {CASE.lower()}"):
            refused = Entry("plan", key, {"note": "the uncle"})
            keep_draft(session, refused, ["Uma is"], actor=CLERK, as_at=at("2026-12-02"))
        session.add(problem("identification", "1", "Darren cannot be read"))
        session.add(problem("drive_case", "case 1", "Uma cannot be read", case_id=1))
    story.record_fact("custody-event", "2026-12-10", event="death", what="He died at his uncle's.", by="Olive")
    story.tick("2026-12-11")
    return story


def problem(stage: str, subject: str, reason: str, **more: Any) -> Problem:
    moment = at("2026-12-02")
    return Problem(
        stage=stage, subject=subject, kind="failure", reason=reason, first_seen_at=moment, last_seen_at=moment, **more
    )
