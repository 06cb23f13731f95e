"""The commands that look at what lies between meetings: disclosures, the plan, events, orders, transfers."""

from pathlib import Path

import pytest

from casework.loading.bank_holidays import ensure_calendar
from casework.loading.shipped_offences import ensure_offences
from models.record import Record
from tests.conftest import EPOCH
from tests.support.command_line import Mappa
from tests.support.story import DARREN, MEETING_DIRECTORY, Story, form
from tests.support.told_once import told_once

CRN, CASE = "X320741", "LON-2026-000001"
ELSEWHERE = {"area": "West Yorkshire", "agency": "mappa_unit", "role": "coordinator", "name": "Wendy",
             "email": "wendy@mappa.example"}  # fmt: skip
FIELDS = {
    "disclosures": "crn case disclosure meeting state agency by due_on proposed_on proposed_by approved_on approved_by "
    "closed_on undertaking",
    "events": "crn case event kind on recorded_at level category serious until returned_on reviewed_on partnered_on "
    "victim_contact victim_told_on",
    "orders": "crn case order kind court starts_on ends_on breaches reviewed_on",
    "transfers": "crn case transfer from_area to_area proposed_on proposed_by decision answered_on answered_by",
}
SECRETS = ("landlord", "Chapeltown", "Uma", "Darren", "children")


@pytest.fixture
@told_once
def told(record: Record, tmp_path: Path) -> Story:
    """Darren in custody, with one of everything."""
    ensure_calendar(record, EPOCH)
    ensure_offences(record, EPOCH)
    story = Story(record, tmp_path, [*MEETING_DIRECTORY, ELSEWHERE])
    story.load("2026-06-01", DARREN)
    story.tick("2026-06-01")
    story.record_fact("level", "2026-09-18", level=2, reason="Three agencies hold parts of the plan.")
    story.record_fact("disclosure", "2026-11-02", **form("disclosure"))
    story.record_fact("plan", "2026-10-20", **form("plan"))
    story.record_fact("risk-assessment", "2026-10-22", **form("risk-assessment"))
    story.record_fact("custody-event", "2026-11-03", event="transfer", prison="HMP Other", what="Moved.", by="Opal")
    story.record_fact("order", "2026-11-04", **form("order", order="violent_offender_order"))
    story.record_fact("transfer-proposal", "2026-11-05", **form("transfer-proposal"))
    return story


class TestLists:
    """``mappa disclosures``, ``events``, ``orders``, ``transfers``."""

    @pytest.mark.parametrize("what", FIELDS)
    def test_an_empty_record_gives_an_empty_list_and_a_sentence(self, mappa: Mappa, what: str) -> None:
        assert mappa(what, "--json").document == []
        assert mappa(what).out.strip() == f"no {what}"

    @pytest.mark.parametrize("what", FIELDS)
    def test_the_fields_are_those_of_the_documentation(self, mappa: Mappa, told: Story, what: str) -> None:
        [view] = mappa(what, "--json").document
        assert list(view) == FIELDS[what].split()
        assert (view["crn"], view["case"]) == (CRN, CASE)

    @pytest.mark.parametrize("what", FIELDS)
    def test_no_table_and_no_list_tells_what_people_wrote(self, mappa: Mappa, told: Story, what: str) -> None:
        shown = mappa(what).out + mappa(what, "--json").out
        assert not [secret for secret in SECRETS if secret in shown]

    def test_filters(self, mappa: Mappa, told: Story) -> None:
        assert mappa("disclosures", "--state", "made", "--json").document == []
        assert len(mappa("disclosures", "--state", "proposed", "--json").document) == 1
        assert mappa("events", "--kind", "recall", "--json").document == []
        assert len(mappa("transfers", "--area", "West Yorkshire", "--json").document) == 1


class TestPlan:
    """``mappa plan``."""

    def test_its_age_and_what_is_no_longer_true_stand_on_top(self, mappa: Mappa, told: Story) -> None:
        told.record_fact("contact-change", "2026-12-01", **form("contact-change"))
        page = mappa("plan", CRN, "--as-at", "2026-12-02").out
        assert f"risk management plan of {CASE}, version 1 of 2026-10-20" in page
        assert "43 days old" in page
        assert "changed since: Uma Example died on 2026-11-28" in page
        assert "Conclusion\n  In conclusion, the plan is" in page
        assert "oasys of 2026-10-22: high" in page

    def test_a_version_that_is_not_there_names_those_that_are(self, mappa: Mappa, told: Story) -> None:
        answer = mappa("plan", CRN, "--version", "2")
        assert answer.code == 1
        assert "its versions: 1" in answer.err

    def test_the_document_has_the_plan_and_its_age(self, mappa: Mappa, told: Story) -> None:
        view = mappa("plan", CRN, "--as-at", "2026-12-02", "--json").document
        assert (view["version"], view["age_in_days"], view["older_than_last_meeting"]) == (1, 43, False)
        assert view["content"]["contact_restrictions"][0]["person"] == "Uma Example"


def test_the_page_of_the_case_shows_them(mappa: Mappa, told: Story) -> None:
    page = mappa("case", "show", CRN).out
    for wanted in ("risk management plan: version 1", "disclosures", "transfer", "violent_offender_order"):
        assert wanted in page
