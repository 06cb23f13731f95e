"""Samples of what the commands print of the board: its pack, its agenda and its actions, and who is trained."""

from collections.abc import Iterator
from pathlib import Path

from docs.sampling import Sample, ask, sample
from views.board import BoardCaseView, BoardPackView
from views.board_business import AgendaItemView, BoardActionView
from views.training import TrainingView


def samples_of_board_business() -> Iterator[Sample]:
    """Load the business of a meeting of the board, and who is trained."""
    Path("agenda.csv").write_text(
        "area,date,number,item,decision\nLondon,2026-06-10,1,Level 1 sample: what was found,Ten cases again\n",
        encoding="utf-8",
    )
    Path("board-actions.csv").write_text(
        "area,date,number,action,owner,agency,due_date\n"
        "London,2026-06-10,1,Report how many officers lack the course,Priya Example,police,2026-09-09\n",
        encoding="utf-8",
    )
    Path("training.csv").write_text(
        "area,email,date,name\nLondon,priya@police.example,2024-03-08,Priya Example\n", encoding="utf-8"
    )
    for kind in ("agenda", "board-actions", "training"):
        ask(f"load {'board-agenda' if kind == 'agenda' else kind} {kind}.csv --as-at 2026-06-15")
    yield sample(AgendaItemView, "board-agenda", ask("board-agenda"))
    yield sample(BoardActionView, "board-actions", ask("board-actions --as-at 2026-06-15"))
    yield sample(TrainingView, "training", ask("training --as-at 2026-06-15"))


def samples_of_the_board() -> Iterator[Sample]:
    """Make the board's pack of a quarter, as far as it has gone."""
    asked = "report board --area London --quarter 2027-Q3 --as-at 2026-12-11"
    command = "report board --area AREA --quarter QUARTER"
    pack = ask(asked)
    sample_table = next(one for one in pack["tables"] if one["id"] == "sample")
    short = {"tables": [sample_table], "points": pack["points"][:2], "lists": pack["lists"][1:2]}
    yield sample(BoardPackView, command, pack, shortened=short)
    behind = ask(f"{asked} --explain overdue.total.total")
    yield sample(BoardCaseView, f"{command} --explain TABLE.ROW.COLUMN", behind)
