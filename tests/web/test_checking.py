"""Check your answers: what cannot simply be undone is shown once more, and recorded once, whatever is pressed."""

import pytest
from sqlalchemy import func, select

from casework.recording.registry import KINDS
from models.cases import Draft, Fact
from policy.vocabulary import FactKind
from tests.support.story import CORA, Story, at
from tests.web.conftest import TODAY
from tests.web.visiting import Desk, Page

CASE = "/cases/LON-2026-000001"


def facts(story: Story) -> int:
    with story.record.reading() as session:
        return session.scalar(select(func.count(Fact.id)).where(Fact.kind == "closure")) or 0


def asked(desk: Desk, **typed: str) -> Page:
    page = desk.sign_in(CORA, at(TODAY, 10)).get(f"{CASE}/record/closure")
    return desk.press(page, **(closing() | typed))


def closing() -> dict[str, str]:
    example = KINDS[FactKind.CLOSURE].example | {"why": "died", "reason": "The coroner wrote to us on 18 September."}
    return {name: str(value) for name, value in example.items() if name != "date" and isinstance(value, str)}


def test_nothing_is_recorded_before_it_is_accepted_and_then_once(desk: Desk, story: Story) -> None:
    check = asked(desk)
    assert check.status == 200, check.errors
    assert "Check your answers" in check.text
    assert "it is not opened again" in check.text
    assert all(words in check.text for name, words in closing().items() if " " in words)
    assert (facts(story), story.case().closed_on) == (0, None)
    done = desk.press(check, "confirm")
    assert (done.status, facts(story)) == (200, 1)
    assert story.case().closed_on is not None
    assert desk.press(check, "confirm").path == done.path
    assert facts(story) == 1


def test_what_was_typed_comes_back_to_be_changed_and_is_kept_meanwhile(desk: Desk, story: Story) -> None:
    check = asked(desk)
    assert "Check your answers" in check.text
    with story.record.reading() as session:
        [draft] = session.scalars(select(Draft).where(Draft.owner == CORA))
        assert draft.settled_at is None
        assert closing().items() <= draft.data.items()
    form = desk.press(check, "change")
    for name, value in closing().items():
        field = form.soup.select_one(f'[name="{name}"]')
        assert field is not None
        assert value in (field.get("value"), field.get_text().strip()) or form.soup.select_one(
            f'[name="{name}"] [value="{value}"][selected], [name="{name}"][value="{value}"][checked]'
        )
    assert facts(story) == 0


def test_what_is_wrong_is_said_on_the_form_and_not_after_the_check(desk: Desk, story: Story) -> None:
    page = asked(desk, **{name: "" for name, value in closing().items() if " " in value})
    assert page.status == 422
    assert page.errors
    assert "Check your answers" not in page.text


def test_who_changes_the_case_meanwhile_is_seen_before_it_is_accepted(desk: Desk, story: Story) -> None:
    check = asked(desk)
    assert "Check your answers" in check.text
    story.record_fact("circumstances", "2026-09-20", victim_contact=True)
    page = desk.press(check, "confirm")
    assert page.status == 409
    assert facts(story) == 0


@pytest.mark.parametrize("kind", list(FactKind))
def test_only_what_cannot_simply_be_undone_is_checked(kind: FactKind) -> None:
    final = {"closure", "end-of-sentence-check", "merge", "split", "withdraw-sentence", "withdraw-registration",
             "transfer-answer", "meeting-cancel"}  # fmt: skip
    said = KINDS[kind].final
    assert bool(said) is (kind.value in final)
    assert not said or (said[0].isupper() and said.endswith("."))
