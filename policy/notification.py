"""How long notification requirements last (SOA 2003 s.82; Counter-Terrorism Act 2008 s.53).

The relevant date is taken to be the sentence date: the file of sentences carries no date of conviction.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from policy.calendar import years_beginning_with
from policy.numbers import SexualNotification, TerroristNotification
from policy.offences import custodial_months
from policy.vocabulary import Disposal

TERM_OF_IMPRISONMENT = frozenset(
    {Disposal.IMPRISONMENT, Disposal.YOI_DETENTION, Disposal.DTO, Disposal.EXTENDED, Disposal.SUSPENDED}
)
LIFE = frozenset({Disposal.LIFE, Disposal.IPP})


@dataclass(frozen=True, slots=True)
class End:
    """The last day of a period: ``on`` None with ``known`` is "no end"; without ``known``, a person must say."""

    on: date | None
    known: bool = True
    why_unknown: str = ""


NO_END = End(None)
NOT_COUNTED = (
    "it is not on record when the person left custody or hospital, and time there does not count (Counter-Terrorism "
    "Act 2008 s.53(7))"
)


def sexual_end(
    disposal: Disposal,
    term_months: int | None,
    restriction_order: bool,
    start: date,
    age: int | None,
    order_end: date | None,
    numbers: SexualNotification,
) -> End:
    """Return the last day of sexual offender notification from ``start`` (SOA 2003 s.82).

    ``term_months``: terms for Schedule 3 offences that run one after another, or overlap, counted together
    (s.82(3)-(4)); a detention and training order counts for its custodial half (s.131(a)). Finite periods halve for
    a person under 18 on the relevant date, except a conditional discharge, which lasts as long as the discharge
    itself. "10 years beginning with 2 Apr 2026" ends 1 Apr 2036.
    """
    if disposal is Disposal.CONDITIONAL_DISCHARGE:
        if order_end:
            return End(order_end)
        if term_months:
            return End(years_beginning_with(start, term_months))
        return End(None, False, "the length of the conditional discharge is missing: order_end_date is wanted")
    if disposal in TERM_OF_IMPRISONMENT and term_months is None:
        return End(None, False, "term_months is missing: the notification period depends on it")
    if disposal is Disposal.OTHER:
        return End(None, False, "the sentence (other) does not tell: the notification period depends on it")
    months = sexual_months(disposal, term_months, restriction_order, numbers)
    if months == 0:
        return NO_END
    if age is not None and age < 18:
        months //= 2
    return End(years_beginning_with(start, months))


def sexual_months(
    disposal: Disposal, term_months: int | None, restriction_order: bool, numbers: SexualNotification
) -> int:
    """Return the adult notification period in months, 0 for indefinite (SOA 2003 s.82(1))."""
    if disposal in LIFE:
        return numbers.life
    if disposal is Disposal.HOSPITAL_ORDER:
        return numbers.hospital_with_restriction if restriction_order else numbers.hospital_without_restriction
    if disposal is Disposal.CAUTION:
        return numbers.caution
    if disposal in TERM_OF_IMPRISONMENT and term_months is not None:
        months = custodial_months(disposal, term_months)
        if months >= 30:
            return numbers.months_30_or_more
        return numbers.over_6_under_30_months if months > 6 else numbers.up_to_6_months
    return numbers.other


def terrorist_end(
    disposal: Disposal,
    term_months: int | None,
    start: date,
    age: int | None,
    numbers: TerroristNotification,
    away: Iterable[tuple[date, date | None]] | None,
) -> End:
    """Return the last day of terrorist offender notification from ``start`` (CTA 2008 s.53).

    The longer periods are those of whoever was 18 on conviction, which the age at sentence stands for. ``away``: the
    times from ``start`` on in custody or in hospital, which do not count (s.53(7)); None: they are not known.
    """
    if away is None:
        return End(None, False, NOT_COUNTED)
    months = numbers.other
    if age is None or age >= 18:
        if disposal in TERM_OF_IMPRISONMENT and term_months is None:
            return End(None, False, "term_months is missing: the notification period depends on it")
        if disposal in LIFE or (term_months or 0) >= 120:
            months = numbers.life_or_120_months
        elif (term_months or 0) >= 60:
            months = numbers.months_60_or_more
    return outside_for(start, months, away)


def outside_for(start: date, months: int, away: Iterable[tuple[date, date | None]]) -> End:
    """Return the last day of a period that runs only while the person is outside; while they are away it has no end.

    Of somebody sent to prison it runs from the day of the release on; each later day away puts its end off by one.
    """
    last = years_beginning_with(start, months)
    for since, until in away:
        if since > last:
            break
        if until is None:
            return NO_END
        last = years_beginning_with(until, months) if since <= start else last + (until - since)
    return End(last)


def put_off(last: date, decided_on: date, away: Iterable[tuple[date, date | None]]) -> End:
    """Return a last day that a person named, put off by the time away that has begun after their decision."""
    for since, until in away:
        if decided_on < since <= last:
            if until is None:
                return NO_END
            last += until - since
    return End(last)
