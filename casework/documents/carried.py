"""What of a document stands as it did the last time: told where it stands, whether somebody confirmed it or not.

It is read from the texts themselves, so that no document says "nothing was carried forward" of words that were
(Joint inspection 2015, 5.14, 5.20).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from policy.texts import standing_sentences, stands

NOBODY = "Nobody confirmed that it is still true."


@dataclass(frozen=True, slots=True)
class Carried:
    """The sections of a text now and the last time, by their names. ``since``: the last time, in words.

    ``confirmed``: who confirmed a section that stands, and how they know.
    """

    since: str
    before: Mapping[str, str]
    now: Mapping[str, str]
    confirmed: Mapping[str, Mapping[str, Any]]

    def whole(self) -> Iterator[str]:
        """Yield the sections that stand as they did, or nearly, and those that somebody confirmed as such."""
        for name, text in self.now.items():
            if name in self.confirmed or stands(self.before.get(name, ""), text):
                yield name

    def part(self, name: str) -> list[str]:
        """Return the sentences of a section that stand as they did, where the section as a whole does not."""
        if name in self.confirmed or stands(self.before.get(name, ""), self.now.get(name, "")):
            return []
        return standing_sentences(self.before.get(name, ""), self.now.get(name, ""))

    def note(self, name: str) -> str:
        """Return what to say of a section that stands as it did, or of its sentences that do; "" where none does."""
        if name in set(self.whole()):
            return f"Carried forward from {self.since}. {self.who_confirmed(name)}"
        if sentences := self.part(name):
            return f"In part as at {self.since}: {quoted(sentences)}"
        return ""

    def who_confirmed(self, name: str) -> str:
        """Return who confirmed a section and how they know, or that nobody did."""
        one = self.confirmed.get(name)
        return f"Confirmed by {one['confirmed_by']}: {one['because']}" if one else NOBODY


def quoted(sentences: list[str]) -> str:
    """Return sentences as a quotation."""
    return " ".join(f"\u201c{sentence}\u201d" for sentence in sentences)
