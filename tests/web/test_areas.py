"""A role counts in its own area alone: what is loaded, and what is looked on, for another is refused or not shown."""

from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from models.cases import QUESTION, Case, Problem
from models.directory import DirectoryEntry
from models.people import Person
from models.record import Record
from tests.support.rows import message
from tests.support.story import CORA, DARREN, MEETING_DIRECTORY, Story, at, post, write_csv
from tests.support.workbooks import write_workbook
from tests.web.conftest import TODAY
from tests.web.visiting import Desk

OPS, BOTH = "ops@agency.example", "bea@mappa.example"
ELLA = post("mappa_unit", "coordinator", "Ella", "ella@mappa.example") | {"area": "Elsewhere"}


@pytest.fixture
def desk(record: Record, tmp_path: Path, today: None) -> Desk:
    """London with Darren, Elsewhere with Elsie; BOTH coordinates Elsewhere and represents housing in London."""
    rows = [
        *MEETING_DIRECTORY,
        ELLA,
        ELLA | {"name": "Bea", "email": BOTH},
        post("housing", "representative", "Bea", BOTH),
    ]
    story = Story(record, tmp_path, rows)
    elsie = {"crn": "X320742", "forenames": "Elsie", "area": "Elsewhere", "offender_manager_email": "", "prison": ""}
    story.load("2026-06-01", DARREN, DARREN | elsie | {"line_manager_email": ""})
    story.tick("2026-06-01")
    with record.writing() as session:
        for case in session.scalars(select(Case).order_by(Case.id)).all():
            session.add(
                Problem(stage="identification", subject=f"case {case.id}", case_id=case.id, kind=QUESTION,
                        reason=f"Which of two in {case.area}?", tries=1, first_seen_at=at(TODAY),
                        last_seen_at=at(TODAY))
            )  # fmt: skip
        session.add(
            Problem(stage="delivery", subject="e-mail", case_id=None, kind="failure", reason="No route",
                    tries=1, first_seen_at=at(TODAY), last_seen_at=at(TODAY))
        )  # fmt: skip
    return Desk(record, tmp_path)


def load(desk: Desk, what: str, rows: list[dict[str, str]]) -> str:
    """Load a file at the desk as London's coordinator; return the page's words."""
    desk.sign_in(CORA, at(TODAY, 10))
    key = str(desk.get("/load").soup.select_one('input[name="form_key"]')["value"])  # type: ignore[index]
    file = write_csv(desk.mail.with_suffix(".csv"), rows).read_bytes()
    answer = desk.client.post(
        "/load", data={"form_key": key, "what": what, "do": "load"}, files={"file": ("f.csv", file)}
    )
    return " ".join(answer.text.split())


def test_a_coordinator_gives_nobody_a_role_in_another_area(desk: Desk) -> None:
    mine = post("police", "representative", "New", "new@police.example")
    herself = ELLA | {"name": "Cora", "email": CORA}
    told = load(desk, "directory", [mine, herself, herself | {"area": "ELSEWHERE"}])
    assert told.count("is not an area for which you may load; yours: London") >= 2
    with desk.record.reading() as session:
        held = select(DirectoryEntry.area, DirectoryEntry.role)
        assert session.execute(held.where(DirectoryEntry.email == CORA)).all() == [("London", "coordinator")]
        assert session.execute(held.where(DirectoryEntry.email == mine["email"])).all() == [
            ("London", "representative")
        ]


def test_a_workbook_is_loaded_with_the_mapping_that_is_sent_beside_it(desk: Desk) -> None:
    """Errors name the files as the reader knows them, and no folder of the server."""
    rows = [DARREN | {"crn": "X320745", "Last name": "Fifth"}, DARREN | {"crn": 320746, "Last name": "Sixth"}]
    theirs = [{name: value for name, value in row.items() if name != "surname"} for row in rows]
    book = write_workbook(desk.mail.with_suffix(".xlsx"), theirs).read_bytes()
    desk.sign_in(CORA, at(TODAY, 10))
    key = str(desk.get("/load").soup.select_one('input[name="form_key"]')["value"])  # type: ignore[index]

    def send(mapping: str) -> str:
        files = {"file": ("../Sentences of June.xlsx", book), "mapping": ("delius.toml", mapping.encode())}
        answer = desk.client.post("/load", data={"form_key": key, "what": "sentences", "do": "load"}, files=files)
        return " ".join(answer.text.split())

    said = "elius.toml: [columns] &#39;surnme&#39; is not a column of sentences"
    assert said in send("columns.surnme = 'A'")
    assert "Sentences of June.xlsx, sheet &#39;Sheet1&#39;, line 1: wrong columns" in send("ignore = ['Wing']")
    told = send("columns.surname = 'Last name'")
    assert "2 rows read, 1 new, 0 changed, 0 known already, 1 rejected" in told
    assert "Was turned into the number 320746 by the spreadsheet" in told


def test_a_blank_workbook_to_fill_in_is_given_out(desk: Desk) -> None:
    desk.sign_in(CORA, at(TODAY, 10))
    links = [str(one["href"]) for one in desk.get("/load").soup.select('a[href$=".xlsx"]')]
    assert "/load/templates/sentences.xlsx" in links
    given = desk.client.get("/load/templates/sentences.xlsx")
    assert load_workbook(BytesIO(given.content)).sheetnames == ["sentences", "Notes", "Choices"]
    assert desk.client.get("/load/templates/offences.xlsx").status_code == 404


def test_a_coordinator_loads_no_sentence_of_another_area(desk: Desk) -> None:
    third = DARREN | {"crn": "X320743", "area": "Elsewhere", "surname": "Third"}
    fourth = DARREN | {"crn": "X320744", "surname": "Fourth"}
    told = load(desk, "sentences", [third, fourth])
    assert "is not an area for which you may load; yours: London" in told
    with desk.record.reading() as session:
        query = select(Person.crn).where(Person.crn.in_(("X320743", "X320744"))).order_by(Person.crn)
        assert session.scalars(query).all() == ["X320744"]


def test_whoever_coordinates_one_area_and_represents_an_agency_in_another_looks_on_the_first_alone(desk: Desk) -> None:
    with desk.record.writing() as session:
        message(session, "m1", area="London", subject="London's own")
        message(session, "m2", area="Elsewhere", subject="Elsewhere's own")
    desk.sign_in(BOTH, at(TODAY, 10))
    problems = desk.get("/problems").text
    assert "Which of two in Elsewhere?" in problems
    assert "in London" not in problems
    assert "No route" not in problems
    messages = desk.get("/messages").text
    assert "Elsewhere's own" in messages
    assert "London's own" not in messages
    people = desk.get("/people").text
    assert "Ella" in people
    assert CORA not in people


def test_an_operator_sees_the_problems_of_every_area_and_those_of_no_case(desk: Desk) -> None:
    told = desk.sign_in(OPS, at(TODAY, 10)).get("/problems").text
    assert all(words in told for words in ("Which of two in Elsewhere?", "Which of two in London?", "No route"))
