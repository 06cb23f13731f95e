"""Text that means harm shows as text: in pages, in the exported list, in the line of time."""

import csv
import io

import pytest

from models.record import Record
from tests.support.story import CORA, DARREN, MEETING_DIRECTORY, Story, at
from tests.web.conftest import TODAY
from tests.web.visiting import Desk

CASE = "LON-2026-000001"
SCRIPT = "<script>alert(1)</script>"
FORMULA = '=HYPERLINK("https://evil.example","x")'


@pytest.fixture
def hostile(record: Record, tmp_path, today) -> Desk:
    """A person whose names and manager were typed by somebody who means harm."""
    story = Story(record, tmp_path, MEETING_DIRECTORY)
    row = {"surname": FORMULA, "forenames": SCRIPT, "offender_manager": "@SUM(1+1)", "unit": '"><img src=x>'}
    story.load("2026-06-01", DARREN | row)
    story.tick("2026-06-01")
    return Desk(record, tmp_path).sign_in(CORA, at(TODAY, 10))


def test_names_show_as_they_were_typed_on_every_page_and_make_no_element(hostile: Desk) -> None:
    for part in ("", "/plan", "/meetings", "/people", "/events", "/messages", "/history", "/record",
                 "/record/circumstances"):  # fmt: skip
        page = hostile.get(f"/cases/{CASE}{part}")
        assert SCRIPT in page.text, part
        assert page.soup.find("script") is None
        assert page.soup.find("img") is None


def test_what_is_typed_into_a_form_comes_back_as_text(hostile: Desk) -> None:
    form = hostile.get(f"/cases/{CASE}/record/prison-notice")
    page = hostile.press(form, **{"contact": SCRIPT + "\u202e", "date#year": "2099"})
    assert page.status == 422
    assert page.soup.find("script") is None
    assert SCRIPT in str(page.soup.select_one("#f-contact")["value"])  # type: ignore[index]
    assert hostile.get(f"/cases?q={SCRIPT}").soup.find("script") is None


def test_no_cell_of_the_exported_list_begins_a_formula(hostile: Desk) -> None:
    text = hostile.client.get("/cases.csv").content.decode("utf-8-sig")
    [row] = list(csv.DictReader(io.StringIO(text)))
    assert row["surname"] == "'" + FORMULA
    assert row["offender_manager"] == "'@SUM(1+1)"
    assert row["forenames"] == SCRIPT


def test_no_text_in_any_field_breaks_a_form(hostile: Desk) -> None:
    fields = ("contact", "date#day", "release_date#year", "no such field", "agencies.0.name")
    texts = ("\ufffd", "\0", "9" * 5000, "x" * 1_000_000, "<" * 300, "\u200b" * 11, "=1+1", "1e9")
    for field in fields:
        for text in texts:
            form = hostile.get(f"/cases/{CASE}/record/prison-notice")
            page = hostile.press(form, **{field: text})
            assert page.status in (200, 422), (field, text[:20], page.text)


def test_more_fields_than_any_form_has_are_refused_in_words(hostile: Desk) -> None:
    form = hostile.get(f"/cases/{CASE}/record/prison-notice")
    key = form.soup.select_one('input[name="form_key"]')["value"]  # type: ignore[index]
    data = {"form_key": key} | {f"f{number}": "x" for number in range(4000)}
    page = hostile.post(f"/cases/{CASE}/record/prison-notice", data)
    assert page.status == 413
    assert "Too much at once" in page.text


def test_a_number_that_only_looks_like_one_breaks_no_page(hostile: Desk) -> None:
    """A digit of another script, one written small and high, one with more digits than a database holds."""
    for text in ("\u00b2", "\u0663", "9" * 30, "-1", "1e3", ""):
        for path in (f"/cases/{CASE}?done={text}", f"/due?page={text}", f"/cases?page={text}"):
            assert hostile.get(path).status == 200, path
        for path in (f"/answer/{text}", f"/cases/{CASE}/due/{text}", f"/cases/{CASE}/meetings/{text}/papers"):
            assert hostile.get(path).status == 404, path
        form = hostile.get(f"/cases/{CASE}/record/referral")
        for button in (f"remove:offences.{text}:{text}", f"remove:agencies:{text}", f"add:agencies.{text}.x"):
            page = hostile.press(form, button, **{"agencies#rows": text, "agencies.0.name": "Police"})
            assert page.status in (200, 422), (button, page.text)
        hostile.press(hostile.get(f"/cases/{CASE}/record/referral"), "record", **{f"agencies.{text}.name": "x"})


def test_an_address_with_a_zero_byte_leads_nowhere(hostile: Desk) -> None:
    for path in ("/cases?q=%00", "/due?kind=%00", "/due?unit=%00", "/cases/%00", "/messages?state=%00",
                 f"/cases/{CASE}/record/%00", f"/cases/{CASE}/record/prison-notice?draft=%00"):  # fmt: skip
        assert hostile.get(path).status == 404, path
