"""Minutes at the desk: drafted, compared, approved by the Chair alone, sent; and as PDF, where one can be made."""

import io
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import select

from figures.pdf import HOW, NoPdfError, pdf_of
from models.cases import Draft, Fact
from models.meetings import MinutesVersion
from models.record import Record
from tests.support.story import ADAM, CLARE, DARREN, MEETING_DIRECTORY, OLIVE, PRIYA, Story, at, minuted
from tests.web.meeting_room import ACTIONS, ALL_THERE, CASE, FIRST, SECOND, with_meeting
from tests.web.visiting import Desk, Page
from web.desk.comparing import What, changes


def can_make_pdf() -> bool:
    """Tell whether this machine has what a PDF needs."""
    try:
        pdf_of("<p>x</p>")
    except NoPdfError:
        return False
    return True


CAN = can_make_pdf()
MINUTES = f"/cases/{CASE}/meetings/1/minutes"
HOSTILE = '<script>alert("x")</script><img src="http://evil.example/x"> back'


@pytest.fixture
def story(record: Record, tmp_path: Path) -> Iterator[Story]:
    """The day after Darren's first meeting; what its victims want was typed by somebody who means harm."""
    told = with_meeting(Story(record, tmp_path, MEETING_DIRECTORY))
    told.record_fact(
        "meeting", FIRST, **minuted(*ALL_THERE, next_on=SECOND, actions=ACTIONS, victims=f"Says {HOSTILE}")
    )
    with time_machine.travel(at("2026-10-15", 10), tick=False):
        yield told


def desk_of(story: Story, tmp_path: Path, email: str) -> Desk:
    return Desk(story.record, tmp_path).sign_in(email, at("2026-10-15", 10))


def button(desk: Desk, page: Page, step: str) -> Page:
    """Press one of the buttons of the page."""
    form = page.soup.select_one(f'form[action$="/{step}"]')
    assert form is not None, page.text
    return desk.post(str(form["action"]), {str(one["name"]): str(one["value"]) for one in form.select("input")})


def steps_on(page: Page) -> list[str]:
    return [str(form["action"]).rpartition("/")[2] for form in page.soup.select("main form[method=post]")]


def test_from_draft_to_final_each_by_whom_it_belongs_to(story: Story, tmp_path: Path) -> None:
    desk = desk_of(story, tmp_path, ADAM)
    page = desk.get(MINUTES)
    assert "No minutes have been drafted yet" in page.text
    assert steps_on(page) == ["draft"]
    first = button(desk, page, "draft")
    assert "Drafted by Adam" in first.text
    # Pressed twice, it is drafted once.
    assert button(desk, page, "draft").text == first.text
    assert steps_on(first) == ["draft"]
    key = str(first.soup.select_one('input[name="form_key"]')["value"])  # type: ignore[index]
    assert desk.post(f"{MINUTES}/approve", {"form_key": key, "ticket": "t" * 30}).status == 403
    assert desk.sign_in(OLIVE, at("2026-10-15", 10)).get(MINUTES).status == 200
    assert steps_on(desk.get(MINUTES)) == []
    desk.sign_in(CLARE, at("2026-10-15", 10))
    approved = button(desk, desk.get(MINUTES), "approve")
    assert "Approved by Clare" in approved.text
    assert steps_on(approved) == []
    desk.sign_in(ADAM, at("2026-10-15", 10))
    page = desk.get(MINUTES)
    assert steps_on(page) == ["final", "draft"]
    done = button(desk, page, "final")
    assert "Final since" in done.text
    assert steps_on(done) == []
    with story.record.reading() as session:
        steps = select(Fact.data, Fact.recorded_by).where(Fact.kind == "minutes").order_by(Fact.id)
        assert [(one.data["step"], one.data["by"], one.recorded_by) for one in session.execute(steps)] == [
            ("draft", "Adam", "Adam"), ("approve", "Clare Example", "Clare"), ("final", "Adam", "Adam"),
        ]  # fmt: skip


def test_a_step_that_is_refused_says_why_and_leaves_no_draft(story: Story, tmp_path: Path) -> None:
    desk = desk_of(story, tmp_path, ADAM)
    page = button(desk, desk.get(MINUTES), "draft")
    key = str(page.soup.select_one('input[name="form_key"]')["value"])  # type: ignore[index]
    refused = desk.post(f"{MINUTES}/final", {"form_key": key, "ticket": "a ticket that nobody has had", "version": "1"})
    assert refused.status == 422
    assert "version 1 is draft; the Chair approves it first" in refused.text
    assert "You have no drafts" in desk.get("/drafts").text
    with story.record.reading() as session:
        assert session.scalars(select(Draft.id).where(Draft.settled_at.is_(None))).all() == []


def test_two_versions_are_compared_paragraph_by_paragraph_in_words(story: Story, tmp_path: Path) -> None:
    desk = desk_of(story, tmp_path, ADAM)
    button(desk, desk.get(MINUTES), "draft")
    told = DARREN | {"police_offender_manager": "Priya", "police_offender_manager_email": PRIYA, "unit": "South"}
    story.load("2026-10-15", told)
    story.tick("2026-10-15", 9)
    button(desk, desk.get(MINUTES), "draft")
    # Approved is what was read: not a version that came meanwhile.
    chair = desk_of(story, tmp_path, CLARE)
    read = chair.get(MINUTES)
    desk.sign_in(ADAM, at("2026-10-15", 10))
    button(desk, desk.get(MINUTES), "draft")
    late = button(chair, read, "approve")
    assert late.status == 422
    assert "would be about version 3 now, not 2" in late.text
    page = desk.get(f"{MINUTES}/compare?old=1&new=2")
    assert "South" in " ".join(one.get_text(" ") for one in page.soup.select("main ins"))
    assert "North" in " ".join(one.get_text(" ") for one in page.soup.select("main del"))
    assert all(one.get_text().startswith("Added: ") for one in page.soup.select("main ins"))
    assert all(one.get_text().startswith("Left out: ") for one in page.soup.select("main del"))
    assert page.soup.find("script") is None
    assert '<script>alert("x")</script>' in page.text
    assert "The two versions say the same" in desk.get(f"{MINUTES}/compare?old=1&new=1").text
    assert desk.get(f"{MINUTES}/compare?old=7&new=1").status == 404


def test_a_comparison_tells_what_went_came_and_stayed() -> None:
    old = "One.\n\nThe sister wants\nan exclusion zone.\n\nGone."
    new = "One.\n\nThe sister wants a new exclusion zone.\n\nCome.\n\nLast."
    found = [[(one.what, one.text) for one in paragraph] for paragraph in changes(old, new)]
    assert found[0] == [(What.SAME, "One.")]
    assert found[1] == [(What.SAME, "The sister wants"), (What.OUT, "an"), (What.IN, "a new"),
                        (What.SAME, "exclusion zone.")]  # fmt: skip
    assert found[2] == [(What.OUT, "Gone."), (What.IN, "Come.")]
    assert found[3] == [(What.IN, "Last.")]
    assert changes("", "") == []


def pdf_made(response: Page) -> str | None:
    """The text of the PDF; None where the machine can make none, and says so."""
    if not CAN:
        assert response.status == 503
        assert "print it from the browser" in response.text
        return None
    from pypdf import PdfReader

    assert response.status == 200
    assert response.response.headers["content-type"] == "application/pdf"
    reader = PdfReader(io.BytesIO(response.response.content))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    pages = [one.extract_text() for one in reader.pages]
    for number, text in enumerate(pages, start=1):
        assert f"{number} / {len(pages)}" in text
        assert f"Confidential \u2013 {CASE}" in text
    return " ".join(" ".join(pages).split())


def test_minutes_and_papers_are_given_as_pdf_and_harmful_text_shows_as_text(story: Story, tmp_path: Path) -> None:
    desk = desk_of(story, tmp_path, ADAM)
    page = button(desk, desk.get(MINUTES), "draft")
    assert f"{MINUTES}/1/pdf" in page.links()
    made = Page(desk.client.get(f"{MINUTES}/1/pdf"))
    text = pdf_made(made)
    if text is not None:
        assert '<script>alert("x")</script><img src="http://evil.example/x">' in text
        assert made.response.headers["content-disposition"].endswith('"LON-2026-000001-meeting-1-minutes-1.pdf"')
    papers = pdf_made(Page(desk.client.get(f"/cases/{CASE}/meetings/2/papers/pdf")))
    assert papers is None or "Weekly with the offender manager for twelve weeks" in papers


def test_where_pango_is_missing_the_page_says_what_to_install(
    story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    desk = desk_of(story, tmp_path, ADAM)
    button(desk, desk.get(MINUTES), "draft")
    page = desk.get(f"{MINUTES}/1/pdf")
    assert page.status == 503
    assert HOW in page.text
    assert "libpango" in page.text


def test_nothing_that_a_document_names_is_fetched() -> None:
    """A picture of this machine, named in a text that was not escaped, does not come into the PDF."""
    html = '<p>Before</p><img src="file:///etc/hostname" alt="no picture"><p>After</p>'
    if not CAN:
        with pytest.raises(NoPdfError, match="install Pango"):
            pdf_of(html)
        return
    from pypdf import PdfReader

    [page] = PdfReader(io.BytesIO(pdf_of(html))).pages
    assert list(page.images) == []
    assert "no picture" in page.extract_text()


def test_a_version_is_read_as_a_page_of_its_own(story: Story, tmp_path: Path) -> None:
    desk = desk_of(story, tmp_path, ADAM)
    button(desk, desk.get(MINUTES), "draft")
    page = desk.get(f"{MINUTES}/1")
    assert page.soup.find("script") is None
    assert "End of the minutes" in page.soup.get_text()
    assert desk.get(f"{MINUTES}/2").status == 404
    with story.record.reading() as session:
        assert session.scalars(select(MinutesVersion.version)).all() == [1]


def test_nobody_approves_for_the_chair_by_the_form_of_the_fact_either(story: Story, tmp_path: Path) -> None:
    story.record_fact("minutes", "2026-10-15", step="draft", by="Adam Example")
    adam = desk_of(story, tmp_path, ADAM)
    form = adam.get(f"/cases/{CASE}/record/minutes")
    told = adam.press(form, step="approve", by="Clare Example")
    assert told.status == 403
    assert "The Chair approves the minutes" in told.text
    with story.record.reading() as session:
        assert [one.state for one in session.scalars(select(MinutesVersion).order_by(MinutesVersion.id))] == ["draft"]
