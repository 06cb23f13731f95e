"""The meetings of the invented area's Strategic Management Board: one a quarter, with who was invited and who came."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from random import Random

from policy.calendar import add_months
from sample.directory import directory_rows

BOARD_COLUMNS = ("area", "date", "agency", "attendance", "name")
MEMBERS = ("smb_member", "lay_adviser")
WEDNESDAY = 2
THERE = {"attended": "Yes", "apologies": "Sent apologies", "absent": "No"}
"""What the secretary of the board writes for it."""
MAPPING = """# How the secretary of the board keeps who came.
kind = "board-meetings"
ignore = ["Remarks"]

[columns]
date = "Met on"
agency = "Organisation"
attendance = "There?"
name = "Who"

[values.attendance]
yes = "attended"
"sent apologies" = "apologies"
no = "absent"

[constants]
area = "{area}"
"""
# Of a hundred invitations: the inspection found boards well attended (Joint inspection 2015, 3.3).
CAME, SORRY = 86, 96


def board_rows(
    *, today: date, meetings: int = 4, people: int = 600, seed: int = 2026, area: str = "Westmarch"
) -> Iterator[dict[str, str]]:
    """Yield the rows of the board meetings file: the last meetings before ``today``, on second Wednesdays."""
    rng = Random(seed)
    posts = directory_rows(today=today, people=people, seed=seed, area=area)
    members = [(row["agency"], row["name"]) for row in posts if row["role"] in MEMBERS and row["area"] == area]
    for day in days_before(today, meetings):
        for agency, name in members:
            chance = rng.randrange(100)
            how = "attended" if chance < CAME else "apologies" if chance < SORRY else "absent"
            yield dict(zip(BOARD_COLUMNS, (area, day.isoformat(), agency, how, name), strict=True))


def write_workbook(folder: Path, rows: Iterable[Mapping[str, str]]) -> tuple[Path, Path]:
    """Write rows as the secretary of the board keeps them, in a workbook, and the mapping by which it is read."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Attendance"
    sheet.append(["Met on", "Organisation", "There?", "Who", "Remarks"])
    area = ""
    for row in rows:
        area = row["area"]
        sheet.append([date.fromisoformat(row["date"]), row["agency"], THERE[row["attendance"]], row["name"], None])
    workbook, mapping = folder / "board-meetings.xlsx", folder / "board-meetings.toml"
    book.save(workbook)
    mapping.write_text(MAPPING.format(area=area), encoding="utf-8")
    return workbook, mapping


def days_before(today: date, meetings: int) -> list[date]:
    """Return the last days before one on which the board met: the second Wednesday of March, June and so on."""
    found: list[date] = []
    month = date(today.year, today.month, 1)
    while len(found) < meetings:
        second = month + timedelta(days=(WEDNESDAY - month.weekday()) % 7 + 7)
        if month.month % 3 == 0 and second < today:
            found.insert(0, second)
        month = add_months(month, -1)
    return found
