"""The numbers of the board's pack: what a policy may say, and what it is told when it says something else."""

import pytest

from policy.book import PolicyError, compile_book, shipped_book


def policy_with(line: str) -> str:
    """A policy of London that says something else of the board."""
    return f'version = "LON-1"\nin_force_from = 2026-01-01\nbase = "P2012"\narea = "London"\n{line}\n'


def test_every_number_has_its_source() -> None:
    board = shipped_book().version("P2012").board
    assert (board.status, board.small_numbers.status) == ("default", "default")
    assert "4.22" in board.source
    assert "our default" in board.small_numbers.source


def test_an_area_may_say_something_else() -> None:
    book = compile_book([("london.toml", policy_with("[board]\nlevel_1_sample = 3\noverdue_weeks = [2]"))])
    board = book.version("LON-1").board
    assert (board.level_1_sample, board.overdue_weeks, board.small_numbers.fewer_than) == (3, (2,), 5)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("[board]\noverdue_weeks = [4, 4]", "each band ends later than the one before it"),
        ("[board]\nreview_weeks = [0, 16]", "the first not before week 1"),
        ("[board]\nreview_weeks = []", "board.review_weeks"),
        ("[board]\nlevel_1_sample = 0", "board.level_1_sample"),
        ("[board]\nsample = 5", "board.sample"),
        ("[board.small_numbers]\nfewer_than = 1", "board.small_numbers.fewer_than"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(line: str, told: str) -> None:
    with pytest.raises(PolicyError, match=told):
        compile_book([("london.toml", policy_with(line))])
