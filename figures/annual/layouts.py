"""The layout of a reporting year: which tables it has, and what their rows and columns are called.

Source: the annual reports of the years (London 2013-14, Lancashire 2014-15, Norfolk 2018-19). A row is called as the
reports of its year call it: one of 2019 that still says "breach of SOPO" shows why.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict, Field

from figures.tables import Heading
from policy.vocabulary import ReportedKind

TOTAL = Heading("total", "Total")
LEVELS = (Heading("level_1", "Level 1"), Heading("level_2", "Level 2"), Heading("level_3", "Level 3"), TOTAL)
MANAGED = LEVELS[1:]
NUMBER = (Heading("total", "Number"),)


class Layout(BaseModel):
    """One layout. ``until``: the last reporting year that has it; None: it goes on.

    ``orders``: the kinds of order with a row, as the events file names them. ``order_breached``: the order whose breach
    returns people to custody.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    until: int | None = None
    source: str = Field(min_length=5)
    order_breached: str
    categories: Mapping[int, str]
    notification: Mapping[str, str]
    orders: Mapping[ReportedKind, str]

    @property
    def category_columns(self) -> tuple[Heading, ...]:
        """The columns of the tables by category, with their total."""
        return (*(Heading(f"category_{number}", words) for number, words in self.categories.items()), TOTAL)

    @property
    def notification_rows(self) -> tuple[Heading, ...]:
        """The rows of the table of notification."""
        return tuple(Heading(name, words) for name, words in self.notification.items())

    @property
    def order_rows(self) -> tuple[Heading, ...]:
        """The rows of the table of orders."""
        return tuple(Heading(kind.value, words) for kind, words in self.orders.items())


@cache
def layouts() -> tuple[Layout, ...]:
    """Return every layout, the oldest first."""
    found = tomllib.loads(files("figures.annual").joinpath("layouts.toml").read_text("utf-8"))
    return tuple(Layout.model_validate(one) for one in found["layouts"])


def layout_of(year: int) -> Layout:
    """Return the layout of the reporting year that ends on 31 March ``year``."""
    return next(one for one in layouts() if one.until is None or year <= one.until)
