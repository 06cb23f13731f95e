"""The rates at which invented people answer: shipped as TOML, each number with its source, and overridden by a file."""

import tomllib
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from policy.book import merged
from policy.errors import WrongUsageError

SHIPPED = "rates.toml"


class RatesError(WrongUsageError):
    """A file of rates cannot be used; the message says where it is wrong."""


class Part(BaseModel):
    """A part of the rates: frozen, and strict about its keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Rate(Part):
    """A share of one, and where it comes from."""

    share: float = Field(ge=0, le=1)
    source: str = Field(min_length=4)


class Days(Part):
    """From so many to so many, both included."""

    first: int = Field(alias="from", ge=0)
    last: int = Field(alias="to", ge=0)
    source: str = Field(min_length=4)

    @model_validator(mode="after")
    def in_order(self) -> "Days":
        """Refuse an end before the beginning."""
        if self.last < self.first:
            raise ValueError(f"'to' {self.last} is less than 'from' {self.first}")
        return self


class Pace(Part):
    """How something due is answered: the share in time, the share never, and how early or late, in calendar days."""

    in_time: Rate
    never: Rate
    days_early: Days
    days_late: Days

    @model_validator(mode="after")
    def shares_fit(self) -> "Pace":
        """Refuse more than one in all."""
        if self.in_time.share + self.never.share > 1:
            raise ValueError("'in_time' and 'never' are more than 1 together")
        return self


class Caseload(Part):
    """What a caseload looks like that is taken on without levels."""

    level_2: Rate
    level_3: Rate
    terrorist_level_2: Rate
    days_at_level_1: Days
    days_at_level_2_or_3: Days
    days_to_first_level: Days
    category_3_referred: Rate
    category_3_days: Days
    no_police_manager_mended: Rate


class ReferralRates(Pace):
    """Referrals: who is referred, what is missing, what is asked for."""

    referred: Rate
    incomplete: Rate
    no_likelihood: Rate
    no_risk: Rate
    no_imminence: Rate
    no_agencies: Rate
    no_assessment: Rate
    no_plan: Rate
    no_special_issues: Rate
    level_3: Rate
    wants_mental_health: Rate
    wants_housing: Rate
    approved_premises: Rate
    tagged: Rate
    children_at_risk: Rate
    adult_at_risk: Rate
    general_practice: Rate
    immigration: Rate
    employment_restrictions: Rate
    registered_social_landlord: Rate
    domestic_abuse: Rate
    personality_disorder: Rate
    personality_screened: Rate
    victim_elsewhere: Rate
    other_area: Rate


class ScreeningRates(Pace):
    """What screening decides; what is left over remains at level 1."""

    accepted_level_2: Rate
    accepted_level_3: Rate
    more_information: Rate
    category_3_accepted: Rate


class Arranging(Part):
    """When meetings are arranged, moved, cancelled and recorded."""

    working_days_to_arrange: Days
    first_in_working_days: Days
    first_late: Rate
    urgent_in_working_days: Days
    moved: Rate
    moved_by_working_days: Days
    cancelled: Rate
    next_late: Rate
    level_2_weeks: Days
    level_3_weeks: Days
    recorded_late: Rate
    recorded_late_working_days: Days


class Deciding(Part):
    """What is decided at meetings."""

    level_down: Rate
    level_up: Rate
    disclose: Rate
    disclosure_approved_there: Rate
    disclosure_in_working_days: Days
    critical_public_protection_case: Rate
    visit_unannounced: Rate
    actions: Days
    conditions_confirmed: Rate


class AttendanceRates(Part):
    """Who comes, by agency, and what the others do."""

    reported: Rate
    apologised: Rate
    came: dict[str, Rate]
    somebody_else: Rate
    manager_alone: Rate


class AbsenceRates(Part):
    """What becomes of an absence."""

    late_report: Rate
    another_route: Rate
    reason_accepted: Rate
    settled_by_smb_chair: Rate
    report_working_days: Days
    reason_working_days: Days
    smb_chair_working_days: Days
    contacted: Rate
    first_contact_working_days: Days
    second_contact_working_days: Days


class MinutesRates(Pace):
    """When minutes are final, and how long the Chair has the draft."""

    working_days_for_approval: Days


class ActionRates(Pace):
    """What becomes of actions."""

    not_done: Rate
    no_outcome: Rate
    mended_in_working_days: Days
    accepted: Rate
    due_in_working_days: Days


class Level1Rates(Pace):
    """Reviews at level 1."""

    jointly: Rate
    referred: Rate


class IncidentRates(Part):
    """What happens between two meetings."""

    happens: Rate
    urgent: Rate
    undecided: Rate


class HappeningRates(Part):
    """What happens to people, as a share of those to whom it can happen in a year: where each is told of them."""

    recall: Rate
    transfer: Rate
    temporary_release: Rate
    release_date_changed: Rate
    hospital_leave: Rate
    conditions_changed: Rate
    further_charge: Rate
    absconded: Rate
    death: Rate
    contact_change: Rate
    disclosure: Rate
    order: Rate
    transfer_proposal: Rate
    foreign_travel: Rate
    details_change: Rate
    polygraph: Rate
    drug_test: Rate
    curfew_violation: Rate
    tag_violation: Rate


class EventDetails(Part):
    """What follows from what happens."""

    recall_fixed_term: Rate
    recall_without_date: Rate
    recall_days: Days
    leave_days: Days
    release_moved_days: Days
    consulted_at_once: Rate
    charge_serious: Rate
    test_not_clear: Rate
    days_at_large: Days
    never_back: Rate
    order_of_earlier_years: Rate
    order_years: Days


class ParoleRates(Part):
    """What a parole board decides; what is left over is refused."""

    release_directed: Rate
    adjourned: Rate
    days_before: Days
    days_to_release: Days
    months_to_next: Days


class ApprovalRates(Pace):
    """What a second person says of a disclosure; what is left over is refused."""

    approved: Rate


class DisclosureRates(Pace):
    """What becomes of disclosures; what is left over is not made."""

    made: Rate


class PlanRates(Pace):
    """What a plan holds."""

    carried: Rate
    zone: Rate
    visit_unannounced: Rate
    contacts: Days


class EventReviewRates(Pace):
    """What a look at an event comes to."""

    risk_changed: Rate
    plan_updated: Rate
    meeting_needed: Rate


class OrderEndRates(Pace):
    """What comes after an order; what is left over ends."""

    another: Rate
    varied: Rate


class NotificationRates(Pace):
    """How notification without an end is reviewed; what is left over continues."""

    ended: Rate
    not_applied: Rate
    years_to_next: Days


class TransferRates(Pace):
    """What another area answers; what is left over is withdrawn."""

    accepted: Rate
    declined: Rate


class EndRates(Pace):
    """What becomes of a case at an end."""

    category_3_goes_on: Rate
    handed_to_iom: Rate


class WeeklyRates(Pace):
    """Who has no fixed home after a release, and how soon one is found."""

    no_fixed_home: Rate
    found_one: Rate


class Otherwise(Pace):
    """What is mostly answered in one way; ``otherwise``: how often it is in the other."""

    otherwise: Rate


class Rates(Part):
    """Every rate."""

    caseload: Caseload
    prison_notice: Pace
    prison_report: Pace
    licence_conditions: Pace
    housing: Otherwise
    jobcentre_notice: Pace
    yearly_notification: Pace
    weekly_notification: WeeklyRates
    visit: Otherwise
    level_setting: Pace
    referral: ReferralRates
    resubmission: Pace
    screening: ScreeningRates
    arranging: Arranging
    deciding: Deciding
    attendance: AttendanceRates
    absence: AbsenceRates
    minutes: MinutesRates
    visor_posting: Pace
    action: ActionRates
    level_1_review: Level1Rates
    incident: IncidentRates
    happening: HappeningRates
    event: EventDetails
    parole: ParoleRates
    disclosure_approval: ApprovalRates
    question: Pace
    disclosure: DisclosureRates
    plan_update: PlanRates
    event_review: EventReviewRates
    consultation: Pace
    visor_partner: Pace
    visor_record: Pace
    status_told: Otherwise
    own_views: Otherwise
    child_protection: Otherwise
    marac: Otherwise
    sara: Pace
    travel_return: Otherwise
    plan_confirmed: Pace
    return_due: Pace
    victim_update: Pace
    offence_report: Pace
    case_review: Pace
    order_end: OrderEndRates
    notification_review: NotificationRates
    transfer_answer: TransferRates
    exit_plan: Pace
    end_of_sentence: EndRates


@cache
def shipped() -> dict[str, Any]:
    """Return the shipped rates as they are written."""
    return tomllib.loads((files("sample.answers") / SHIPPED).read_text(encoding="utf-8"))


def read_rates(path: Path | None = None) -> Rates:
    """Return the shipped rates, with what a file says otherwise; ``RatesError`` says what is wrong with it."""
    try:
        change = tomllib.loads(path.read_text(encoding="utf-8")) if path else {}
        return Rates.model_validate(merged(shipped(), change))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RatesError(f"it is not TOML: {error}", where=str(path)) from error
    except ValidationError as error:
        reasons = [f"{'.'.join(str(part) for part in e['loc'])}: {e['msg']}" for e in error.errors()]
        raise RatesError("; ".join(reasons), where=str(path)) from error
