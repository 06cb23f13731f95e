"""The directory, edited at the desk: as the file would be, of one's own area alone, with history.

Darren is released on Friday 12 March 2027; the prison's notice is due on Sunday 12 July 2026, so it was asked for on
Friday 10 July, and the coordinator from 17 July on.
"""

from pathlib import Path

import pytest
from sqlalchemy import select

from casework.loading import load_directory
from models.audit import AuditEntry
from models.audit_seals import verify
from models.directory import DirectoryEntry
from models.record import Record
from policy.roles import DIRECTORY_ROLES, Role
from tests.support.story import (
    ADAM,
    CHRIS,
    CLARE,
    CORA,
    DARREN,
    HANA,
    MEETING_DIRECTORY,
    MONA,
    OPAL,
    Story,
    at,
    post,
    write_csv,
)
from tests.web.conftest import TODAY
from tests.web.visiting import Desk, Page
from web.access.directory_rights import roles_to_write
from web.access.hats import Hat, Reader

NED = {"agency": "prison", "role": "prison_offender_management", "name": "Ned", "email": "Ned@Prison.example",
       "unit": "HMP Example", "from#day": "1", "from#month": "9", "from#year": "2026"}  # fmt: skip


def entry_of(record: Record, email: str, area: str = "London") -> DirectoryEntry:
    with record.reading() as session:
        found = session.scalars(
            select(DirectoryEntry).where(DirectoryEntry.email == email, DirectoryEntry.area == area)
        ).first()
        assert found is not None, email
        session.expunge(found)
        return found


def told(record: Record) -> list[tuple[str, str, object, object]]:
    """What the trail says of the directory: as whom, what, before and after."""
    with record.reading() as session:
        assert list(verify(session)) == []
        found = session.scalars(
            select(AuditEntry).where(AuditEntry.chain == "directory/London", AuditEntry.actor != "t")
            .order_by(AuditEntry.seq)
        )  # fmt: skip
        return [(one.actor, one.action, one.before, one.after) for one in found]


def add(desk: Desk, **typed: str) -> Page:
    return desk.press(desk.get("/people/add"), "", **typed)


def test_somebody_is_added_as_a_file_would_and_the_trail_says_the_same(desk: Desk, story: Story) -> None:
    page = add(desk.sign_in(ADAM, at(TODAY, 10)), **NED)
    assert (page.status, page.path) == (200, "/people")
    assert "ned@prison.example" in page.text
    row = post("prison", "prison_offender_management", "Nell", "nell@prison.example", "HMP Example")
    load_directory(story.record, write_csv(story.folder / "d2.csv", [row | {"from": "2026-09-01"}]),
                   as_at=at(TODAY, 11), actor="Adam")  # fmt: skip
    by_hand, by_file = told(story.record)
    assert by_hand[:3] == by_file[:3] == ("Adam", "directory-entry-added", None)
    assert isinstance(by_hand[3], dict)
    assert isinstance(by_file[3], dict)
    assert by_hand[3].keys() == by_file[3].keys()
    assert by_hand[3]["valid_from"] == by_file[3]["valid_from"] == "2026-09-01"
    # The file that says what the desk wrote changes nothing.
    again = post("prison", "prison_offender_management", "Ned", "ned@prison.example", "HMP Example")
    report = load_directory(story.record, write_csv(story.folder / "d3.csv", [again | {"from": "2026-09-01"}]),
                            as_at=at(TODAY, 12), actor="t")  # fmt: skip
    assert (report.unchanged, report.changed, report.added) == (1, 0, 0)


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"email": "ned at prison"}, "E-mail address: 'ned at prison' is not an e-mail address"),
        ({"name": ""}, "Name: Is empty; enter a value"),
        ({"telephone": "12"}, "Telephone: '12' is not a telephone number"),
        ({"from#month": "13"}, "From: '2026-13-01' is not a day of the calendar"),
        ({"to#day": "1", "to#month": "8", "to#year": "2026"}, "Last day: 2026-08-01 is before from, 2026-09-01"),
        ({"agency": "the_moon"}, "Agency: 'the_moon' is not one of"),
        ({"email": OPAL}, "E-mail address: Somebody with this address has this role already"),
    ],
)
def test_what_the_file_would_reject_is_refused_beside_its_field_and_stays_typed(
    desk: Desk, story: Story, typed: dict[str, str], error: str
) -> None:
    page = add(desk.sign_in(ADAM, at(TODAY, 10)), **(NED | typed))
    assert page.status == 422
    [line] = page.errors
    assert line.startswith(error)
    assert page.soup.select_one('input[name="unit"]')["value"] == "HMP Example"  # type: ignore[index]
    assert told(story.record) == []


def test_an_entry_is_changed_and_its_page_tells_the_history(desk: Desk, story: Story) -> None:
    desk.sign_in(CORA, at(TODAY, 10))
    hana = entry_of(story.record, HANA)
    page = desk.press(desk.get(f"/people/{hana.id}"), "", name="Hana Moved", email="hana.moved@housing.example")
    assert page.status == 200
    assert "Name: Hana became Hana Moved" in page.text
    assert f"E-mail address: {HANA} became hana.moved@housing.example" in page.text
    # Nothing else was touched, and no second time.
    assert desk.press(page, "").status == 200
    [(actor, action, before, after)] = told(story.record)
    assert (actor, action) == ("Cora", "directory-entry-changed")
    assert before == {"email": HANA, "name": "Hana"}
    assert after == {"entry": hana.id, "email": "hana.moved@housing.example", "name": "Hana Moved"}


def test_two_at_once_do_not_overwrite_each_other(desk: Desk, story: Story) -> None:
    desk.sign_in(CORA, at(TODAY, 10))
    hana = entry_of(story.record, HANA)
    opened = desk.get(f"/people/{hana.id}")
    desk.press(desk.get(f"/people/{hana.id}"), "", telephone="020 7946 0001")
    page = desk.press(opened, "", telephone="020 7946 0002")
    assert page.status == 409
    assert entry_of(story.record, HANA).telephone == "020 7946 0001"


def test_a_leaver_is_not_asked_and_who_follows_is(record: Record, tmp_path: Path, today: None) -> None:
    story = Story(record, tmp_path, MEETING_DIRECTORY)
    story.load("2026-06-01", DARREN)
    story.tick("2026-06-01")
    desk = Desk(record, tmp_path).sign_in(ADAM, at(TODAY, 10))
    opal = next(one.id for one in entries(record, OPAL) if one.role == "prison_offender_management")
    page = desk.get(f"/people/{opal}")
    desk.press(page, "", **{"to#day": "20", "to#month": "9", "to#year": "2026"})
    add(desk, **NED)
    story.tick(TODAY)
    due = {(rung, who) for rung, _, who, _ in story.prompts("prison_notice")}
    assert ("due", "ned@prison.example") in due
    assert OPAL not in {who for _, who in due}
    # Opal's session runs on, and opens nothing but what her other entry gives her.
    assert desk.sign_in(OPAL, at(TODAY, 10)).get("/cases/LON-2026-000001").status == 404


def entries(record: Record, email: str) -> list[DirectoryEntry]:
    with record.reading() as session:
        found = list(session.scalars(
            select(DirectoryEntry).where(DirectoryEntry.email == email).order_by(DirectoryEntry.id)))  # fmt: skip
        session.expunge_all()
        return found


def test_nobody_writes_their_own_entry_nor_that_of_somebody_above_them(desk: Desk, story: Story) -> None:
    for who, other in ((ADAM, ADAM), (ADAM, CORA), (ADAM, MONA), (CORA, CORA), (CORA, MONA), (CORA, CHRIS),
                       (MONA, MONA), (MONA, CHRIS)):  # fmt: skip
        desk.sign_in(who, at(TODAY, 10))
        entry = entry_of(story.record, other)
        page = desk.get(f"/people/{entry.id}")
        assert page.soup.select_one("main form") is None, (who, other)
        key = desk.get("/you").soup.select_one('input[name="form_key"]')["value"]  # type: ignore[index]
        seen = desk_mark(entry)
        page = desk.post(f"/people/{entry.id}", {"form_key": key, "seen": seen, "name": "X", "email": other})
        assert page.status == 422, (who, other)
    for who, role in ((ADAM, "coordinator"), (CORA, "coordinator_manager"), (MONA, "smb_chair")):
        page = add(desk.sign_in(who, at(TODAY, 10)), **(NED | {"agency": "mappa_unit", "role": role}))
        assert page.status == 422, (who, role)
        assert "ask the operator" in page.text
    # Nor is another role given to one's own address.
    page = add(desk.sign_in(ADAM, at(TODAY, 10)), **(NED | {"email": ADAM}))
    assert page.errors == ["Role: Your own entry is changed by a colleague"]
    assert told(story.record) == []
    assert desk.sign_in(MONA, at(TODAY, 10)).get(f"/people/{entry_of(story.record, CORA).id}").soup.select("main form")


def desk_mark(entry: DirectoryEntry) -> str:
    from web.desk.directory import mark_of

    return mark_of(entry)


def test_another_area_is_out_of_reach_by_hand_and_by_file(desk: Desk, story: Story) -> None:
    row = post("mappa_unit", "coordinator", "Ella", "ella@mappa.example") | {"area": "Elsewhere"}
    load_directory(story.record, write_csv(story.folder / "d2.csv", [row]), as_at=at(TODAY, 9), actor="t")
    desk.sign_in(CORA, at(TODAY, 10))
    ella = entry_of(story.record, "ella@mappa.example", "Elsewhere")
    assert desk.get(f"/people/{ella.id}").status == 404
    assert add(desk, **(NED | {"area": "Elsewhere"})).errors == ["Role: You may change the directory of London alone"]
    own = post("mappa_unit", "coordinator", "Cora", CORA)
    file = write_csv(story.folder / "d3.csv", [
        own, row, own | {"area": "Elsewhere"}, own | {"role": "coordinator_manager"},
        post("housing", "chair", "New", CLARE),
    ])  # fmt: skip
    key = desk.get("/you").soup.select_one('input[name="form_key"]')["value"]  # type: ignore[index]
    with file.open("rb") as content:
        answer = desk.client.post("/load", data={"form_key": key, "what": "directory", "do": "load"},
                                  files={"file": ("d3.csv", content)})  # fmt: skip
    text = " ".join(Page(answer).text.split())
    # What stands already is no change; what is not theirs to give comes back.
    assert "5 rows read, 1 new, 0 changed, 1 known already, 3 rejected" in text
    assert "is not an area for which you may load" in text
    assert [one.area for one in entries(story.record, CORA)] == ["London"]


def test_what_each_may_give() -> None:
    """Whoever is chased does not choose who chases them."""
    heads = {Role.COORDINATOR_MANAGER, Role.SMB_CHAIR}
    for role, without in (
        (Role.ADMINISTRATOR, heads | {Role.COORDINATOR}),
        (Role.COORDINATOR, heads | {Role.COORDINATOR}),
        (Role.COORDINATOR_MANAGER, heads),
        (Role.CHAIR, set(DIRECTORY_ROLES)),
        (Role.REPRESENTATIVE, set(DIRECTORY_ROLES)),
    ):
        reader = Reader("a@b.example", "A", (Hat(role, "London", "mappa_unit"),))
        assert set(roles_to_write(reader, "London")) == set(DIRECTORY_ROLES) - without
        assert roles_to_write(reader, "Elsewhere") == ()
