"""The table of the benchmark: the median with the lowest and the highest, and whether the promise holds."""

from bench.table import Figure, Row, show


def test_the_median_stands_with_the_lowest_and_the_highest_of_the_runs() -> None:
    assert Figure([1.26, 9.0, 1.0], "s", digits=2).measured() == "1.26 s (1.00 to 9.00)"
    assert Figure([1.0, 1.04, 1.02], "s", 30).measured() == "1.0 s"
    assert Figure([3], "done twice", digits=0).measured() == "3 done twice"


def test_a_promise_holds_by_the_median_and_one_that_is_broken_breaks_the_row() -> None:
    kept, broken = Figure([1.0, 2.0, 9.0], "s", 2), Figure([301.0, 302.0, 1.0], "MB", 300)
    assert Row("SQLite", "a sweep", (kept,)).verdict == "holds"
    assert Row("SQLite", "a sweep", (kept, broken)).verdict == "does not hold"
    assert Row("SQLite", "a sweep", (Figure([1.0], "s"),)).verdict == ""


def test_a_row_is_printed_with_its_promises_and_told_as_json_with_every_run() -> None:
    row = Row("SQLite", "a sweep", (Figure([1.0, 3.0, 2.0], "s", 2), Figure([20000.0], "MB", digits=0)), "of 10 due")
    assert row.cells() == ("SQLite", "a sweep", "2.0 s (1.0 to 3.0), 20,000 MB, of 10 due", "2 s", "holds")
    told = row.as_json()
    assert told["figures"][0] == {"unit": "s", "runs": [1.0, 3.0, 2.0], "median": 2.0, "promised": 2}
    assert told["verdict"] == "holds"


def test_it_says_how_many_promises_hold(capsys) -> None:  # type: ignore[no-untyped-def]
    show([Row("-", "kept", (Figure([1.0], "s", 1),)), Row("-", "broken", (Figure([2.0], "s", 1),))], 10, 3)
    printed = capsys.readouterr().out
    assert "median of 3 runs (lowest to highest); sizes divided by 10" in " ".join(printed.split())
    assert "does not hold" in printed
    assert printed.rstrip().endswith("1 of 2 promises hold.")
