"""What domestic abuse, or a child at risk, makes due: the conference that discusses it, and SARA."""

from collections.abc import Iterator

from policy.facts import CaseFacts
from policy.kinds import Kind, Safeguarding
from policy.obligations.owed import Owed
from policy.obligations.rules import makes_due
from policy.subjects import THE_CASE, Subject
from policy.vocabulary import RiskTool
from policy.words import short_date

CONFERENCES: tuple[tuple[Kind, str, str, str], ...] = (
    (Safeguarding.MARAC, "marac", "domestic_abuse", "MARAC"),
    (Safeguarding.CHILD_PROTECTION, "child_protection", "children_at_risk", "conference"),
)


@makes_due(Safeguarding.MARAC, Safeguarding.CHILD_PROTECTION)
def owed_on_conferences(facts: CaseFacts) -> Iterator[Owed]:
    """Yield that each conference is asked for, and that what it decided is told once it has been held (our defaults).

    A word that there is none answers the first; one that has a day asks for its outcome from that day on.
    """
    for kind, which, circumstance, name in CONFERENCES:
        told = [one for one in facts.conferences if one.which == which]
        since = facts.holds_since.get(circumstance)
        if facts.eligible and since is not None:
            label = f"told on {short_date(since)}"
            yield Owed(kind, THE_CASE, since, since, min((one.on for one in told), default=None), label=label)
        for day in sorted({one.held_on for one in told if one.held_on is not None}):
            about = [one for one in told if one.held_on == day]
            outcome = min((one.on for one in about if one.decided), default=None)
            known_on = min(one.on for one in about)
            label = f"{name} on {short_date(day)}"
            yield Owed(kind, Subject(which, day=day), day, min(known_on, day), outcome, label=label)


@makes_due(Safeguarding.SARA_ASSESSMENT)
def owed_on_sara(facts: CaseFacts) -> Iterator[Owed]:
    """Yield the assessment with SARA where there is domestic abuse; one that is on record already will do."""
    since = facts.holds_since.get("domestic_abuse")
    if facts.eligible and since is not None:
        done = min(facts.assessed_by.get(RiskTool.SARA, ()), default=None)
        yield Owed(Safeguarding.SARA_ASSESSMENT, THE_CASE, since, since, done, label=f"told on {short_date(since)}")
