"""Every kind of fact, by its name."""

from casework.recording import (
    actions,
    area_transfers,
    assessments,
    contact_changes,
    custody_events,
    disclosures,
    event_follow_up,
    exit_and_closure,
    identification,
    incident,
    meeting_plan,
    meeting_record,
    minutes,
    orders,
    particulars,
    plan,
    referral,
    release,
)
from casework.recording.fact_type import FactType
from policy.vocabulary import FactKind

GROUPS = (
    identification,
    release,
    referral,
    particulars,
    meeting_plan,
    meeting_record,
    minutes,
    actions,
    incident,
    disclosures,
    plan,
    contact_changes,
    assessments,
    custody_events,
    event_follow_up,
    orders,
    area_transfers,
    exit_and_closure,
)
KINDS: dict[FactKind, FactType] = {kind: known for group in GROUPS for kind, known in group.KINDS.items()}
assert set(KINDS) == set(FactKind), "every kind of fact needs its form"
