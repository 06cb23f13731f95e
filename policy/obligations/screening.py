"""What a referral makes due: its answer, and that it comes again where it was sent back."""

from collections.abc import Iterator

from policy.facts import CaseFacts
from policy.kinds import Screening
from policy.obligations.owed import Owed
from policy.obligations.rules import makes_due


@makes_due(Screening.SCREENING_DECISION, Screening.RESUBMISSION)
def owed_on_referrals(facts: CaseFacts) -> Iterator[Owed]:
    """Yield the answer to a complete referral within ten days, and the completion of one sent back.

    Source: Joint inspection 2015, 4.8.

    A newer referral overtakes one that nobody has answered. One sent back is to come again; a level that was
    decided meanwhile overtakes it.
    """
    last = len(facts.referrals) - 1
    for place, referral in enumerate(facts.referrals):
        later = facts.referrals[place + 1].received_on if place < last else None
        if referral.complete:
            yield Owed(
                Screening.SCREENING_DECISION,
                referral.subject,
                referral.received_on,
                referral.received_on,
                referral.decided_on,
                missed_on=later,
                overtaken_by="a newer referral was received",
            )
        returned = referral.returned_on
        if returned is not None:
            yield Owed(
                Screening.RESUBMISSION,
                referral.subject,
                returned,
                returned,
                later,
                missed_on=min((spell.since for spell in facts.levels if spell.since >= returned), default=None),
                overtaken_by="the level was decided",
            )
