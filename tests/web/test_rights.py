"""Who may open what: every page by every role and relation, row by row. A page without a row fails here."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from models.audit import AuditEntry
from models.audit_seals import verify
from models.record import Record
from tests.support.story import (
    ADAM,
    CHRIS,
    CLARE,
    CORA,
    DARREN,
    HANA,
    LIONEL,
    MEETING_DIRECTORY,
    MONA,
    OLIVE,
    OPAL,
    PRIYA,
    RAE,
    SIMON,
    VERA,
    Story,
    at,
    post,
)  # fmt: skip
from tests.web.conftest import TODAY
from tests.web.visiting import Desk
from web.access.rights import Action
from web.desk import PAGES
from web.routes import Page

CASE, OTHER = "LON-2026-000001", "LON-2026-000002"
LAY, OPS, NOBODY, ELSEWHERE = "lay@smb.example", "ops@agency.example", "", "ella@mappa.example"
# Whom Darren's case knows, and how: OLIVE and LIONEL by name; OPAL holds him; the others by their roles.
OF_THE_AREA = (CORA, ADAM, MONA, CLARE)
ON_THE_CASE = (*OF_THE_AREA, OLIVE, LIONEL, OPAL, PRIYA)
ALL = (*ON_THE_CASE, RAE, HANA, VERA, SIMON, CHRIS, LAY, OPS, ELSEWHERE, NOBODY)
SIGNED_IN = tuple(one for one in ALL if one != NOBODY)
MAY: dict[Action, tuple[str, ...]] = {
    Action.ANYBODY: ALL,
    Action.SIGNED_IN: SIGNED_IN,
    Action.SEE_CASE: ON_THE_CASE,
    Action.RECORD: ON_THE_CASE,
    Action.SEE_ROOM: (CORA, ADAM, CLARE),
    Action.KEEP_ROOM: (CORA, ADAM),
    Action.KEEP_MINUTES: (CORA, ADAM),
    Action.APPROVE_MINUTES: (CLARE,),
    Action.SEE_MESSAGES: (CORA, ADAM, MONA, ELSEWHERE),
    Action.SETTLE_MESSAGES: (CORA, ADAM, ELSEWHERE),
    Action.SEE_PEOPLE: (*OF_THE_AREA, ELSEWHERE),
    Action.EDIT_PEOPLE: (CORA, ADAM, MONA, ELSEWHERE),
    Action.LOAD: (CORA, ADAM, ELSEWHERE),
    Action.SEE_PROBLEMS: (CORA, ADAM, MONA, OPS, ELSEWHERE),
    Action.SEE_POLICY: (*OF_THE_AREA, OPS, ELSEWHERE),
}
"""Who may do what. Darren's case is in prison, prompted of nobody but the prison: no agency is asked for anything."""
FILLED = {
    "{reference}": CASE,
    "{kind}": "circumstances",
    "{number}": "1",
    "{step}": "victims",
    "{version}": "1",
    "{secret}": "nobody",
    "{message}": "nothing",
}
# What a page answers somebody who may open it, where that is not 200: it asks for something that is not there, or a
# form that was not filled in.
OTHERWISE = {
    "POST /sign-in": 400,
    "GET /calendar/{secret}.ics": 404,
    "POST /sign-in/code": 400,
    "GET /answer/{number}": 404,
    "GET /cases/{reference}/due/{number}": 404,
    "GET /cases/{reference}/meetings/{number}/papers": 404,
    "GET /cases/{reference}/meetings/{number}/papers/pdf": 404,
    "GET /cases/{reference}/meetings/{number}/minutes": 404,
    "GET /cases/{reference}/meetings/{number}/minutes/compare": 404,
    "GET /cases/{reference}/meetings/{number}/minutes/{version}": 404,
    "GET /cases/{reference}/meetings/{number}/minutes/{version}/pdf": 404,
    "POST /cases/{reference}/meetings/{number}/minutes/draft": 404,
    "POST /cases/{reference}/meetings/{number}/minutes/approve": 404,
    "POST /cases/{reference}/meetings/{number}/minutes/final": 404,
    "GET /cases/{reference}/meetings/{number}/room": 404,
    "GET /cases/{reference}/meetings/{number}/room/check": 404,
    "GET /cases/{reference}/meetings/{number}/room/{step}": 404,
    "POST /cases/{reference}/meetings/{number}/room/{step}": 404,
    "POST /cases/{reference}/meetings/{number}/room/take": 404,
    "POST /cases/{reference}/meetings/{number}/room/close": 404,
    "POST /cases/{reference}/record/{kind}": 404,
    "POST /drafts/drop": 404,
    "POST /messages/decide": 422,
    "GET /messages/{message}": 404,
    "POST /people/add": 422,
    "POST /away": 422,
    "GET /sign-in/provider": 404,
    "GET /sign-in/callback": 404,
    "POST /away/end": 404,
    "GET /people/{number}": 404,
    "POST /people/{number}": 404,
    "POST /load": 422,
    "POST /you/calendar/end": 303,
}
RECORDS_CIRCUMSTANCES = (CORA, ADAM, OLIVE, LIONEL, PRIYA)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("rights")


@pytest.fixture
def told(record: Record, tmp_path: Path, today: None) -> Story:
    """Darren in London, and somebody else in another area, with a coordinator of its own."""
    rows = [
        *MEETING_DIRECTORY,
        post("smb", "lay_adviser", "Lay", LAY),
        post("mappa_unit", "coordinator", "Ella", ELSEWHERE) | {"area": "Elsewhere"},
    ]
    story = Story(record, tmp_path, rows)
    other = {"crn": "X320742", "forenames": "Elsie", "area": "Elsewhere", "offender_manager_email": "", "prison": ""}
    darren = DARREN | {"police_offender_manager": "Priya", "police_offender_manager_email": PRIYA}
    story.load("2026-06-01", darren)
    story.tick("2026-06-01")
    story.load("2026-06-02", darren | other | {"line_manager_email": "", "police_offender_manager_email": ""})
    story.tick("2026-06-02")
    return story


def name_of(page: Page) -> str:
    return f"{page.method} {page.path}"


def expected(page: Page, who: str) -> int:
    """What the table says; 303 for whoever must sign in first."""
    if who == NOBODY and page.action is not Action.ANYBODY:
        return 303
    if who not in MAY[page.action]:
        # A case that is not somebody's is not there for them.
        return 404 if page.of_case and who not in ON_THE_CASE else 403
    if page.of_case and "{kind}" in page.path and who not in RECORDS_CIRCUMSTANCES:
        return 403
    if page.path == "/" or (page.path == "/sign-in" and page.method == "GET" and who != NOBODY):
        return 303
    if page.path == "/sign-out":
        return 303
    return OTHERWISE.get(name_of(page), 200)


def answers(desk: Desk, who: str) -> Iterator[tuple[str, int, int]]:
    """Open every page as somebody; yield the page, what it answered, and what it should."""
    if who != NOBODY:
        desk.sign_in(who, at(TODAY, 10))
    ordered = sorted(PAGES, key=lambda page: page.path == "/sign-out")
    for page in ordered:
        path = page.path
        for name, value in FILLED.items():
            path = path.replace(name, value)
        if page.path in ("/answer/{number}", "/people/{number}"):
            path = path.replace("/1", "/999999")
        if page.path == "/load/templates/{kind}.xlsx":
            path = "/load/templates/sentences.xlsx"
        if page.path == "/cases/{reference}/due/{number}":
            path = f"/cases/{CASE}/due/999999"
        if page.method == "GET":
            got = desk.client.get(path, follow_redirects=False)
        else:
            key = "" if who == NOBODY else form_key(desk)
            got = desk.client.post(path, data={"form_key": key, "what": "sentences"}, follow_redirects=False)
        yield name_of(page), got.status_code, expected(page, who)


def form_key(desk: Desk) -> str:
    found = desk.get("/you").soup.select_one('input[name="form_key"]')
    return str(found["value"]) if found else ""


def test_every_action_has_its_row_and_every_page_its_action() -> None:
    assert set(MAY) == set(Action)
    assert {page.action for page in PAGES} == set(Action)
    assert set(OTHERWISE) <= {name_of(page) for page in PAGES}


@pytest.mark.parametrize("who", ALL)
def test_each_page_opens_for_those_of_its_row_and_for_nobody_else(told: Story, tmp_path: Path, who: str) -> None:
    desk = Desk(told.record, tmp_path)
    found = list(answers(desk, who))
    assert [(page, got) for page, got, _ in found] == [(page, right) for page, _, right in found]


def test_nobody_sees_the_case_of_another_area_in_any_list(told: Story, tmp_path: Path) -> None:
    desk = Desk(told.record, tmp_path)
    for who in ALL[:-1]:
        desk.sign_in(who, at(TODAY, 10))
        for path in ("/today", "/today?of=team", "/due?of=team", "/cases", "/cases?q=Elsie", "/cases.csv", "/meetings"):
            text = desk.client.get(path).text
            assert (OTHER in text) <= (who == ELSEWHERE), (who, path)
            assert (CASE in text) <= (who in ON_THE_CASE), (who, path)


def test_an_agency_reads_a_case_once_something_is_asked_of_it_and_half_a_year_after(
    told: Story, tmp_path: Path
) -> None:
    desk = Desk(told.record, tmp_path).sign_in(VERA, at(TODAY, 10))
    assert desk.get(f"/cases/{CASE}").status == 404
    told.load("2026-09-02", DARREN | {"victim_contact": "yes"})
    told.tick("2026-09-02")
    # The victim liaison officer of the area works with the victim.
    assert desk.get(f"/cases/{CASE}").status == 200
    assert "works with its victim" in desk.get(f"/cases/{CASE}").text


def test_a_restricted_case_is_read_by_those_on_its_list_whatever_their_role(told: Story, tmp_path: Path) -> None:
    desk = Desk(told.record, tmp_path)
    told.record_fact("restriction", "2026-09-20", restricted=True, reason="A witness must not be found.")
    for who, right in ((CORA, 200), (OLIVE, 200), (ADAM, 403), (OPAL, 403), (HANA, 404)):
        assert desk.sign_in(who, at(TODAY, 10)).get(f"/cases/{CASE}").status == right, who
    told.record_fact("restriction", "2026-09-21", restricted=True, readers=[HANA, OLIVE],
                     reason="A witness must not be found.")  # fmt: skip
    for who, right in ((CORA, 403), (OLIVE, 200), (ADAM, 403), (HANA, 200)):
        assert desk.sign_in(who, at(TODAY, 10)).get(f"/cases/{CASE}").status == right, who
    # Others see that there is one, and no name.
    page = desk.sign_in(CORA, at(TODAY, 10)).get("/cases")
    assert "1 restricted case is not shown" in page.text
    assert "Invented" not in page.text
    assert "Invented" not in desk.client.get("/cases.csv").text


def test_every_reading_of_a_case_is_in_the_trail_with_the_reason_for_which_it_is_allowed(
    told: Story, tmp_path: Path
) -> None:
    desk = Desk(told.record, tmp_path).sign_in(OLIVE, at(TODAY, 10))
    desk.get(f"/cases/{CASE}")
    desk.get(f"/cases/{CASE}/plan")
    desk.get(f"/cases/{OTHER}")
    with told.record.reading() as session:
        entries = list(session.scalars(select(AuditEntry).where(AuditEntry.action == "case-read").order_by(
            AuditEntry.id)))  # fmt: skip
        assert [(one.actor, one.subject, one.after) for one in entries] == [
            ("Olive", CASE, {"page": "/", "why": "offender manager, manages it", "email": OLIVE}),
            ("Olive", CASE, {"page": "/plan", "why": "offender manager, manages it", "email": OLIVE}),
        ]
        assert list(verify(session)) == []
    desk.sign_in(CORA, at(TODAY, 10))
    assert "Olive: offender manager, manages it" in desk.get(f"/cases/{CASE}/history?show=reads").text
