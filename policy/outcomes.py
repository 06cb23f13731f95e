"""What became of the people: the outcomes that the inspectors asked for, each one spec.

Joint inspection 2015, 3.4 to 3.10. The inspection's own figures stand beside ours where the policy says so
(``[outcomes]``).
"""

from enum import StrEnum

from pydantic import Field

from policy.parts import Part, Status, Written
from policy.specs import Spec, Specified, Text


class Happened(StrEnum):
    """How an outcome is known."""

    EVENT = "something that happened on a day"
    COMPARED = "how a person stands at the end of the period, beside its beginning"


class OutcomeSpec(Spec):
    """An outcome: what is counted, from which rows, and where it is asked for.

    ``reported``: kinds of the events file; ``custody``: kinds of events on the record of a case; ``incident``: kinds of
    incident; ``breach_of_order``: custody soon after a breach of an order on the record of a case. What two of them
    tell of one person and day is one event. ``enforced``: those on which breach or recall was decided count, of all of
    them. ``compared``: which part of a person's standing is compared, and ``to``: how it is at the end.
    """

    title: Text
    counts: Text
    how: Happened
    reported: tuple[str, ...] = ()
    custody: tuple[str, ...] = ()
    incident: tuple[str, ...] = ()
    breach_of_order: bool = False
    enforced: bool = False
    compared: str = ""
    to: str = ""
    source: Text


def compared(name: str, title: str, counts: str, what: str, to: str, source: str) -> OutcomeSpec:
    """Return an outcome that compares how people stand."""
    return OutcomeSpec(
        name=name, title=title, counts=counts, how=Happened.COMPARED, compared=what, to=to, source=source
    )


RISK, LEVEL = "risk", "level"
LOWER, HIGHER, SAME, UNKNOWN = "lower", "higher", "same", "unknown"
RISK_SOURCE, LEVEL_SOURCE = "Joint inspection 2015, 3.10", "Joint inspection 2015, 3.9"


class Outcome(Specified):
    """An outcome."""

    spec: OutcomeSpec

    REOFFENDING_SERIOUS = OutcomeSpec(
        name="reoffending_serious",
        title="Convicted of another sexual or violent offence",
        counts="Events of the kind reconviction_serious",
        how=Happened.EVENT,
        reported=("reconviction_serious",),
        source="Joint inspection 2015, 3.5",
    )
    REOFFENDING_OTHER = OutcomeSpec(
        name="reoffending_other",
        title="Convicted of a lesser offence",
        counts="Events of the kind reconviction_other",
        how=Happened.EVENT,
        reported=("reconviction_other",),
        source="Joint inspection 2015, 3.5",
    )
    FURTHER_VICTIMISATION = OutcomeSpec(
        name="further_victimisation",
        title="Further victimisation",
        counts="Events and incidents of the kind further_victimisation",
        how=Happened.EVENT,
        reported=("further_victimisation",),
        incident=("further_victimisation",),
        source="Joint inspection 2015, 3.7",
    )
    BREACH = OutcomeSpec(
        name="breach",
        title="Breach of licence, order or notification",
        counts="Events of the kind notification_breach, and incidents of the kind breach",
        how=Happened.EVENT,
        reported=("notification_breach",),
        incident=("breach",),
        source="Joint inspection 2015, 3.8",
    )
    BREACH_ENFORCED = OutcomeSpec(
        name="breach_enforced",
        title="Breach followed by enforcement",
        counts="Incidents of the kind breach on which breach or recall was decided, of all incidents of that kind",
        how=Happened.EVENT,
        incident=("breach",),
        enforced=True,
        source="Joint inspection 2015, 3.8",
    )
    RECALL = OutcomeSpec(
        name="recall",
        title="Recalled to custody",
        counts="Events of the kind licence_recall, and recalls on the record of a case",
        how=Happened.EVENT,
        reported=("licence_recall",),
        custody=("recall",),
        source="Joint inspection 2015, 3.8",
    )
    ORDER_BREACH_CUSTODY = OutcomeSpec(
        name="order_breach_custody",
        title="Sent to custody for breach of an order",
        counts="Events of the kind order_breach_custody, and custody, not by recall, that began within 28 days of a "
        "breach of a SOPO or SHPO on the record of a case",
        how=Happened.EVENT,
        reported=("order_breach_custody",),
        breach_of_order=True,
        source="Joint inspection 2015, 3.8",
    )
    RISK_LOWER = compared("risk_lower", "Risk of serious harm lower",
                          "The risk of serious harm at the end is lower than at the beginning", RISK, LOWER,
                          RISK_SOURCE)  # fmt: skip
    RISK_HIGHER = compared("risk_higher", "Risk of serious harm higher",
                           "The risk of serious harm at the end is higher than at the beginning", RISK, HIGHER,
                           RISK_SOURCE)  # fmt: skip
    RISK_SAME = compared("risk_same", "Risk of serious harm the same",
                         "The risk of serious harm is the same at both ends", RISK, SAME, RISK_SOURCE)  # fmt: skip
    RISK_UNKNOWN = compared("risk_unknown", "Risk of serious harm not assessed",
                            "No risk assessment is on record by the end of the period", RISK, UNKNOWN,
                            RISK_SOURCE)  # fmt: skip
    LEVEL_LOWER = compared("level_lower", "Level lower", "The level at the end is lower than at the beginning", LEVEL,
                           LOWER, LEVEL_SOURCE)  # fmt: skip
    LEVEL_HIGHER = compared("level_higher", "Level higher", "The level at the end is higher than at the beginning",
                            LEVEL, HIGHER, LEVEL_SOURCE)  # fmt: skip
    LEVEL_SAME = compared("level_same", "Level the same", "The level is the same at both ends", LEVEL, SAME,
                          LEVEL_SOURCE)  # fmt: skip


class Closing(StrEnum):
    """Why a case was closed, by how its reason on record begins (docs/reference/indicators.md)."""

    RISK_REDUCED = "risk reduced"
    DEREGISTERED = "de-registered"
    HANDED_OVER = "handed to integrated offender management"
    CATEGORY_3_REJECTED = "category 3 referral rejected"
    LEFT_THE_COUNTRY = "left the country"
    DIED = "died"
    NOT_ELIGIBLE = "not eligible"
    SENTENCE_WITHDRAWN = "its only sentence was withdrawn"
    REGISTRATION_WITHDRAWN = "its only registration was withdrawn"
    RECORDED_IN_ERROR = "recorded in error"
    OTHER = "another reason"


class Inspected(Written):
    """What the inspection found for an outcome: so many of so many cases; ``per_cent`` where it gives that alone."""

    number: int | None = Field(default=None, ge=0)
    per_cent: float = Field(ge=0, le=100)
    source: str = Field(min_length=5)


class OutcomeNumbers(Part):
    """Whether the inspection's own figures stand beside ours, and what they are."""

    compare: bool
    cases: int = Field(ge=1)
    inspected: dict[Outcome, Inspected]
    source: str
    status: Status
