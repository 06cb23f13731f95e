"""The shape of a policy: every number the rules use, with its source, read from TOML.

A policy is frozen; unknown keys and impossible values are refused with the place and what is wanted.
"""

import re
from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from policy.calendar import WorkingCalendar, add_months
from policy.vocabulary import Agency, Category, Kind, Role, Weight

OFFSET = re.compile(r"(?P<sign>[+-])(?P<count>\d{1,3})(?: (?P<unit>day|week|month|year)s?|(?P<working>W))")
DUE = "due"


def offset_is_well_formed(text: str) -> str:
    """Return ``text`` if it is an offset, else raise ``ValueError`` that names the forms."""
    if text != DUE and not OFFSET.fullmatch(text):
        raise ValueError(f"{text!r} is not an offset: 'due', '+3 days', '-2 weeks', '-1 month' or '+5W' are")
    return text


def shift(day: date, offset: str, calendar: WorkingCalendar) -> date:
    """Return ``day`` moved by an offset: calendar days, weeks, months and years, or working days (``W``).

    ``due`` leaves it. Months clamp to the month's end; a result may fall on a non-working day.
    """
    if offset == DUE:
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
Status = Literal["confirmed", "default", "recalled"]


class Part(BaseModel):
    """A part of a policy: frozen, and strict about its keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Rung(Part):
    """One step of a ladder: when, to whom, and how it travels."""

    at: Offset
    to: tuple[Literal["owner"] | Role, ...] = Field(min_length=1)
    weight: Weight


class TimescaleRule(Part):
    """What is owed, from which date, by whom, and the ladder of prompts."""

    from_: Literal["sentence_date", "release_date"] = Field(alias="from")
    offset: Offset
    owner: Role
    owner_agency: Agency | Literal["lead_agency"]
    source: str = Field(min_length=5)
    status: Status
    rungs: tuple[Rung, ...]

    @model_validator(mode="after")
    def rungs_differ(self) -> "TimescaleRule":
        """Refuse a ladder in which one moment stands twice: a rung is known by its moment."""
        names = [rung.at for rung in self.rungs]
        if len(set(names)) != len(names):
            raise ValueError(f"each rung needs a moment of its own, but {names} has one twice")
        return self


class Prompting(Part):
    """When prompts go out."""

    from_hour: int = Field(ge=0, le=23)
    source: str
    status: Status


class EligibilityNumbers(Part):
    """The dated rules of eligibility (``domain.md`` 3)."""

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

    version: str = Field(min_length=1, max_length=40)
    in_force_from: date
    title: str = ""
    area: str | None = None
    base: str | None = None
    prompting: Prompting
    timescales: dict[Kind, TimescaleRule]
    fallback: dict[Role, tuple[Role, ...]]
    eligibility: EligibilityNumbers
    notification: Notification

    @model_validator(mode="after")
    def every_kind_has_a_rule(self) -> "Policy":
        """Refuse a policy under which something owed would have no date."""
        missing = [kind.value for kind in Kind if kind not in self.timescales]
        if missing:
            raise ValueError(f"no rule for the timescales {', '.join(missing)}")
        return self
