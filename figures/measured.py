"""What the reports of indicators and of outcomes are: tables of a period, of which a page shows those to read."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from figures.periods import Period
from figures.tables import Page, Table, in_parts
from policy.words import listed, short_date


@dataclass(frozen=True, slots=True)
class Measured:
    """A report on a period: for which areas and days, how far it was counted, and its tables.

    ``shown``: the tables of a page, in its order; the others are for programs. ``notes``: how it was counted.
    """

    title: str
    areas: list[str]
    period: Period
    counted_to: date
    tables: list[Table]
    shown: Sequence[str]
    notes: Sequence[str]

    def table(self, name: str) -> Table:
        """Return a table by its id; ``KeyError`` where there is none."""
        return {one.id: one for one in self.tables}[name]

    def page(self) -> Page:
        """Return the report as a page to read."""
        by_id = {table.id: table for table in self.tables}
        shown = [by_id[name] for name in self.shown if by_id[name].rows and (name != "areas" or len(self.areas) > 1)]
        return replace(self.everything(), tables=[part for table in shown for part in in_parts(table)])

    def everything(self) -> Page:
        """Return the report with every table."""
        about = f"{listed(self.areas)}. {self.period.title}, counted to {short_date(self.counted_to)}."
        return Page(self.title, about, self.tables, notes=self.notes)
