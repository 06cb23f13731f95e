"""What is due at the end of whatever holds a person."""

from collections.abc import Iterator

from policy.facts import CaseFacts
from policy.kinds import Endings
from policy.obligations.owed import Owed
from policy.obligations.rules import makes_due
from policy.subjects import Subject


@makes_due(Endings.EXIT_PLAN, Endings.END_OF_SENTENCE_CHECK)
def owed_at_the_end(facts: CaseFacts) -> Iterator[Owed]:
    """Yield, for each end, the plan for what comes after it, and the check of what is still open.

    Source: Joint inspection 2015, 5.21.

    Nothing ends by itself: the check is owed until a person has decided, category 3 included. That decision
    overtakes a plan that nobody has made. One that ended before the case was opened is history. No mark lies before
    the person was known to the courts: the day of the sentence, not that of the file that tells of it.
    """
    for ending in facts.endings:
        about = Subject(what=ending.what)
        floor = min(facts.where[0].since, ending.on)
        label = ending.what.replace("_", " ")
        yield Owed(
            Endings.EXIT_PLAN,
            about,
            ending.on,
            floor,
            ending.planned_on,
            label=label,
            missed_on=ending.checked_on,
            overtaken_by="it was decided what becomes of the case",
        )
        yield Owed(Endings.END_OF_SENTENCE_CHECK, about, ending.on, floor, ending.checked_on, label=label)
