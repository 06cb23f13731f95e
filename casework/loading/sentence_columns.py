"""The columns of the sentences file, and what must hold between the cells of one row."""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache, partial
from typing import Any

from casework.loading.as_written import AREA
from casework.loading.cells import Words, age, email_address, iso_day, months, outside_limits, read_cells
from casework.loading.columns import YES_NO, Column, Columns, Reader, identifying_agency, lead_agency, one_of
from casework.loading.lines import Row
from casework.loading.report import Reject
from policy import identifiers
from policy.book import PolicyBook
from policy.calendar import age_on
from policy.dates import Ahead, released_after_the_end
from policy.release import DATE_NAMES
from policy.vocabulary import Disposal, Location, RoshLevel, Sex

PERSON_FIELDS = ("crn", "noms_number", "pnc_number", "surname", "forenames", "date_of_birth", "sex")
END_DATES = (
    "licence_expiry_date",
    "sentence_expiry_date",
    "top_up_supervision_expiry_date",
    "order_end_date",
    "shpo_end_date",
)

ENDS_OF_SENTENCE = ("licence_expiry_date", "sentence_expiry_date")

Key = tuple[str, str, date, str]
# The same day stands in a file a thousand times.
day = lru_cache(maxsize=65_536)(iso_day)


def offence_code(text: str) -> str:
    """Return an offence code; one that is in no schedule known here is put to a person, and so is not refused."""
    return Words(12)(text.upper())


def columns(today: date, area: Reader = AREA) -> Columns:
    """Return the columns; ``today`` tells the century of a short PNC number, ``area`` reads the name of an area."""
    return Columns(
        Column("crn", identifiers.crn, required=True, about="The case reference number of probation (Delius)."),
        Column("surname", Words(100), required=True),
        Column("forenames", Words(100), required=True),
        Column("date_of_birth", day, required=True),
        Column("area", area, required=True, about="The MAPPA area that manages the case."),
        Column("lead_agency", lead_agency(), required=True, about="The agency with statutory authority over the case."),
        Column(
            "offence_code",
            offence_code,
            required=True,
            about="The code of the Criminal Justice System for the offence.",
        ),
        Column("disposal", one_of(Disposal), required=True, about="What the court ordered, or the police decided."),
        Column("sentence_date", day, required=True, about="The day of the sentence, order or caution."),
        Column("noms_number", identifiers.noms_number, about="The number of the prison service (NOMIS)."),
        Column(
            "pnc_number",
            partial(identifiers.pnc_number, today=today),
            about="The number of the Police National Computer.",
        ),
        Column("sex", one_of(Sex)),
        Column("unit", Words(80), about="The probation delivery unit or team."),
        Column("identifying_agency", identifying_agency(), about="Who must identify the case; empty: the lead agency."),
        Column("offender_manager", Words(120), about="The name of the officer of the lead agency."),
        Column("offender_manager_email", email_address, about="Where reminders for that officer go."),
        Column("line_manager_email", email_address, about="Where reminders go that the officer has not answered."),
        Column("police_offender_manager", Words(120), about="The name of the officer of the police."),
        Column("police_offender_manager_email", email_address, about="Where reminders for that officer go."),
        Column("offence_description", Words(300)),
        Column("offence_date", day, about="The day of the offence, or its first day."),
        Column(
            "restriction_order",
            YES_NO,
            about="Whether the hospital order has restrictions (Mental Health Act 1983, s.41).",
        ),
        Column("term_months", months, number=True, about="The whole term for this offence."),
        Column("total_term_months", months, number=True, about="The term with those that run before or after it."),
        Column("victim_age", age, number=True, about="The age of the youngest victim at the offence."),
        Column("offender_age_at_offence", age, number=True, about="The age of the offender at the offence."),
        Column("conditional_release_date", day, ahead=Ahead.END, about="CRD."),
        Column("automatic_release_date", day, ahead=Ahead.END, about="ARD."),
        Column("parole_eligibility_date", day, ahead=Ahead.END, about="PED."),
        Column(
            "approved_parole_date", day, ahead=Ahead.END, about="APD: the release that the Parole Board has directed."
        ),
        Column("hdc_approved_date", day, ahead=Ahead.END, about="HDCAD: the release on home detention curfew."),
        Column("post_recall_release_date", day, ahead=Ahead.END, about="PRRD: the release after a recall."),
        Column("licence_expiry_date", day, ahead=Ahead.END, about="LED."),
        Column("sentence_expiry_date", day, ahead=Ahead.END, about="SED."),
        Column("top_up_supervision_expiry_date", day, ahead=Ahead.END, about="TUSED."),
        Column(
            "order_end_date", day, ahead=Ahead.END, about="The last day of a community or suspended sentence order."
        ),
        Column("location", one_of(Location), about="Where the person is now."),
        Column("prison", Words(80), about="The prison that holds the person, as its unit is called in the directory."),
        Column("rosh_level", one_of(RoshLevel), about="The risk of serious harm, as assessed last."),
        Column("victim_contact", YES_NO, about="Whether a victim is in the Victim Contact Scheme."),
        Column("notification_order", YES_NO, about="Whether the court made a notification order."),
        Column("shpo", YES_NO, about="Whether there is a sexual harm prevention order."),
        Column("shpo_end_date", day, ahead=Ahead.END, about="Its last day; empty: until further order."),
    )


SENTENCE_FIELDS = tuple(name for name in columns(date.min).all if name not in PERSON_FIELDS)


def impossible_dates(line: int, values: dict[str, Any]) -> Iterator[Reject]:
    """Yield a reason for each pair of dates that cannot both be true."""
    born, offence, sentenced = values["date_of_birth"], values["offence_date"], values["sentence_date"]
    if sentenced <= born:
        yield Reject(line, "sentence_date", f"{sentenced} is not after the date of birth {born}")
    if offence is not None and offence <= born:
        yield Reject(line, "offence_date", f"{offence} is not after the date of birth {born}")
    if offence is not None and offence > sentenced:
        yield Reject(line, "offence_date", f"{offence} is after the sentence date {sentenced}")
    # A release date may lie before the sentence: time served on remand counts (Criminal Justice Act 2003 s.240ZA).
    for name in END_DATES:
        if (on := values[name]) is not None and on < sentenced:
            yield Reject(line, name, f"{on} is before the sentence date {sentenced}")
    first, what = (offence, "offence date") if offence else (born, "date of birth")
    releases = [(name, values[name]) for name in DATE_NAMES if values[name] is not None]
    for name, on in releases:
        if on < first:
            yield Reject(line, name, f"{on} is before the {what} {first}")
    term, total = values["term_months"], values["total_term_months"]
    if total is not None and term is not None and total < term:
        yield Reject(line, "total_term_months", f"{total} is less than the term of {term} months itself")
    yield from impossible_age(line, values)
    for name, on in releases:
        for reason in released_after_the_end(on, *(values[end] for end in ENDS_OF_SENTENCE)):
            yield Reject(line, name, reason)


def impossible_age(line: int, values: dict[str, Any]) -> Iterator[Reject]:
    """Yield a reason for an age at the offence that the dates of birth, offence and sentence cannot give.

    Where the offence went on for a time, the date is that of one day of it: a year on either side may be right.
    """
    age_then, born = values["offender_age_at_offence"], values["date_of_birth"]
    if age_then is None:
        return
    if age_then > age_on(born, values["sentence_date"]):
        yield Reject(line, "offender_age_at_offence", f"{age_then} is more than the age on the sentence date")


def check(row: Row, known: Columns, book: PolicyBook, today: date) -> tuple[dict[str, Any], list[Reject]]:
    """Return the values of one row and every reason against it. An empty cell of yes or no is a no."""
    values, rejects = read_cells(row, known)
    if not rejects:
        for name in known.read_by(YES_NO):
            values[name] = bool(values[name])
        limits = book.for_area(values["area"], today).dates
        rejects = list(outside_limits(row.line, values, known, limits, today))
        rejects += impossible_dates(row.line, values)
    return values, rejects


def key_of(values: dict[str, Any]) -> Key:
    """Return what tells one sentence from another."""
    offence_date = values["offence_date"]
    return (
        values["crn"],
        values["offence_code"],
        values["sentence_date"],
        offence_date.isoformat() if offence_date else "",
    )
