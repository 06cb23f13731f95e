"""The shape of a policy: every number the rules use, with its source, read from TOML.

A policy is frozen; unknown keys and impossible values are refused with the place and what is wanted.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from policy.agencies import RESPONSIBLE_AUTHORITY, Agency, AgencyClass, AgencyEntry
from policy.calendar import WorkingCalendar, add_months
from policy.concerns import ALWAYS, SHOWN_OF_AN_EVENT, Concern
from policy.events import EventKind
from policy.kinds import BY_NAME, KINDS, Events, KindName
from policy.letters import MessageKind
from policy.parts import Part, Status, Written
from policy.roles import Role
from policy.vocabulary import Category, Weight

# What the case itself shows, beside the circumstances that a person records.
SHOWN_BY_THE_CASE = ("in_custody", "in_hospital", "category_4", "under_age", "near_release")
OFFSET = re.compile(r"(?P<sign>[+-])(?P<count>\d{1,3})(?: (?P<unit>day|week|month|year)s?|(?P<working>W))")
DUE = "due"
AT_ONCE = "at once"


def offset_is_well_formed(text: str) -> str:
    """Return ``text`` if it is an offset, else raise ``ValueError`` that names the forms."""
    if text not in (DUE, AT_ONCE) and not OFFSET.fullmatch(text):
        raise ValueError(f"{text!r} is not an offset: 'due', 'at once', '+3 days', '-2 weeks', '-1 month' or '+5W' are")
    return text


def shift(day: date, offset: str, calendar: WorkingCalendar) -> date:
    """Return ``day`` moved by an offset: calendar days, weeks, months and years, or working days (``W``).

    ``due`` and ``at once`` leave it. Months clamp to the month's end; a result may fall on a non-working day.
    """
    if offset in (DUE, AT_ONCE):
        return day
    match = OFFSET.fullmatch(offset)
    if match is None:
        raise ValueError(f"{offset!r} is not an offset")
    count = int(match["sign"] + match["count"])
    if match["working"]:
        return calendar.add_working_days(day, count)
    if match["unit"] == "day":
        return day + timedelta(days=count)
    if match["unit"] == "week":
        return day + timedelta(weeks=count)
    return add_months(day, count * (12 if match["unit"] == "year" else 1))


Offset = Annotated[str, AfterValidator(offset_is_well_formed)]


class Rung(Written):
    """One step of a ladder: when, to whom, how it travels, and by which letter where it has one of its own.

    ``to`` "concerned": those whom the event concerns, by the policy's ``concerns``. A rung is known by its ``name``;
    without one, by its moment. ``again``: from then on it is raised again and again, after so many working days each
    time, until the timescale is met, moved or paused.
    """

    at: Offset
    name: str = Field(default="", max_length=20)
    to: tuple[Literal["owner", "concerned"] | Role, ...] = Field(min_length=1)
    weight: Weight
    message: MessageKind | None = None
    again: Offset | None = None

    @property
    def known_as(self) -> str:
        """Return what the rung is called in prompts."""
        return self.name or self.at

    @property
    def letter(self) -> MessageKind:
        """Return the kind of message that carries it: its own, else the digest or the day's escalation."""
        if self.message is not None:
            return self.message
        return MessageKind.DIGEST if self.weight is Weight.REMINDER else MessageKind.ESCALATION


def known_apart(rungs: tuple[Rung, ...]) -> tuple[Rung, ...]:
    """Return ``rungs``, or raise ``ValueError``: two that are called alike could not be told apart."""
    names = [rung.known_as for rung in rungs]
    if len(set(names)) != len(names):
        raise ValueError(f"each rung needs a name of its own, but {names} has one twice")
    for rung in rungs:
        if rung.weight is Weight.NOTICE and rung.message is None:
            raise ValueError(f"the rung {rung.known_as!r} is a notice, and names no message to be sent by")
    if any(rung.again for rung in rungs[:-1]):
        raise ValueError("only the last rung of a ladder may be raised again")
    if any(rung.again is not None and not rung.again.startswith("+") for rung in rungs):
        raise ValueError("'again' is how long after a rung it is raised anew: '+1W' is")
    return rungs


Ladder = Annotated[tuple[Rung, ...], AfterValidator(known_apart)]
Anchor = Literal[
    "sentence_date",
    "release_date",
    "referral_received",
    "referral_returned",
    "acceptance",
    "meeting_date",
    "last_meeting",
    "last_review",
    "incident_date",
    "own_date",
    "end_date",
    "proposal_date",
    "event_date",
    "notification_date",
    "asked_on",
]


VariantName = (
    Literal[
        "level_3",
        "outside_custody",
        "responsible_authority",
        "not_invited",
        "general_practice",
        "juvenile",
        "set_date",
        "after_review",
        "incident",
        "carried",
    ]
    | EventKind
)


class Variant(Written):
    """What differs from a rule for some: the offset, the ladder, or both."""

    offset: Offset | None = None
    rungs: Ladder | None = None


class TimescaleRule(Written):
    """What is owed, from which date, by whom, and the ladder of prompts.

    ``owner_agency`` "named": the facts name the agency. ``counted_from`` is the date the rungs count from: the
    due date, or the anchor itself. ``repeats_start_higher``: the second time the ladder starts at its second
    rung, the third time at its third (non-attendance).
    """

    from_: Anchor = Field(alias="from")
    offset: Offset
    owner: Role
    owner_agency: str
    counted_from: Literal["due", "anchor"] = "due"
    repeats_start_higher: bool = False
    source: str = Field(min_length=5)
    status: Status
    rungs: Ladder
    variants: dict[VariantName, Variant] = Field(default_factory=dict)

    def for_variants(self, names: tuple[VariantName, ...]) -> "TimescaleRule":
        """Return the rule as it holds for the first of ``names`` that it has a variant for."""
        for name in names:
            variant = self.variants.get(name)
            if variant is not None:
                offset, rungs = variant.offset or self.offset, variant.rungs or self.rungs
                return self.model_copy(update={"offset": offset, "rungs": rungs})
        return self


class DateNumbers(Part):
    """Within which days a date may lie, in files and in forms.

    A fact lies between ``first_day`` and today, an appointment or a task at most ``appointment_years`` ahead, a release
    or the end of a sentence, an order or a period at most ``end_years``.
    """

    first_day: date = Field(ge=date(1800, 1, 1), le=date(1950, 1, 1))
    appointment_years: int = Field(ge=1, le=20)
    end_years: int = Field(ge=40, le=150)
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

    ``grades`` has the grades of an agency from the lowest up, each with the ways it is written.
    """

    core: tuple[str, ...]
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


class Notification(Part):
    """Notification periods by law."""

    sexual: SexualNotification
    terrorist: TerroristNotification


class Policy(Part):
    """All numbers in force for an area from a date on. ``area`` None: for every area without its own."""

    version: str = Field(min_length=1, max_length=40, description="The name of this version.")
    in_force_from: date = Field(description="The day from which it is in force.")
    title: str = Field("", description="What it is, in words.")
    area: str | None = Field(None, description="The area it is for; null for every area without its own.")
    base: str | None = Field(None, description="The version that it changes; null where it stands alone.")
    prompting: Prompting = Field(description="When prompts go out.")
    pausing: Pausing = Field(description="How long a duty may be paused.")
    merging: Merging = Field(description="Until when a merge of two records of one person can be undone.")
    stuck_list: StuckList = Field(description="Who gets the list of what is stuck, and when.")
    messages: Messages = Field(description="What e-mail may carry.")
    retention: Retention = Field(description="How long the data of a person are kept.")
    dates: DateNumbers = Field(description="Within which days a date may lie.")
    silence: SilenceNumbers = Field(description="How long an open case may go without a prompt.")
    agencies: dict[str, AgencyEntry] = Field(description="The agencies: what the law asks of each, who speaks for it.")
    circumstances: dict[str, Circumstance] = Field(description="What is asked of how a person lives.")
    attendance: AttendanceNumbers = Field(description="Who must be at a meeting, and at which grade.")
    concerns: dict[EventKind, tuple[Concern, ...]] = Field(
        description="Whom each event concerns: who hears of it at once, where, and what it changes for them."
    )
    victims: VictimNumbers = Field(description="The events of which the victim liaison officer is told.")
    timescales: dict[KindName, TimescaleRule] = Field(
        description="What is owed: from which date, by whom, with which rungs."
    )
    fallback: dict[Role, tuple[Role, ...]] = Field(description="Up the line from a role that has nobody.")
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
