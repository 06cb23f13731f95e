"""The commands around meetings: lists, minutes and papers, and forms that were refused and kept."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from casework.loading.bank_holidays import ensure_calendar
from casework.loading.shipped_offences import ensure_offences
from models.cases import Draft, Fact
from models.record import Record
from tests.conftest import EPOCH
from tests.support import rows
from tests.support.command_line import Answer, Mappa
from tests.support.story import DARREN, MEETING_DIRECTORY, Story, form
from tests.support.told_once import told_once

CRN, CASE = "X320741", "LON-2026-000001"
FIELDS = {
    "meetings": "crn case meeting state level starts_at place chair required invited accepted tentative declined away "
    "returned attended minutes_on posted_on",
    "actions": "crn case action meeting agency owner due_on state outcome closed_on",
    "absences": "crn case meeting agency nth status settled_on settled_by invited withdrawn_on withdrawn_because "
    "history",
    "referrals": "crn case received_on complete missing returned_on decision decided_on",
    "drafts": "draft crn kind reasons kept_at kept_by settled_at",
}
LISTS = tuple(FIELDS)
PRIYA = {"name": "Priya Example", "email": "priya@police.example"}
REFUSED = {"date": "2026-10-21", "action": 1, "state": "done", "outcome": "Traced the uncle", "plan_effect": None}


@pytest.fixture
@told_once
def told(record: Record, tmp_path: Path) -> Story:
    """Darren, of whom nothing is recorded but his sentence."""
    ensure_calendar(record, EPOCH)
    ensure_offences(record, EPOCH)
    story = Story(record, tmp_path, MEETING_DIRECTORY)
    story.load("2026-06-01", DARREN)
    story.tick("2026-06-01")
    return story


@pytest.fixture
@told_once
def managed(told: Story) -> Story:
    """The same after the first meeting: one action set, the prison absent and asked, a second meeting planned."""
    told.record_fact("referral", "2026-09-01", **form("referral", added_value=""))
    told.record_fact("referral", "2026-09-09", **form("referral"))
    told.record_fact("screening", "2026-09-18", **form("screening"))
    told.record_fact("circumstances", "2026-09-20", police_offender_manager=PRIYA)
    told.record_fact("meeting-plan", "2026-09-21", **form("meeting-plan"))
    told.tick("2026-09-22")
    told.record_fact("meeting", "2026-10-14", **form("meeting"))
    told.record_fact("attendance-contact", "2026-10-16", **form("attendance-contact"))
    return told


@pytest.fixture
@told_once
def minuted(managed: Story) -> Story:
    """The same with two versions of the minutes, a draft again after something was mended."""
    for day in ("2026-10-15", "2026-10-19"):
        managed.record_fact("minutes", day, meeting=1, step="draft", by="Adam Example")
    return managed


def record(
    mappa: Mappa, kind: str, data: dict[str, Any], *more: str, crn: str = CRN, day: str = "2026-10-22"
) -> Answer:
    """Record a fact from standard input."""
    words = ("record", kind, "--crn", crn, "--file", "-", "--as-at", day, "--by", "a.coordinator", *more)
    return mappa(*words, input=json.dumps(data))


class TestLists:
    """``mappa meetings``, ``actions``, ``absences``, ``referrals``, ``drafts``."""

    @pytest.mark.parametrize("what", LISTS)
    def test_an_empty_record_gives_an_empty_list_and_a_sentence(self, mappa: Mappa, what: str) -> None:
        assert mappa(what, "--json").document == []
        assert mappa(what).out.strip() == f"no {what}"

    @pytest.mark.parametrize("what", LISTS)
    def test_json_objects_have_exactly_these_fields(self, mappa: Mappa, managed: Story, what: str) -> None:
        record(mappa, "action-outcome", REFUSED)
        document = mappa(what, "--json").document
        assert document
        assert all(" ".join(item) == FIELDS[what] for item in document)

    @pytest.mark.parametrize("what", LISTS)
    def test_tables_hold_the_case_and_no_name_of_the_person(self, mappa: Mappa, managed: Story, what: str) -> None:
        record(mappa, "action-outcome", REFUSED)
        table = mappa(what).out
        assert CRN in table
        assert not any(name in table for name in ("Invented", "Darren", "uncle"))

    def test_a_meeting_lists_its_agencies_and_the_table_counts_them(self, mappa: Mappa, managed: Story) -> None:
        first, second = mappa("meetings", "--json").document
        assert first["attended"] == ["approved_premises", "police", "probation", "victim_liaison"]
        assert {"prison", "probation", "childrens_social_care"} <= set(first["required"])
        assert {"mappa_unit", "prison"} <= set(first["invited"])
        assert (first["starts_at"], first["state"]) == ("2026-10-14T10:00:00+01:00", "held")
        assert (second["meeting"], second["state"], second["attended"]) == (2, "planned", [])
        [line] = [line for line in mappa("meetings").out.splitlines() if "held" in line]
        assert line.split()[-5:] == [
            str(len(first[name])) for name in ("required", "invited", "accepted", "declined", "attended")
        ]

    def test_an_absence_carries_what_was_tried(self, mappa: Mappa, managed: Story) -> None:
        [absence] = mappa("absences", "--json").document
        assert (absence["agency"], absence["nth"], absence["status"]) == ("prison", 1, "absent")
        assert absence["history"][0]["answer"] == "will_report"

    def test_a_referral_says_what_it_lacks(self, mappa: Mappa, managed: Story) -> None:
        sent_back, accepted = mappa("referrals", "--json").document
        assert (sent_back["complete"], sent_back["returned_on"], len(sent_back["missing"])) == (False, "2026-09-01", 1)
        assert (accepted["decision"], accepted["decided_on"], accepted["missing"]) == ("level_2", "2026-09-18", [])

    @pytest.mark.parametrize(
        ("arguments", "count"),
        [
            ("meetings --state held", 1),
            ("meetings --state cancelled", 0),
            ("meetings --since 2026-10-15", 1),
            ("meetings --until 2026-10-14", 1),
            ("meetings --until 2026-10-14T09:59", 0),
            ("meetings --area London", 2),
            ("actions --state open", 1),
            ("actions --state done", 0),
            ("actions --due-before 2026-11-04", 0),
            ("actions --due-before 2026-11-05", 1),
            ("absences --open", 1),
            ("absences --agency prison", 1),
            ("absences --agency police", 0),
            ("referrals --open", 0),
            ("referrals --area London", 2),
        ],
    )
    def test_filters(self, mappa: Mappa, managed: Story, arguments: str, count: int) -> None:
        assert len(mappa(*arguments.split(), "--json").document) == count

    @pytest.mark.parametrize("what", [*LISTS, "timescales", "prompts"])
    def test_a_case_is_named_by_crn_or_by_reference(self, mappa: Mappa, managed: Story, what: str) -> None:
        record(mappa, "action-outcome", REFUSED)
        everything = mappa(what, "--json").document
        assert everything
        assert mappa(what, "--crn", CRN.lower(), "--json").document == everything
        assert mappa(what, "--crn", CASE.lower(), "--json").document == everything
        assert mappa(what, "--crn", "A000001", "--json").document == []

    def test_a_settled_absence_is_no_longer_open(self, mappa: Mappa, managed: Story) -> None:
        managed.record_fact("attendance-report", "2026-10-20", **form("attendance-report"))
        assert mappa("absences", "--open", "--json").document == []
        assert mappa("absences", "--json").document[0]["settled_by"] == "report"

    def test_an_area_nobody_has_heard_of_is_wrong_usage(self, mappa: Mappa, managed: Story) -> None:
        assert mappa("meetings", "--area", "Londn").code == 2


class TestOpenReferrals:
    """``mappa referrals --open``: what still waits, for screening or to come again."""

    def open_days(self, mappa: Mappa) -> list[str]:
        """Return the days on which what is open was received."""
        return [item["received_on"] for item in mappa("referrals", "--open", "--json").document]

    def test_a_complete_one_waits_for_screening(self, mappa: Mappa, told: Story) -> None:
        told.record_fact("referral", "2026-09-09", **form("referral"))
        assert self.open_days(mappa) == ["2026-09-09"]

    def test_one_sent_back_waits_until_it_comes_again(self, mappa: Mappa, told: Story) -> None:
        told.record_fact("referral", "2026-09-01", **form("referral", added_value=""))
        assert self.open_days(mappa) == ["2026-09-01"]
        told.record_fact("referral", "2026-09-09", **form("referral"))
        assert self.open_days(mappa) == ["2026-09-09"]

    def test_one_of_which_screening_wants_more_waits_until_a_level_is_decided(self, mappa: Mappa, told: Story) -> None:
        told.record_fact("referral", "2026-09-09", **form("referral"))
        more = form("screening", decision="more_information", wanted=["The address of the uncle"], thresholds=None)
        told.record_fact("screening", "2026-09-18", **more)
        assert self.open_days(mappa) == ["2026-09-09"]
        told.record_fact("level", "2026-09-21", level=1, reason="The lead agency manages it alone.")
        assert self.open_days(mappa) == []


class TestMinutes:
    """``mappa minutes``."""

    def test_the_newest_version_is_printed(self, mappa: Mappa, minuted: Story) -> None:
        answer = mappa("minutes", "--crn", CRN, "--meeting", 1)
        assert (answer.code, answer.err) == (0, "")
        assert "MAPPA minutes, Version 2\nInvented, Darren, CRN X320741" in answer.out
        assert mappa("minutes", "--crn", CASE.lower(), "--meeting", 1, "--text").out == answer.out

    def test_an_earlier_version_stays_as_it_was(self, mappa: Mappa, minuted: Story) -> None:
        assert "MAPPA minutes, Version 1" in mappa("minutes", "--crn", CRN, "--meeting", 1, "--version", 1).out

    def test_a_page_is_written_for_its_owner_alone(self, mappa: Mappa, minuted: Story, tmp_path: Path) -> None:
        file = tmp_path / "minutes.html"
        answer = mappa("minutes", "--crn", CRN, "--meeting", 1, "--html", file)
        assert (answer.code, answer.out.strip()) == (0, f"{file}: version 2 of the minutes, draft")
        assert file.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
        assert file.stat().st_mode & 0o777 == 0o600

    def test_json_says_how_the_version_stands(self, mappa: Mappa, minuted: Story) -> None:
        minuted.record_fact("minutes", "2026-10-20", meeting=1, step="approve", by="Clare Example")
        shown = mappa("minutes", "--crn", CRN, "--meeting", 1, "--json").document
        assert shown.pop("text").startswith("CONFIDENTIAL")
        assert shown.pop("html").startswith("<!DOCTYPE html>")
        assert shown == {
            "crn": CRN,
            "case": CASE,
            "meeting": 1,
            "version": 2,
            "state": "approved",
            "written_by": "Adam Example",
            "written_on": "2026-10-19",
            "approved_by": "Clare Example",
            "approved_on": "2026-10-20",
            "final_on": None,
        }

    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            ("--crn X999999 --meeting 1", "X999999: nobody on record has this CRN, and no case this reference"),
            ("--crn X320741 --meeting 9", f"{CASE} has no meeting 9; its meetings: 1, 2"),
            ("--crn X320741 --meeting 2", f"{CASE}, meeting 2: no minutes have been drafted yet"),
            (
                "--crn X320741 --meeting 1 --version 7",
                f"{CASE}, meeting 1: the minutes have no version 7; there is 1, 2",
            ),
        ],
    )
    def test_what_is_not_there_is_a_failure_that_says_what_is(
        self, mappa: Mappa, minuted: Story, arguments: str, sentence: str
    ) -> None:
        answer = mappa("minutes", *arguments.split())
        assert (answer.code, answer.out, answer.err.strip()) == (1, "", sentence)

    @pytest.mark.parametrize("more", ["--json --text", "--html x.html --json", "--html no/folder/x.html"])
    def test_two_forms_at_once_and_a_folder_that_is_not_there_are_wrong_usage(
        self, mappa: Mappa, minuted: Story, more: str
    ) -> None:
        assert mappa("minutes", "--crn", CRN, "--meeting", 1, *more.split()).code == 2

    def test_a_person_without_a_case_has_no_meetings(self, mappa: Mappa, told: Story) -> None:
        with told.record.writing() as session:
            rows.person(session, "A000001")
        assert mappa("minutes", "--crn", "A000001", "--meeting", 1).err.startswith("A000001: this person has no case")


class TestPapers:
    """``mappa papers``."""

    def test_they_are_printed_or_written_as_a_page(self, mappa: Mappa, managed: Story, tmp_path: Path) -> None:
        text = mappa("papers", "--crn", CRN, "--meeting", 2).out
        assert "MAPPA papers, for Wednesday 27 January 2027" in text
        assert "1. Trace the uncle" in text
        file = tmp_path / "papers.html"
        assert mappa("papers", "--crn", CASE, "--meeting", 2, "--html", file).out.strip() == f"{file}: papers"
        assert "1. Trace the uncle" in file.read_text(encoding="utf-8")
        shown = mappa("papers", "--crn", CRN, "--meeting", 2, "--json").document
        assert (list(shown), shown["text"]) == (["crn", "case", "meeting", "text", "html"], text)

    def test_a_meeting_that_is_not_there_is_a_failure(self, mappa: Mappa, told: Story) -> None:
        assert (
            mappa("papers", "--crn", CRN, "--meeting", 1).err.strip() == f"{CASE} has no meeting 1; its meetings: none"
        )


class TestDrafts:
    """What ``mappa record`` refuses is kept."""

    def test_a_refused_form_is_kept_and_can_be_printed_mended_and_recorded(self, mappa: Mappa, managed: Story) -> None:
        refused = record(mappa, "action-outcome", REFUSED)
        assert (refused.code, refused.out) == (1, "")
        assert refused.err.splitlines()[0].startswith("action 1: 'Traced the uncle' says only that it was done")
        assert refused.err.splitlines()[-1] == "what was typed is kept as draft 1: mappa drafts show 1"
        shown = mappa("drafts", "show", 1)
        assert (shown.code, shown.document) == (0, REFUSED)
        mended = shown.document | form("action-outcome")
        assert record(mappa, "action-outcome", mended).code == 0
        assert mappa("drafts", "--open", "--json").document == []
        assert mappa("drafts", "--json").document[0]["settled_at"] == "2026-10-22T08:00:00+01:00"

    def test_a_refusal_changes_nothing_but_the_drafts(self, mappa: Mappa, managed: Story) -> None:
        with managed.record.reading() as session:
            before = session.scalar(select(func.count()).select_from(Fact))
        record(mappa, "action-outcome", REFUSED)
        with managed.record.reading() as session:
            assert session.scalar(select(func.count()).select_from(Fact)) == before
            assert session.scalars(select(Draft.crn)).all() == [CRN]
        assert mappa("actions", "--json").document[0]["state"] == "open"
        assert mappa("audit", "verify", "--json").document["breaks"] == []

    def test_it_says_who_typed_it_when_and_why_it_was_refused(self, mappa: Mappa, managed: Story) -> None:
        record(mappa, "action-outcome", {"date": "2026-10-21"}, crn=CASE)
        [draft] = mappa("drafts", "--json").document
        assert draft | {"reasons": []} == {
            "draft": 1,
            "crn": CRN,
            "kind": "action-outcome",
            "reasons": [],
            "kept_at": "2026-10-22T08:00:00+01:00",
            "kept_by": "a.coordinator",
            "settled_at": None,
        }
        assert [reason.split(":")[0] for reason in draft["reasons"]] == ["action", "state"]

    def test_typed_anew_it_takes_the_place_of_the_one_before(self, mappa: Mappa, managed: Story) -> None:
        for _ in range(2):
            record(mappa, "action-outcome", REFUSED)
        assert [draft["draft"] for draft in mappa("drafts", "--open", "--json").document] == [2]

    def test_for_somebody_not_on_record_it_is_kept_under_what_was_typed(self, mappa: Mappa, told: Story) -> None:
        answer = record(
            mappa, "referral", {"date": "2026-09-09", "referred_by": "Olive", "proposed_level": 2}, crn="a000009"
        )
        assert answer.err.startswith("nobody on record has the CRN or case reference A000009")
        assert [draft["crn"] for draft in mappa("drafts", "--crn", "A000009", "--json").document] == ["A000009"]

    def test_what_is_of_no_kind_is_not_kept(self, mappa: Mappa, told: Story) -> None:
        assert mappa("record", "nonsense", "--crn", CRN, "--file", "-", input="{}").code == 2
        assert mappa("drafts", "--json").document == []

    def test_one_that_is_not_there_is_a_failure(self, mappa: Mappa, told: Story) -> None:
        answer = mappa("drafts", "show", 7)
        assert (answer.code, answer.err.strip()) == (1, "there is no draft 7: mappa drafts lists them")

    def test_a_fact_may_name_the_case_and_the_answer_names_the_person(self, mappa: Mappa, managed: Story) -> None:
        answer = record(mappa, "action-outcome", {"date": "2026-10-20"} | form("action-outcome"), "--json", crn=CASE)
        assert (answer.code, answer.document["crn"], answer.document["case"]) == (0, CRN, CASE)


class TestCaseShow:
    """``mappa case show``: the sections around meetings."""

    def test_each_section_stands_where_there_is_something_in_it(self, mappa: Mappa, managed: Story) -> None:
        managed.record_fact("action-outcome", "2026-10-20", **form("action-outcome"))
        page = mappa("case", "show", CRN).out
        for words in (
            "High risk, and three agencies hold parts of the plan.",
            "sent back on 2026-09-01; 1 missing",
            "level_2 on 2026-09-18",
            "Clare Example",
            "Priya Example",
            "The uncle lives in Leeds",
            "absent",
        ):
            assert words in page
        titles = [line.strip() for line in page.splitlines()]
        order = [
            titles.index(title) for title in ("levels", "referrals", "meetings", "actions", "absences", "timescales")
        ]
        assert order == sorted(order)

    def test_a_new_case_has_none_of_them(self, mappa: Mappa, told: Story) -> None:
        titles = [line.strip() for line in mappa("case", "show", CRN).out.splitlines()]
        assert not {"levels", "referrals", "meetings", "actions", "absences"} & set(titles)
