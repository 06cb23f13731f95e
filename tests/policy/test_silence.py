"""How long a case may go without a prompt, by hand. Our defaults: 12 months, 17 weeks, 4 weeks."""

from datetime import date

import pytest

from policy.silence import asked_by
from policy.vocabulary import Level, Location
from tests.policy.test_dates_by_hand import CALENDAR, POLICY

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("location", "level", "expected"),
    [
        (Location.CUSTODY, None, date(2027, 3, 2)),
        (Location.CUSTODY, Level.MULTI_AGENCY, date(2027, 3, 2)),
        # Seventeen weeks are 119 days: 29 left of March, 30, 31 and 29 of June.
        (Location.COMMUNITY, Level.LEAD_AGENCY, date(2026, 6, 29)),
        (Location.HOSPITAL, Level.MULTI_AGENCY, date(2026, 6, 29)),
        (Location.COMMUNITY, None, date(2026, 3, 30)),
        (Location.HOSPITAL, None, date(2026, 3, 30)),
    ],
)
def test_the_last_day_on_which_somebody_is_asked(location, level, expected):
    assert asked_by(POLICY.silence, location, level, TODAY, CALENDAR) == expected
