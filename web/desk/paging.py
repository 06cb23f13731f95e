"""Long lists, page by page."""

from dataclasses import dataclass
from urllib.parse import urlencode

from policy.texts import whole_number
from web.visit import Visit

SIZE = 50
MOST_PAGES = 10**7


@dataclass(frozen=True, slots=True)
class Paged:
    """Which page of a list is shown. ``previous`` and ``following`` are addresses, "" where there is none."""

    number: int
    of: int
    previous: str
    following: str
    size: int = SIZE

    @property
    def offset(self) -> int:
        """Return how many rows come before the page."""
        return (self.number - 1) * self.size


def paged(visit: Visit, total: int) -> Paged:
    """Return the page that an address asks for, of a list of so many rows; the first where it asks for none."""
    last = max(1, -(-total // SIZE))
    asked = whole_number(visit.query.get("page", ""), MOST_PAGES) or 1
    number = min(max(asked, 1), last)
    return Paged(
        number,
        last,
        address(visit, number - 1) if number > 1 else "",
        address(visit, number + 1) if number < last else "",
    )


def address(visit: Visit, number: int) -> str:
    """Return the address of another page of the same list."""
    kept = [(name, value) for name, value in visit.query.multi_items() if name != "page" and value]
    return f"{visit.path}?{urlencode([*kept, ('page', str(number))])}"
