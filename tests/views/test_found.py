"""A list that shows its beginning: it reads no more, and the database counts the rest."""

from sqlalchemy import event

from models.record import Record
from views.areas import areas
from views.cases import cases
from views.problems import problems


def test_the_beginning_of_a_list_and_how_many_more_there_are(caseload: Record) -> None:
    with caseload.reading() as session:
        found = problems(session)
        assert [problem.subject for problem in found.first(2)] == ["case 1", "case 2"]
        assert [found.beyond(2, 100), found.beyond(2, 1), found.beyond(5, 100), found.beyond(9, 100)] == [3, 1, 0, 0]
        assert [problem.id for problem in found] == [problem.id for problem in problems(session).first(5)]
        assert len(problems(session, stage="deliver").first(2)) == problems(session, stage="deliver").beyond(0, 9) == 0


def test_a_list_of_cases_that_shows_no_duties_reads_none(caseload: Record) -> None:
    asked: list[str] = []
    event.listen(caseload.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    with caseload.reading() as session:
        assert [len(case.timescales) for case in cases(session, with_timescales=False).first(3)] == [0, 0, 0]
        assert not any("timescale" in statement for statement in asked)
        assert [len(case.timescales) for case in cases(session)] == [1] * 5


def test_the_areas_are_found_each_once(caseload: Record) -> None:
    with caseload.reading() as session:
        assert areas(session) == ["Kent", "London"]
