"""One name, one address, one identifier, however a file writes it: nobody is two people, no mailbox gets two e-mails.

From public reports of people who run registers: exports of two systems write one name in capitals and in small letters,
with composed and decomposed accents, with two kinds of apostrophe.
"""

import pytest
from sqlalchemy import func, select

from casework.loading import load_directory
from models.cases import Case
from models.directory import DirectoryEntry
from models.obligations import Message, Prompt
from models.people import Person, Sentence
from models.referrals import Referral
from notifications.recipients import Directory
from tests.support.story import DARREN, DIRECTORY, OLIVE, OPAL, Story, at, form, post, write_csv


@pytest.fixture
def story(record, tmp_path) -> Story:
    return Story(record, tmp_path)


def load_posts(story, *rows):
    path = write_csv(story.folder / "posts.csv", rows)
    return load_directory(story.record, path, as_at=at("2026-06-02"), actor="t")


def column(story, of):
    with story.record.reading() as session:
        return session.scalars(select(of)).all()


NAMES = [
    ("forenames", "Si\u00e2n", "Sia\u0302n"),
    ("surname", "SMITH", "Smith"),
    ("surname", "O'Neill", "O\u2019Neill"),
    ("surname", "Smith-Jones", "Smith Jones"),
    ("forenames", "John  Paul", "John Paul"),
]


@pytest.mark.parametrize(("field", "first", "second"), NAMES)
def test_two_rows_of_one_person_agree_on_a_name_and_what_is_written_first_stands(story, field, first, second):
    one = DARREN | {field: first}
    report = story.load(
        "2026-06-01", one, one | {field: second, "offence_code": "SX03001", "offence_date": "2023-01-06"}
    )
    assert (report.added, report.rejected) == (2, 0)
    assert column(story, getattr(Person, field)) == [first]


@pytest.mark.parametrize(("field", "first", "second"), NAMES)
def test_a_later_file_in_other_letters_changes_nothing(story, field, first, second):
    story.load("2026-06-01", DARREN | {field: first, "offender_manager": "Olive Example"})
    report = story.load("2026-06-02", DARREN | {field: second, "offender_manager": "OLIVE EXAMPLE", "area": "LONDON"})
    assert (report.unchanged, report.changed) == (1, 0)
    assert column(story, getattr(Person, field)) == [first]


def test_a_name_that_says_something_else_is_still_a_disagreement(story):
    report = story.load("2026-06-01", DARREN, DARREN | {"surname": "Imvented", "offence_code": "SX03001"})
    assert report.rejected == 2
    assert "disagree on the surname" in report.rejects[0].reason


def test_one_mailbox_gets_one_digest_of_both_prompts(story):
    """Release on Fri 12 March 2027: the referral is due on 12 September 2026 and first asked for on Wed 12 August."""
    marco = DARREN | {"crn": "X320742", "forenames": "Marco", "date_of_birth": "1985-03-05"}
    story.load("2026-06-01", DARREN, marco | {"offender_manager_email": "Olive@Probation.example"})
    story.tick("2026-06-01")
    story.tick("2026-08-12")
    with story.record.reading() as session:
        asked = select(Prompt.message_id).where(Prompt.rung == "-1 month", Prompt.recipient_role == "offender_manager")
        messages = session.scalars(asked).all()
        assert (len(messages), len(set(messages))) == (2, 1)
        assert session.scalars(select(Message.recipient).where(Message.id == messages[0])).one() == OLIVE
    assert set(column(story, Sentence.offender_manager_email)) == {OLIVE}


def test_an_entry_of_the_directory_ends_in_whatever_letters_it_is_told(story):
    """Opal leaves; the file that says so writes her address, prison and area otherwise."""
    ended = post("prison", "prison_offender_management", "OPAL", "Opal@Prison.Example", "HMP\u00a0EXAMPLE")
    report = load_posts(story, ended | {"area": "LONDON", "to": "2026-06-11"})
    assert (report.added, report.changed) == (0, 1)
    with story.record.reading() as session:
        [entry] = session.scalars(select(DirectoryEntry).where(DirectoryEntry.email == OPAL))
        assert (entry.area, entry.unit, entry.name, str(entry.valid_to)) == (
            "London",
            "HMP Example",
            "Opal",
            "2026-06-11",
        )
        assert session.scalar(select(func.count()).select_from(DirectoryEntry)) == len(DIRECTORY)


def test_the_prison_of_a_case_is_found_in_other_letters(story):
    """The notice of release is asked for from the prison, though the sentences file writes the prison in capitals."""
    load_posts(story, post("prison", "prison_offender_management", "Nobody", "a@prison.example", "HMP Another"))
    story.load("2026-06-01", DARREN | {"prison": "HMP\u2009EXAMPLE", "area": "london"})
    story.tick("2026-06-01")
    with story.record.reading() as session:
        case = session.scalars(select(Case)).one()
        assert case.area == "London"
        directory = Directory(session, ["London"], at("2026-06-01").date())
        assert directory.holder(case, "prison_offender_management", "prison") == (OPAL, "Opal")


def test_a_form_writes_an_address_in_its_normal_form_too(story):
    story.load("2026-06-01", DARREN)
    story.tick("2026-06-01")
    told = {"police_offender_manager": {"name": "Priya", "email": "Priya.O\u2019Brien@Police.Example"}}
    story.record_fact("circumstances", "2026-06-02", **told)
    assert column(story, Case.police_offender_manager_email) == ["priya.o'brien@police.example"]


def test_who_wrote_a_referral_does_not_countersign_it_in_other_letters(story):
    story.load("2026-06-01", DARREN)
    story.tick("2026-06-01")
    referral = form("referral") | {"referred_by": "Si\u00e2n O'Neill", "countersigned_by": "SIA\u0302N O\u2019NEILL"}
    story.record_fact("referral", "2026-09-09", **referral)
    [[missing]] = column(story, Referral.missing)
    assert missing.endswith("a manager, not the one who refers")


def test_an_identifier_of_other_digits_is_refused_with_its_place(story):
    wide = DARREN | {"crn": "X\uff13\uff12\uff10\uff17\uff14\uff11", "noms_number": "G\uff15\uff15\uff15\uff15TT"}
    report = story.load("2026-06-01", DARREN, wide | {"pnc_number": "\uff12\uff10\uff12\uff11/0000001V"})
    assert (report.added, report.rejected) == (1, 1)
    assert [(one.column, one.reason.partition(": ")[2].partition(";")[0]) for one in report.rejects] == [
        ("crn", "character 2 is '\uff13', U+FF13 fullwidth digit three"),
        ("noms_number", "character 2 is '\uff15', U+FF15 fullwidth digit five"),
        ("pnc_number", "character 1 is '\uff12', U+FF12 fullwidth digit two"),
    ]
