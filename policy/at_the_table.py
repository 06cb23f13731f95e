"""Who was at the table, as the rules read it: what a meeting lacked though it was held, and who came again.

Source: Joint inspection 2015, 5.4 (different people at each meeting), 5.5 and 5.7 (the practitioner, not only the
manager), 6.32 (a meeting that was not fully informed).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from policy.numbers import AttendanceNumbers
from policy.texts import same
from policy.vocabulary import AWAY, Attendance, Level

TOOK_PART = (Attendance.ATTENDED, Attendance.APOLOGIES_WITH_REPORT)


@dataclass(frozen=True, slots=True)
class Seat:
    """One place on the list of a meeting: the agency, who it was, whether it was required, and how they took part."""

    agency: str
    name: str
    required: bool
    status: Attendance | None


def not_informed_by(seats: Sequence[Seat], must_inform: Collection[str]) -> list[str]:
    """Return the required agencies without which a meeting is not fully informed, and that neither came nor reported.

    Source: Joint inspection 2015, 6.32: the counter-terrorism unit neither attended regularly nor gave an update.
    """
    informed = {one.agency for one in seats if one.status in TOOK_PART}
    away = (one.agency for one in seats if one.required and one.status in AWAY)
    return [agency for agency in dict.fromkeys(away) if agency in must_inform and agency not in informed]


def must_inform_at(level: int, numbers: AttendanceNumbers) -> tuple[str, ...]:
    """Return the agencies without whose word a meeting at a level is not fully informed, where they are required."""
    at_level_3 = numbers.must_inform_at_level_3 if level == Level.SENIOR_MULTI_AGENCY else ()
    return (*numbers.must_inform, *at_level_3)


def without_practitioner(seats: Sequence[Seat], practitioners: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the agencies that came without who works with the person, and that name: they sent no report either.

    ``practitioners``: the name by agency, "" where the agency has named nobody. Joint inspection 2015, 5.5, 5.7.
    """
    for agency, name in practitioners.items():
        there = [one.name for one in seats if one.agency == agency and one.status in TOOK_PART]
        if there and not (name and any(same(name, one) for one in there)):
            yield agency, name


def came_again(now: Sequence[Seat], before: Sequence[Seat]) -> dict[str, bool]:
    """Return, for each agency that came to both of two meetings, whether one person came to both.

    Source: Joint inspection 2015, 5.4: different people came, and knew nothing of the meetings before.
    """
    today, last = attended(now), attended(before)
    return {
        agency: any(same(name, other) for name in names for other in last[agency])
        for agency, names in today.items()
        if agency in last
    }


def attended(seats: Sequence[Seat]) -> dict[str, list[str]]:
    """Return the names of those who came, by agency, in the order of the list."""
    found: dict[str, list[str]] = {}
    for one in seats:
        if one.status is Attendance.ATTENDED and one.name:
            found.setdefault(one.agency, []).append(one.name)
    return found
