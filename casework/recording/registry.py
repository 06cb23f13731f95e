"""Every kind of fact, by its name."""

from casework.recording import (
    about_the_case,
    actions,
    after_events,
    after_the_meeting,
    area_transfers,
    assessments,
    before_release,
    contacts,
    custody_events,
    disclosures,
    ending,
    identification,
    meeting_plan,
    meeting_record,
    orders,
    plan,
    referral,
    review_and_incident,
)
from casework.recording.kinds import FactType
from policy.vocabulary import FactKind

GROUPS = (
    identification,
    before_release,
    referral,
    about_the_case,
    meeting_plan,
    meeting_record,
    after_the_meeting,
    actions,
    review_and_incident,
    disclosures,
    plan,
    contacts,
    assessments,
    custody_events,
    after_events,
    orders,
    area_transfers,
    ending,
)
KINDS: dict[FactKind, FactType] = {kind: known for group in GROUPS for kind, known in group.KINDS.items()}
assert set(KINDS) == set(FactKind), "every kind of fact needs its form"
