"""What is due when somebody has been sentenced, and before somebody leaves custody."""

from collections.abc import Iterator

from policy.facts import CaseFacts
from policy.kinds import Identification, Release
from policy.obligations.owed import Owed
from policy.obligations.rules import makes_due
from policy.subjects import THE_CASE
from policy.vocabulary import Level, Location


@makes_due(Identification.IDENTIFICATION)
def owed_on_identification(facts: CaseFacts) -> Iterator[Owed]:
    """Yield the identification of each sentence, within three days (Joint inspection 2015, 4.1)."""
    for item in facts.identifications:
        yield Owed(
            Identification.IDENTIFICATION, item.subject, item.sentence_date, item.sentence_date, item.identified_on
        )


@makes_due(Release.PRISON_NOTICE, Release.REFERRAL, Release.LEVEL_SETTING)
def owed_before_release(facts: CaseFacts) -> Iterator[Owed]:
    """Yield prison notice, referral and level of a person in custody with a release date.

    Source: Joint inspection 2015, 4.10, 4.11, 6.39.

    A referral is a request for level 2 or 3 and no longer owed once level 1 has been set; at level 2 or 3 it
    still is. One that is incomplete, or was sent back, does not meet it.
    """
    release = facts.release_date
    if not facts.eligible or facts.location is not Location.CUSTODY or release is None:
        return
    floor = facts.sentence_date
    yield Owed(Release.PRISON_NOTICE, THE_CASE, release, floor, facts.prison_notified_on)
    if facts.referred or facts.level != Level.LEAD_AGENCY:
        received = [r.received_on for r in facts.referrals if r.complete and r.returned_on is None]
        yield Owed(Release.REFERRAL, THE_CASE, release, floor, min(received, default=None))
    yield Owed(Release.LEVEL_SETTING, THE_CASE, release, floor, facts.level_set_on)
