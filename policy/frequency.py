"""How often something is done, read from the words in which people write it: "Every two weeks", "Once a month"."""

import re

NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "eight": 8, "ten": 10, "twelve": 12, "other": 2,
}  # fmt: skip
DAYS = {"day": 1, "week": 7, "month": 30}
COUNT = r"(?P<count>\d{1,2}|" + "|".join(NUMBERS) + ")"
EVERY = re.compile(rf"\b(?:every|each)\s+(?:{COUNT}\s+)?(?P<unit>day|week|month)s?\b", re.ASCII)
TIMES = re.compile(
    r"\b(?P<times>once|twice|(?:three|four) times)\s+(?:a|per|each|every)\s+(?P<unit>day|week|month)\b", re.ASCII
)
ADVERBS = {"daily": 1, "weekly": 7, "fortnightly": 14, "monthly": 30}
HOW_MANY = {"once": 1, "twice": 2, "three times": 3, "four times": 4}


def days_between(words: str) -> int | None:
    """Return after how many days something is done again, at the latest; None where the words do not say.

    Of several the longest counts: "twice in the first month, then monthly" asks for it within a month each time. A
    month is 30 days.
    """
    text = " ".join(words.lower().split())
    found = [number(match["count"]) * DAYS[match["unit"]] for match in EVERY.finditer(text)]
    found += [max(1, DAYS[match["unit"]] // HOW_MANY[match["times"]]) for match in TIMES.finditer(text)]
    found += [days for adverb, days in ADVERBS.items() if re.search(rf"\b{adverb}\b", text, re.ASCII)]
    return max(found, default=None)


def number(count: str | None) -> int:
    """Return a count that is written in digits or as a word; none is one."""
    if count is None:
        return 1
    return NUMBERS.get(count) or max(1, int(count))
