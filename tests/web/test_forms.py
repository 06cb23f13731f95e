"""A fact recorded at the desk: prefilled, refused beside its field, kept at every step, recorded once."""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import func, select

from casework.recording.registry import KINDS
from models.cases import Draft, Fact
from models.record import Record
from policy.book import shipped_book
from policy.vocabulary import FactKind
from tests.support.story import CORA, OLIVE, OPAL, Story, at
from tests.web.conftest import TODAY
from tests.web.visiting import Desk
from web.desk.forms.reading import Typed, read_form
from web.desk.forms.shape import Shape, ShapedField, shaped
from web.desk.forms.widgets import Widget, widgets

CASE = "LON-2026-000001"
NOTICE = f"/cases/{CASE}/record/prison-notice"


def facts(record: Record, kind: str) -> list[Fact]:
    with record.reading() as session:
        found = list(session.scalars(select(Fact).where(Fact.kind == kind).order_by(Fact.id)))
        session.expunge_all()
        return found


def test_a_form_begins_with_what_the_record_knows_and_records_a_fact_in_the_role_of_its_reader(
    desk: Desk, story: Story
) -> None:
    page = desk.sign_in(OPAL, at(TODAY, 10)).get(NOTICE)
    assert page.status == 200
    assert page.soup.select_one("#f-date-year")["value"] == "2026"  # type: ignore[index]
    assert page.soup.select_one("#f-release_date-day")["value"] == "12"  # type: ignore[index]
    done = desk.press(page, contact="Opal Example, 020 7946 0999")
    assert done.status == 200, done.errors
    assert "Prison notice given on Monday 21 September" in done.text
    [fact] = facts(story.record, "prison-notice")
    assert (fact.recorded_by, fact.data["contact"], str(fact.on_date)) == (
        "Opal", "Opal Example, 020 7946 0999", TODAY,
    )  # fmt: skip


def test_what_is_refused_stands_beside_its_field_with_all_that_was_typed(desk: Desk, story: Story) -> None:
    page = desk.sign_in(OPAL, at(TODAY, 10)).get(NOTICE)
    told = desk.press(page, **{"date#year": "2031", "contact": "The whole of what was typed"})
    assert told.status == 422
    assert len(told.errors) == 1
    assert told.soup.select_one(".govuk-error-summary__list a")["href"] == "#f-date-day"  # type: ignore[index]
    assert told.soup.select_one("#f-date-year")["value"] == "2031"  # type: ignore[index]
    assert "The whole of what was typed" in str(told.soup.select_one("#f-contact"))
    assert facts(story.record, "prison-notice") == []
    # It is kept, and goes on from the list of drafts.
    drafts = desk.get("/drafts")
    assert "Refused: 1 to mend" in drafts.text
    again = desk.get(next(link for link in drafts.links() if "draft=" in link))
    assert len(again.errors) == 1
    assert desk.press(again, **{"date#year": "2026"}).status == 200
    assert [fact.data["contact"] for fact in facts(story.record, "prison-notice")] == ["The whole of what was typed"]
    assert "You have no drafts" in desk.get("/drafts").text


def test_a_form_sent_twice_is_recorded_once_and_says_the_same_both_times(desk: Desk, story: Story) -> None:
    page = desk.sign_in(OPAL, at(TODAY, 10)).get(NOTICE)
    first, second = desk.press(page, contact="Opal"), desk.press(page, contact="Opal, who pressed twice")
    assert first.text == second.text
    assert [fact.data["contact"] for fact in facts(story.record, "prison-notice")] == ["Opal"]


def test_whoever_comes_second_sees_what_the_first_recorded_and_decides(desk: Desk, story: Story) -> None:
    page = desk.sign_in(CORA, at(TODAY, 10)).get(NOTICE)
    story.record_fact("circumstances", TODAY, tagged=True)
    told = desk.press(page, contact="Cora")
    assert told.status == 409
    assert "Circumstances, by clerk" in told.text
    assert facts(story.record, "prison-notice") == []
    assert desk.press(told).status == 200
    assert [fact.data["contact"] for fact in facts(story.record, "prison-notice")] == ["Cora"]


def test_rows_are_added_and_removed_without_a_script(desk: Desk, story: Story) -> None:
    page = desk.sign_in(OLIVE, at(TODAY, 10)).get(f"/cases/{CASE}/record/referral")
    page = desk.press(page, "add:agencies", reason="Two agencies see him each week.")
    page = desk.press(page, "add:agencies", **{"agencies.0.agency": "housing", "agencies.0.name": "Hana"})
    page = desk.press(page, "add:agencies", **{"agencies.1.agency": "police", "agencies.1.name": "Rae"})
    assert page.soup.select_one('input[name="agencies#rows"]')["value"] == "3"  # type: ignore[index]
    page = desk.press(page, "remove:agencies:0")
    assert page.soup.select_one('input[name="agencies.0.name"]')["value"] == "Rae"  # type: ignore[index]
    assert "Two agencies see him each week." in str(page.soup)
    # A blank row counts for nothing, and an error still names the row it is in.
    told = desk.press(page, **{"agencies.0.agency": "", "agencies.0.name": "R"})
    assert "agencies-0-agency" in str(told.soup.select(".govuk-error-summary__list a"))


def test_somebody_elses_form_is_neither_shown_nor_changed(desk: Desk, story: Story) -> None:
    page = desk.sign_in(OPAL, at(TODAY, 10)).get(NOTICE)
    kept = desk.press(page, "save", contact="Only for Opal")
    link = next(link for link in kept.links() if "draft=" in link)
    desk.sign_in(CORA, at(TODAY, 10))
    assert desk.get(link).status == 404
    ticket = link.partition("draft=")[2]
    mine = desk.get(NOTICE)
    assert desk.press(mine, ticket=ticket, contact="Cora's own").status == 409
    with story.record.reading() as session:
        [draft] = session.scalars(select(Draft).where(Draft.ticket == ticket))
        assert draft.data["contact"] == "Only for Opal"


def test_a_form_without_the_key_of_its_session_or_from_another_site_does_nothing(desk: Desk, story: Story) -> None:
    page = desk.sign_in(OPAL, at(TODAY, 10)).get(NOTICE)
    assert desk.press(page, form_key="").status == 403
    key = desk.sign_in(CORA, at(TODAY, 10)).get(NOTICE).soup.select_one('input[name="form_key"]')["value"]  # type: ignore[index]
    desk.sign_in(OPAL, at(TODAY, 10))
    assert desk.press(page, form_key=str(key)).status == 403
    desk.client.headers["sec-fetch-site"] = "cross-site"
    assert desk.press(page).status == 403
    with story.record.reading() as session:
        assert session.scalar(select(func.count(Draft.id))) == 0


def everything(made: list[Widget]) -> list[Widget]:
    return [one for w in made for one in [w, *everything(w.inside), *(x for row in w.rows for x in everything(row))]]


def typed_from(made: list[Widget]) -> list[tuple[str, str]]:
    """What a browser sends of widgets that are filled."""
    found: list[tuple[str, str]] = []
    for w in everything(made):
        if w.shape in ("rows", "by_name", "words_by_name"):
            found.append((f"{w.name}#rows", str(len(w.rows))))
            found += [(f"{w.name}.{place}#key", key) for place, key in enumerate(w.keys)]
        elif w.shape in ("day", "moment"):
            found += [(f"{w.name}#{part}", w.value[part]) for part in ("day", "month", "year", "time")]
        elif w.shape in ("choice", "ticks"):
            found += [(w.name, answer.value) for answer in w.answers if answer.chosen]
        elif w.shape == "confirm":
            found += [(w.name, "yes")] if w.value else []
        elif w.shape != "part":
            found.append((w.name, str(w.value)))
    return found


@pytest.mark.parametrize("kind", list(FactKind))
def test_the_example_of_every_kind_goes_through_the_page_and_comes_back_the_same(kind: FactKind) -> None:
    """What a file holds is what the page sends, for every field of every form."""
    example = KINDS[kind].example
    fields = shaped(KINDS[kind].form, shipped_book().for_area("London", at(TODAY).date()))
    made = widgets(fields, example)
    back = read_form(fields, Typed(typed_from(made)))
    # Ticks have the order of the page.
    assert in_order(fields, back) == in_order(fields, example)


def in_order(fields: Sequence[ShapedField], data: dict[str, Any]) -> dict[str, Any]:
    ticks = {one.name for one in fields if one.shape is Shape.TICKS}
    return {name: sorted(value) if name in ticks else value for name, value in data.items()}


def test_every_form_opens_for_whoever_may_record_it(desk: Desk, story: Story) -> None:
    """Each kind's page stands for a coordinator, or for a manager where only they may record it; labels are whole."""
    for kind in FactKind:
        who = CORA if "coordinator" in {role.value for role in KINDS[kind].who} else OLIVE
        page = desk.sign_in(who, at(TODAY, 10)).get(f"/cases/{CASE}/record/{kind.value}")
        assert page.status == 200, (kind, page.text)
        for one in page.soup.select("main form input:not([type=hidden]), main form select, main form textarea"):
            assert page.soup.select_one(f'label[for="{one["id"]}"]'), (kind, one)
        ids = [str(one["id"]) for one in page.soup.select("[id]")]
        assert len(ids) == len(set(ids)), kind
