"""What each kind of prompt asks, of whom; in which order; and what the subject of an escalation says."""

import re
from datetime import date, timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from models.record import Record
from notifications.letters.lines import PromptLine
from notifications.letters.rendering import Envelope, render
from notifications.letters.subjects import Item, subject_of
from notifications.outbox.claims import waiting
from notifications.outbox.outcomes import is_resent
from notifications.settings import MailSettings
from policy.book import shipped_book
from policy.kinds import KINDS, Events, Release, Reviews
from policy.kinds.words import kind_words
from policy.letters import STATUTORY, MessageKind
from policy.vocabulary import Weight
from policy.words import opening
from tests.notifications.letters.reading import both, text_of
from tests.support import rows
from tests.support.rows import MORNING

IN_ORDER = sorted(KINDS, key=lambda kind: kind.spec.place)
ALL_WORDS = [kind_words(kind, role) for kind in KINDS for role in ("", *kind.spec.for_role)]
REFERENCE = "LON-2026-000123"
# Reviews at level 2 and 3 ask the same of the same people.
REVIEWS = (Reviews.LEVEL_2_REVIEW, Reviews.LEVEL_3_REVIEW)


def line(kind: str, role: str, **values: Any) -> PromptLine:
    defaults: dict[str, Any] = {"stands_in_for": None, "timescale_id": 1, "label": None, "rung": "due"}
    values = defaults | values
    return PromptLine(
        kind=kind, reference=REFERENCE, due_on=date(2026, 4, 7), rung_on=date(2026, 3, 30), late_by_days=0,
        weight="reminder", recipient_role=role, revision=1, **values
    )  # fmt: skip


def message(*lines: PromptLine, kind: str = "digest") -> EmailMessage:
    envelope = Envelope(kind, "London", "a@probation.example", None, "MAPPA", "<m@x.example>", MORNING)
    return render(envelope, lines, MailSettings())


DUE = date(2026, 4, 7)


def escalation_subject(*kinds: str, overdue: int = 0) -> str:
    """Return the subject on the due day, or on the day after it for the first so many."""
    items = [
        Item(number, kind, REFERENCE, DUE - timedelta(days=1 if number < overdue else 0))
        for number, kind in enumerate(kinds)
    ]
    return subject_of("escalation", items, DUE)


def test_who_is_invited_is_asked_to_come_and_who_administers_to_record_it() -> None:
    invited = line("meeting", "invitee", label="number 3")
    asks = "Read the papers and come."
    for body in both(message(invited)):
        assert asks in body
        assert "Meeting 3" in body
        assert "record who came" not in body
    for body in both(message(line("meeting", "administrator"))):
        assert "record who came" in body
        assert asks not in body
    for body in both(message(line("meeting", "chair"), kind="escalation")):
        assert "Until it is recorded no actions and no minutes go out" in body


def test_who_stands_in_for_an_invitee_is_asked_what_the_invitee_is_asked() -> None:
    for body in both(message(line("meeting", "senior_manager", stands_in_for="invitee"))):
        assert "Read the papers and come." in body
        assert "We have no e-mail address for the invitee" in body


def test_one_who_is_both_gets_a_group_for_each() -> None:
    given = message(line("meeting", "administrator", timescale_id=2), line("meeting", "invitee"))
    assert re.findall(r"<h2[^>]*>(.*?)</h2>", text_of(given, "html")) == [
        "Meeting to record",
        "Meetings you are invited to",
    ]


def test_an_absent_agency_is_asked_for_its_report_and_those_above_to_see_to_it() -> None:
    for body in both(message(line("attendance", "representative", label="housing, meeting 2"), kind="escalation")):
        assert "what your agency knows of the case and what it will do" in body
        assert "Report on a missed meeting (housing, meeting 2)" in body
    for body in both(message(line("attendance", "smb_member"), kind="escalation")):
        assert "Make sure the agency sends its report" in body
        assert "your agency" not in body


def test_every_kind_has_its_place_once() -> None:
    assert len({kind.spec.place for kind in KINDS}) == len(KINDS)


def test_what_brooks_no_delay_comes_first_and_new_cases_last() -> None:
    lines = [
        line(kind.value, "coordinator", timescale_id=number) for number, kind in enumerate(reversed(IN_ORDER), start=1)
    ]
    new = line("identification", "coordinator", rung="identified", timescale_id=99)
    headings = re.findall(r"<h2[^>]*>(.*?)</h2>", text_of(message(new, *lines), "html"))
    assert headings == [*(kind.spec.heading for kind in IN_ORDER), "New cases"]
    assert (
        IN_ORDER.index(Events.CASE_REVIEW) < IN_ORDER.index(Reviews.URGENT_MEETING) < IN_ORDER.index(Release.REFERRAL)
    )


def test_no_two_kinds_are_called_alike() -> None:
    for name in ("heading", "title", "short", "to_do"):
        told = [getattr(kind.spec, name) for kind in KINDS if kind not in REVIEWS]
        assert len(set(told)) == len(told), name


def test_every_kind_is_counted_in_the_singular_and_in_the_plural() -> None:
    """A plural that only has an s at its end is one whose last word is its noun."""
    for kind in KINDS:
        one, several = kind_words(kind).counted
        assert one != several, kind
        if several == f"{one}s":
            assert not {"a", "an", "of", "from", "to", "with", "on"} & set(one.split()), several


def test_what_is_said_of_a_disclosure_its_proposer_and_its_maker_differs() -> None:
    for body in both(message(line("disclosure_approval", "chair", label="number 1"), kind="escalation")):
        assert "Approval of a disclosure (number 1)" in body
        assert "Make sure somebody other than the proposer decides" in body
    for body in both(message(line("disclosure", "discloser", label="number 1"))):
        assert "Disclosure 1" in body
        assert "have the recipient sign the undertaking" in body
        assert "approv" not in body


def test_nobody_but_the_victim_liaison_officer_is_asked_to_tell_a_victim() -> None:
    told = {kind for kind in KINDS if "ell the victim" in kind.spec.to_do}
    assert told == {Events.VICTIM_UPDATE}
    rule = shipped_book().policies[0].timescales[Events.VICTIM_UPDATE]
    assert (rule.owner, rule.owner_agency) == ("representative", "victim_liaison")


@pytest.mark.parametrize("words", ALL_WORDS)
def test_no_number_of_the_policy_stands_in_the_words(words: Any) -> None:
    text = " ".join((words.title, words.to_do, words.chase))
    assert not re.search(r"\d+ (working )?(day|week|month)", text)
    assert words.to_do.endswith(".")
    assert words.chase.endswith(".")


class TestSubjectsOfEscalations:
    def test_what_escalates_before_it_is_overdue_is_not_called_overdue(self) -> None:
        early = {
            kind
            for kind, rule in shipped_book().policies[0].timescales.items()
            for rung in rule.rungs
            if rung.weight is Weight.ESCALATION and rung.at == "at once"
        }
        assert early == {kind for kind in KINDS if kind_words(kind).raised}
        for kind in early:
            assert "overdue" not in escalation_subject(kind).lower()

    @pytest.mark.parametrize("kind", KINDS)
    def test_nothing_is_called_overdue_on_the_day_it_is_due_and_everything_is_on_the_next(self, kind: str) -> None:
        assert "overdue" not in escalation_subject(kind).lower()
        assert escalation_subject(kind, overdue=1).startswith("Overdue: ")

    def test_it_says_what_is_the_matter(self) -> None:
        assert escalation_subject("attendance") == f"Required agency absent, {REFERENCE}"
        assert escalation_subject("minutes") == f"Needs you now: minutes due 7 April, {REFERENCE}"
        assert escalation_subject("minutes", overdue=1) == f"Overdue: minutes, {REFERENCE}"

    def test_several_are_called_overdue_only_where_all_are(self) -> None:
        assert escalation_subject("minutes", "action", overdue=2) == "2 overdue: action, minutes"
        assert escalation_subject("minutes", "action", overdue=1) == "2 things need you, 1 overdue: minutes, action"
        assert escalation_subject("minutes", "attendance") == "2 things need you: required agency absent, minutes"


def test_agencies_have_the_names_a_reader_knows() -> None:
    policy = shipped_book().policies[0]
    assert policy.agency_name("childrens_social_care") == "children's social care"
    assert policy.agency_name("general_practice") == "general practice"
    assert opening("MAPPA unit, police") == "MAPPA unit, police"


class TestStatutory:
    @pytest.mark.parametrize("kind", MessageKind)
    def test_in_doubt_only_what_is_statutory_is_sent_again_by_itself(
        self, sqlite_record: Record, kind: MessageKind
    ) -> None:
        again = kind in (MessageKind.ESCALATION, MessageKind.ATTENDANCE_LETTER, MessageKind.EVENT)
        with sqlite_record.writing() as session:
            rows.message(session, "m1", kind=kind, state="uncertain", tries=1, began_at=MORNING)
            assert waiting(session, MORNING) == (["m1"] if again else [])
        assert is_resent(kind, 1, MailSettings()) is again
        assert (kind in STATUTORY) is again
