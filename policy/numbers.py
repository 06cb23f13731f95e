"""The shape of a policy: every number the rules use, with its source, read from TOML.

A policy is frozen; unknown keys and impossible values are refused with the place and what is wanted.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any, Literal

from pydantic import Field, model_validator

from policy.agencies import RESPONSIBLE_AUTHORITY, Agency, AgencyClass, AgencyEntry
from policy.board import BoardNumbers
from policy.clock import ClockNumbers
from policy.concerns import ALWAYS, SHOWN_OF_AN_EVENT, Concern
from policy.events import EventKind
from policy.indicators import IndicatorNumbers
from policy.kinds import BY_NAME, KINDS, Events, KindName
from policy.offsets import Offset
from policy.outcomes import OutcomeNumbers
from policy.parts import Part, Status
from policy.publishing import PublishingNumbers
from policy.roles import Role
from policy.timescale_rules import TimescaleRule
from policy.vocabulary import Category

# What the case itself shows, beside the circumstances that a person records.
SHOWN_BY_THE_CASE = ("in_custody", "in_hospital", "category_4", "under_age", "near_release")


class DateNumbers(Part):
    """Within which days a date may lie, in files and in forms, and how long a term may be.

    A fact lies between ``first_day`` and today, an appointment or a task at most ``appointment_years`` ahead, a release
    or the end of a sentence, an order or a period at most ``end_years``. No term of a sentence is longer than
    ``longest_term_months``: a day written for a number of months, or a digit too many, is none.
    """

    first_day: date = Field(ge=date(1800, 1, 1), le=date(1950, 1, 1))
    appointment_years: int = Field(ge=1, le=20)
    end_years: int = Field(ge=40, le=150)
    longest_term_months: int = Field(ge=600, le=2400)
    source: str
    status: Status


class TextNumbers(Part):
    """How long one text of a form may be, in characters, and how many rows one list of it may have.

    ``longest_item``: of one item of the prison's report (MAPPA F).
    """

    longest: int = Field(ge=2_000, le=200_000)
    most_rows: int = Field(ge=50, le=1_000)
    longest_item: int = Field(ge=200, le=20_000)
    source: str
    status: Status


class Prompting(Part):
    """When prompts go out."""

    from_hour: int = Field(ge=0, le=23)
    source: str
    status: Status


class Pausing(Part):
    """How long a duty may be paused: snoozed by whoever owes it, or its clock stopped on somebody's authority.

    ``snoozes``: how often one duty may be snoozed before its date moves. The longest count from the day of the pause.
    """

    longest_snooze: Offset
    snoozes: int = Field(ge=0)
    longest_stop: Offset
    source: str
    status: Status


class HandingOver(Part):
    """For how long somebody who is away may hand their duties to a colleague, counted from the first day."""

    longest: Offset
    source: str
    status: Status


class Merging(Part):
    """Until how long after the day of a merge two records of one person can be parted again."""

    undone_within: Offset
    source: str
    status: Status


class StuckList(Part):
    """When the list of what is stuck goes out, and to whom: every week, and with the first list of each month."""

    weekday: Literal["monday", "tuesday", "wednesday", "thursday", "friday"]
    weekly: tuple[Role, ...] = Field(min_length=1)
    monthly: tuple[Role, ...]
    source: str
    status: Status


class Messages(Part):
    """What e-mail may carry."""

    details_in_bodies: bool
    source: str
    status: Status


class Retention(Part):
    """How long the data of a person are kept once all cases are closed; 0: for ever."""

    closed_cases_years: int = Field(ge=0, le=120)
    source: str
    status: Status


class SilenceNumbers(Part):
    """How long an open case may go without a prompt: in custody, outside it, and outside it without a level."""

    in_custody: Offset
    outside_custody: Offset
    without_level: Offset
    source: str
    status: Status


class Circumstance(Part):
    """Something about how a person lives. ``question``: as a form asks it. ``statement``: as the papers say it."""

    question: str = Field(min_length=5)
    statement: str = Field(min_length=5)


class RequiredWhen(Part):
    """When a meeting needs an agency, and why, in words for whoever is invited.

    ``when``: a circumstance of the policy, or one of ``SHOWN_BY_THE_CASE``. ``by_local_authority``: the right office
    is that of the local authority in which the person lives.
    """

    when: str
    agency: str
    because: str = Field(min_length=5)
    by_local_authority: bool = False


class AttendanceNumbers(Part):
    """Who must be at a meeting (Joint inspection 2015, 5.6, 5.7), and at which grade at level 3.

    ``grades`` has the grades of an agency from the lowest up, each with the ways it is written. ``must_inform``: the
    agencies without whose word a meeting that needs them is not fully informed (Joint inspection 2015, 6.32), at
    level 3 those of ``must_inform_at_level_3`` too (London annual report 2013-14).
    """

    core: tuple[str, ...]
    must_inform: tuple[str, ...]
    must_inform_at_level_3: tuple[str, ...]
    neighbourhood_policing_weeks: int = Field(ge=0)
    adult_age: int = Field(ge=1)
    level_3_minimum: dict[str, str]
    grades: dict[str, tuple[tuple[str, ...], ...]]
    required: dict[str, RequiredWhen]
    source: str
    status: Status

    @model_validator(mode="after")
    def minimum_is_a_grade(self) -> "AttendanceNumbers":
        """Refuse a minimum that is no grade of its agency."""
        for agency, grade in self.level_3_minimum.items():
            if not any(grade in ways for ways in self.grades.get(agency, ())):
                raise ValueError(f"level_3_minimum: {grade!r} is not a grade of {agency} under 'grades'")
        return self


class VictimNumbers(Part):
    """The events of which the victim liaison officer is told, where there is victim contact.

    Source: Durham annual report 2005-06.
    """

    told_of: tuple[EventKind, ...]
    source: str
    status: Status


class VisorNumbers(Part):
    """Who has a record on ViSOR besides category 1 and every level 2 and 3 (Joint inspection 2015, 4.10, 4.25)."""

    category_2: bool
    source: str
    status: Status


class EligibilityNumbers(Part):
    """The dated rules of eligibility (CJA 2003 s.327)."""

    primary_order: tuple[Category, ...]
    murder_codes: tuple[str, ...]
    qualifying_months: int = Field(ge=1)
    tused_extends_category_2: bool
    coercive_control_codes: tuple[str, ...]
    coercive_control_from: date
    category_4_from: date
    source: str
    status: Status

    @model_validator(mode="after")
    def every_category_has_its_place(self) -> "EligibilityNumbers":
        """Refuse an order of precedence with a gap."""
        if sorted(self.primary_order) != sorted(Category):
            raise ValueError("primary_order must name each of the categories 1 to 4 once")
        return self


class SexualNotification(Part):
    """Notification periods of SOA 2003 s.82 in months; 0 is indefinite."""

    life: int
    months_30_or_more: int
    over_6_under_30_months: int
    up_to_6_months: int
    hospital_with_restriction: int
    hospital_without_restriction: int
    caution: int
    other: int
    source: str
    status: Status


class TerroristNotification(Part):
    """Notification periods of the Counter-Terrorism Act 2008 s.53 in months."""

    life_or_120_months: int
    months_60_or_more: int
    other: int
    minimum_age: int
    source: str
    status: Status


class TravelNotification(Part):
    """How many days before a journey abroad the police are told of it."""

    notice_days: int = Field(ge=0, le=60)
    source: str
    status: Status


class Notification(Part):
    """Notification periods by law, and how long before a journey it is told."""

    sexual: SexualNotification
    terrorist: TerroristNotification
    travel: TravelNotification


class Policy(Part):
    """All numbers in force for an area from a date on. ``area`` None: for every area without its own."""

    version: str = Field(min_length=1, max_length=40, description="The name of this version.")
    in_force_from: date = Field(description="The day from which it is in force.")
    title: str = Field("", description="What it is, in words.")
    area: str | None = Field(None, description="The area it is for; null for every area without its own.")
    base: str | None = Field(None, description="The version that it changes; null where it stands alone.")
    prompting: Prompting = Field(description="When prompts go out.")
    pausing: Pausing = Field(description="How long a duty may be paused.")
    handing_over: HandingOver = Field(description="For how long duties may be handed to a colleague.")
    merging: Merging = Field(description="Until when a merge of two records of one person can be undone.")
    stuck_list: StuckList = Field(description="Who gets the list of what is stuck, and when.")
    messages: Messages = Field(description="What e-mail may carry.")
    retention: Retention = Field(description="How long the data of a person are kept.")
    dates: DateNumbers = Field(description="Within which days a date may lie, and how long a term may be.")
    texts: TextNumbers = Field(description="How long a text of a form may be, and how many rows a list of it may have.")
    silence: SilenceNumbers = Field(description="How long an open case may go without a prompt.")
    clock: ClockNumbers = Field(description="How far the clock of a machine may stray before the work stops.")
    agencies: dict[str, AgencyEntry] = Field(description="The agencies: what the law asks of each, who speaks for it.")
    circumstances: dict[str, Circumstance] = Field(description="What is asked of how a person lives.")
    attendance: AttendanceNumbers = Field(description="Who must be at a meeting, and at which grade.")
    concerns: dict[EventKind, tuple[Concern, ...]] = Field(
        description="Whom each event concerns: who hears of it at once, where, and what it changes for them."
    )
    victims: VictimNumbers = Field(description="The events of which the victim liaison officer is told.")
    visor: VisorNumbers = Field(description="Who has a record on ViSOR besides category 1 and levels 2 and 3.")
    timescales: dict[KindName, TimescaleRule] = Field(
        description="What has to be done: counted from which date, by whom, and with which reminders."
    )
    fallback: dict[Role, tuple[Role, ...]] = Field(description="Up the line from a role that has nobody.")
    indicators: IndicatorNumbers = Field(description="The targets of the indicators.")
    outcomes: OutcomeNumbers = Field(description="What the joint inspection found, to compare with.")
    board: BoardNumbers = Field(description="What the board is shown each quarter, and what is held back.")
    publishing: PublishingNumbers = Field(description="How long after a period its reports are published.")
    eligibility: EligibilityNumbers = Field(description="The dated rules of eligibility.")
    notification: Notification = Field(description="How long notification lasts, by law.")

    @model_validator(mode="before")
    @classmethod
    def owners_come_from_the_specs(cls, raw: Any) -> Any:
        """Return the tables with the owner that the spec of a kind names, where the policy names no other."""
        timescales = raw.get("timescales") if isinstance(raw, dict) else None
        if not isinstance(timescales, dict):
            return raw
        told = {
            name: {"owner": BY_NAME[name].spec.owner, "owner_agency": BY_NAME[name].spec.owner_agency} | rule
            if name in BY_NAME and isinstance(rule, dict)
            else rule
            for name, rule in timescales.items()
        }
        return raw | {"timescales": told}

    @model_validator(mode="after")
    def agencies_and_circumstances_are_known(self) -> "Policy":
        """Refuse a policy that names an agency or a circumstance that it does not have."""
        missing = [agency.value for agency in Agency if agency not in self.agencies]
        if missing:
            raise ValueError(f"agencies: the rules name {', '.join(missing)}: the policy needs an entry for each")
        of_law = {name for name, entry in self.agencies.items() if entry.class_ is AgencyClass.RESPONSIBLE_AUTHORITY}
        if of_law != set(RESPONSIBLE_AUTHORITY):
            raise ValueError(f"agencies: the Responsible Authority is {', '.join(RESPONSIBLE_AUTHORITY)}, and no other")
        for where, agency in self.named_agencies():
            if agency not in self.agencies:
                raise ValueError(f"{where}: {agency!r} is not an agency: add it as [agencies.{agency}]")
        for name, rule in self.attendance.required.items():
            if rule.when not in self.circumstances and rule.when not in SHOWN_BY_THE_CASE:
                raise ValueError(
                    f"attendance.required.{name}: when: {rule.when!r} is neither a circumstance of the policy nor one "
                    f"of {', '.join(SHOWN_BY_THE_CASE)}"
                )
        return self

    @model_validator(mode="after")
    def every_event_concerns_somebody(self) -> "Policy":
        """Refuse an event of which nobody would hear, a condition that nobody knows, and a rung about no event."""
        for event in EventKind:
            rows = self.concerns.get(event, ())
            if event.spec.reviewed and not any(ALWAYS in row.when for row in rows):
                raise ValueError(f"concerns.{event}: nobody hears of it always: one row needs when = ['{ALWAYS}']")
            for when in (when for row in rows for when in row.when):
                if when not in (ALWAYS, *SHOWN_OF_AN_EVENT) and when not in self.circumstances:
                    raise ValueError(
                        f"concerns.{event}: when: {when!r} is neither a circumstance of the policy nor one of "
                        f"{', '.join((ALWAYS, *SHOWN_OF_AN_EVENT))}"
                    )
        for kind, rule in self.timescales.items():
            ladders = (rule.rungs, *(variant.rungs or () for variant in rule.variants.values()))
            if kind is not Events.EVENT_REVIEW and any("concerned" in rung.to for rungs in ladders for rung in rungs):
                raise ValueError(f"timescales.{kind}: only an event of 'event_review' concerns somebody")
        return self

    def named_agencies(self) -> Iterator[tuple[str, str]]:
        """Yield (where, agency) for every agency that the policy names."""
        for kind, rule in self.timescales.items():
            if rule.owner_agency not in ("lead_agency", "named"):
                yield f"timescales.{kind}.owner_agency", rule.owner_agency
        for agency in (*self.attendance.core, *self.attendance.level_3_minimum, *self.attendance.grades):
            yield "attendance", agency
        for name, required in self.attendance.required.items():
            yield f"attendance.required.{name}", required.agency
        for event, rows in self.concerns.items():
            for row in rows:
                if row.agency:
                    yield f"concerns.{event}", row.agency

    def agency_name(self, agency: str) -> str:
        """Return an agency as people write it inside a sentence; one that is no longer known, by its own word."""
        entry = self.agencies.get(agency)
        return entry.name if entry is not None else agency.replace("_", " ")

    @model_validator(mode="after")
    def every_kind_has_a_rule(self) -> "Policy":
        """Refuse a policy under which something owed would have no date."""
        missing = [kind.value for kind in KINDS if kind not in self.timescales]
        if missing:
            raise ValueError(f"no rule for the timescales {', '.join(missing)}")
        return self
