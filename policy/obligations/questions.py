"""What an open question about a case, and a problem with its data, make due: an answer by a day, with a ladder."""

from collections.abc import Iterator

from policy.facts import CaseFacts
from policy.kinds import Questions
from policy.obligations.owed import Owed
from policy.obligations.rules import makes_due
from policy.timescale_rules import VariantName
from policy.words import short_date


@makes_due(Questions.QUESTION)
def owed_on_questions(facts: CaseFacts) -> Iterator[Owed]:
    """Yield the answer to each question; one about an incident is wanted sooner."""
    for one in facts.questions:
        sooner: tuple[VariantName, ...] = ("incident",) if one.about == "incident" else ()
        label = f"{one.about.replace('_', ' ')}, asked on {short_date(one.since)}"
        yield Owed(Questions.QUESTION, one.subject, one.since, one.since, one.settled_on, variants=sooner, label=label)


@makes_due(Questions.DATA_PROBLEM)
def owed_on_failures(facts: CaseFacts) -> Iterator[Owed]:
    """Yield the mending of what has failed for more than a day."""
    for one in facts.failures:
        label = f"{one.about.replace('_', ' ')}, since {short_date(one.since)}"
        yield Owed(Questions.DATA_PROBLEM, one.subject, one.since, one.since, one.settled_on, label=label)
