"""Words of the last time beside those of today: each part is still right, changed or struck out, and never in silence.

What is chosen is kept as it was chosen; what the record says of it follows from that, each time anew.
"""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from casework.facts.meeting_sections import OPTIONAL_SECTIONS, sections
from casework.recording.carried_forward import unconfirmed
from policy.texts import stands
from web.desk.forms.reading import Typed
from web.desk.room.steps import STEPS, Step

STILL, CHANGED, STRUCK = "still", "changed", "struck"
CHOICES = ((STILL, "Still right"), (CHANGED, "Changed"), (STRUCK, "Struck out"))
STRUCK_OUT = "Struck out: "
"""So begins a part of the plan, which no plan may lack, of which nothing holds any more."""
NEVER = ("disclosure.reason",)
"""What is written anew at every meeting, confirmed or not."""
TYPED = ("choice", "text", "why", "confirmed_by", "because")
Parts = dict[str, dict[str, str]]
# What a row must have before its words can be compared with those of the last time.
NEEDED = {"information": ("agency", "text"), "risk_views": ("agency", "reason"),
          "at_risk": ("who", "of_what", "when", "evidence")}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """One part on the page: its words of the last time, what was chosen, and what is wrong with it.

    ``chooses``: it can be struck out or changed; else its words are typed above, and only their standing is asked.
    """

    name: str
    title: str
    hint: str
    before: str
    typed: Mapping[str, str]
    errors: Sequence[str]
    required: bool = True
    chooses: bool = True

    @property
    def id(self) -> str:
        """Return the id of the part on the page; errors lead to it."""
        return "p-" + "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in self.name)

    @property
    def text(self) -> str:
        """Return the words to go on from: those typed, else those of the last time."""
        return self.typed.get("text") or self.before


def read_parts(names: Sequence[str], typed: Typed) -> Parts:
    """Return what was chosen and typed of some parts; what the page did not have is left out."""
    found: Parts = {}
    for name in names:
        if typed.has(*(f"{name}#{one}" for one in TYPED)):
            given = {one: typed.text(f"{name}#{one}") for one in TYPED}
            found[name] = {one: text for one, text in given.items() if text}
    return found


def names_on(step: Step, data: Mapping[str, Any], before: Mapping[str, str]) -> list[str]:
    """Return the parts that a step asks about: its own, and the words typed there that stand as last time."""
    now = comparable(data)
    standing = [
        name
        for name, text in now.items()
        if name.partition(".")[0] in step.fields and name not in NEVER and stands(before.get(name, ""), text)
    ]
    return [*step.parts, *standing]


def comparable(data: Mapping[str, Any]) -> dict[str, str]:
    """Return the sections of a record that is not whole yet, as far as they can be compared with the last time."""
    whole = dict(data)
    for name, needed in NEEDED.items():
        rows = [row for row in whole.get(name) or () if isinstance(row, dict)]
        whole[name] = [row for row in rows if all(isinstance(row.get(one), str) for one in needed)]
    return {name: text for name, text in sections(whole).items() if isinstance(text, str)}


def composed(
    data: Mapping[str, Any], parts: Mapping[str, Mapping[str, str]], before: Mapping[str, str]
) -> dict[str, Any]:
    """Return the record that follows from what was typed, and from what was said of the words of the last time."""
    made = {name: deepcopy(value) for name, value in data.items() if name not in ("carried_forward", "struck")}
    made["plan"] = {}
    carried: dict[str, Any] = {}
    struck: dict[str, str] = {}
    for step in STEPS:
        for name in step.parts:
            text = words_of(name, parts.get(name, {}), before, struck)
            head, _, inside = name.partition(".")
            made.pop(head, None) if not inside else None
            if text and inside:
                made[head][inside] = text
            elif text:
                made[head] = text
    now = comparable(made)
    for name, one in parts.items():
        confirms = {key: one[key] for key in ("confirmed_by", "because") if one.get(key)}
        choice = one.get("choice", "")
        asked = choice == STILL or (not choice and confirms and stands(before.get(name, ""), now.get(name, "")))
        if asked and name in before:
            carried[name] = confirms
    return made | ({"carried_forward": carried} if carried else {}) | ({"struck": struck} if struck else {})


def words_of(name: str, one: Mapping[str, str], before: Mapping[str, str], struck: dict[str, str]) -> str:
    """Return the words of a part as they stand in the record; why one is left out goes to ``struck``."""
    choice = one.get("choice", CHANGED if name not in before else "")
    if choice == STILL:
        return before.get(name, "")
    if choice == CHANGED:
        return one.get("text", "")
    if choice == STRUCK and name in OPTIONAL_SECTIONS:
        struck[name] = one.get("why", "")
        return ""
    return STRUCK_OUT + one["why"] if choice == STRUCK and one.get("why") else ""


def copied(data: Mapping[str, Any], before: Mapping[str, str], when: Any) -> Iterator[str]:
    """Yield which words stand as last time without anybody confirming it: told before the record is whole.

    Source: Joint inspection 2015, 5.14.
    """
    confirmed = data.get("carried_forward") or {}
    yield from unconfirmed(before, comparable(data), confirmed, when, never=NEVER)
