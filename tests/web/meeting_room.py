"""A case whose meeting is today, and somebody who types its record in the room, step by step."""

from collections.abc import Sequence
from typing import Any

from policy.book import shipped_book
from tests.support.story import DARREN, PRIYA, VERA, Story, at, attended, form
from tests.web.test_forms import typed_from
from tests.web.visiting import Desk, Page
from web.desk.forms.shape import shaped
from web.desk.forms.widgets import widgets
from web.desk.room.state import FACT
from web.desk.room.steps import Step, steps_at

CASE = "LON-2026-000001"
FIRST, SECOND = "2026-10-14", "2027-01-27"
ACTIONS = [
    {"text": "Trace the uncle", "agency": "police", "owner": {"name": "Priya"}, "due_on": "2026-11-04"},
    {"text": "Contact the sister of the victim", "agency": "victim_liaison", "owner": {"name": "Vera", "email": VERA},
     "due_on": "2026-10-28"},
]  # fmt: skip
ALL_THERE = [
    attended("probation", "Olive"),
    attended("police", "Priya"),
    attended("prison", "Opal"),
    attended("victim_liaison", "Vera"),
    attended("approved_premises", "Anna"),
    attended("childrens_social_care", "Ruth Example"),
]


def with_meeting(story: Story, level: int = 2) -> Story:
    """Darren, referred and accepted, with a meeting on the day of the first."""
    story.load("2026-06-01", DARREN | {"police_offender_manager": "Priya", "police_offender_manager_email": PRIYA})
    story.tick("2026-06-01")
    story.record_fact("referral", "2026-09-09", **form("referral"))
    story.record_fact("screening", "2026-09-18", **form("screening"))
    plan = form("meeting-plan", chair={"name": "Clare", "email": "clare@probation.example"})
    story.record_fact("meeting-plan", "2026-09-21", **plan | ({"level": level} if level == 3 else {}))
    story.tick("2026-09-21")
    return story


class Typist:
    """Whoever types the record of a meeting at the desk."""

    def __init__(self, desk: Desk, number: int = 1, level: int = 2) -> None:
        self.desk = desk
        self.room = f"/cases/{CASE}/meetings/{number}/room"
        self.steps = steps_at(level)
        policy = shipped_book().for_area("London", at(FIRST).date())
        self.fields = {one.name: one for one in shaped(FACT.form, policy)}

    def open(self, step: Step) -> Page:
        return self.desk.get(f"{self.room}/{step.name}")

    def sent(self, step: Step, record: dict[str, Any], parts: dict[str, dict[str, str]]) -> list[tuple[str, str]]:
        """What a browser sends of a step that is filled with a record, as a file has it."""
        filled = widgets([self.fields[name] for name in step.fields], record)
        pairs = typed_from(filled)
        for name in step.parts:
            pairs += [(f"{name}#{one}", text) for one, text in parts.get(name, words_in(record, name)).items()]
        for name, one in parts.items():
            if name.partition(".")[0] in step.fields:
                pairs += [(f"{name}#{key}", text) for key, text in one.items()]
        return pairs

    def type(
        self, step: Step, record: dict[str, Any], parts: dict[str, dict[str, str]] | None = None, button: str = "save",
        more: Sequence[tuple[str, str]] = (),
    ) -> Page:  # fmt: skip
        """Open a step, fill it in and press a button."""
        page = self.open(step)
        assert page.status == 200, page.text
        return self.send(page, step, [*self.sent(step, record, parts or {}), *more], button)

    def send(self, page: Page, step: Step, pairs: Sequence[tuple[str, str]], button: str = "save") -> Page:
        """Press a button of a step that was opened before."""
        data: dict[str, list[str]] = {}
        kept = [(str(one["name"]), str(one["value"])) for one in page.soup.select(
            'main form input[name="form_key"], main form input[name="seen"]')]  # fmt: skip
        for name, value in [*kept, *pairs, ("do", button)]:
            data.setdefault(name, []).append(value)
        return self.desk.post(f"{self.room}/{step.name}", data)

    def all(self, record: dict[str, Any], parts: dict[str, dict[str, str]] | None = None) -> None:
        """Type every step, in the order of the agenda."""
        for step in self.steps:
            page = self.type(step, record, parts)
            assert page.status == 200, page.text

    def close(self) -> Page:
        return self.desk.press(self.desk.get(f"{self.room}/check"), "")


def words_in(record: dict[str, Any], name: str) -> dict[str, str]:
    """A part that is written anew."""
    head, _, inside = name.partition(".")
    text = (record[head] or {}).get(inside, "") if inside else record.get(head)
    return {"choice": "changed", "text": text} if text else {}
