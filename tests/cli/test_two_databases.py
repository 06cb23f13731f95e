"""Two databases, one answer: each listing has the same rows in the same order on both, whatever the rows are like.

A command, or a function of ``views/`` that reads the record, which is not among what is looked at here fails the test.
"""

import gc
import inspect
import json
import pkgutil
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest
from sqlalchemy import String
from sqlalchemy import inspect as look_at
from typer.main import get_command
from typer.testing import CliRunner

import views
from cli.app import app
from tests.casework.test_policy_trial import EARLIER
from tests.cli.shapes import of_looks, with_more, words_of
from tests.support.lifetime import CRN, ONE_YEAR, one_of_everything
from tests.support.opened import opened
from tests.support.postgresql import copy_database, drop_database, with_database
from tests.support.two_databases import copied, hostile, sealed_anew, turned_about

MORE = (
    "timescales --stuck", "timescales --taken-on", "timescales --state open", "problems --open",
    "case list --silent --as-at 2026-12-11",
    "meetings --state held", "actions --state open", "absences --open", "drafts --open", "drafts --crn X320741",
    "messages --state uncertain", "retention --as-at 2028-12-20", "data-quality",
    "recompute --dry-run --as-at 2026-12-11",
    "tick --dry-run --as-at 2026-12-11", "case show X400001", "case show X400002", "case show d2-2026-000500",
    "minutes --crn X400001 --meeting 1", "transfers --area London",
    "report outlook --all --as-at 2026-12-11",
    "report outlook --all --as-at 2026-09-01 --explain weeks.total.total",
    "report board --all --quarter 2027-Q3 --lay-adviser --as-at 2027-04-02",
    *(f"report board --all --explain {one} --quarter 2027-Q3 --as-at 2027-04-02" for one in (
        "indicators.attendance.of", "escalations.total.number", "overdue.total.total", "since_review.total.total")),
    "report annual --area London --year 2026 --as-at 2026-12-11",
    "report annual --all --year 2026 --explain eligible.total.total --as-at 2026-12-11",
    "report annual --all --year 2026 --explain returned_licence.total.total --as-at 2026-12-11",
    "report outcomes --all --explain outcomes.recall.events --year 2026 --as-at 2027-04-02",
    "report kpi --area London --year 2027 --as-at 2026-12-11",
    "report outcomes --area London --year 2027 --as-at 2026-12-11",
    *(f"report kpi --all --explain indicators.{one}.of --year 2027 --as-at 2027-04-02" for one in (
        "action_outcome", "attendance", "disclosure", "prison_notice", "referral", "referral_complete")),
    *(f"report outcomes --all --explain {one} --year 2027 --as-at 2027-04-02" for one in (
        "outcomes.breach.people", "outcomes.risk_lower.people", "levels.recall.2", "closures.total.total")),
)  # fmt: skip
"""Further words by which the looks of ``tests.cli.shapes`` are looked at: each filter that has an order of its own."""
CHANGES = (
    "load directory", "load sentences", "load offences", "load registrations", "load events", "load population",
    "load board-meetings", "load board-agenda", "load board-actions", "load training", "load domain-events",
    "record", "run", "simulate", "messages resend", "messages mark-sent", "messages doubt", "backup", "restore",
    "policy adopt",    "take-on", "taken-on", "token add", "token revoke",
)  # fmt: skip
"""Commands that list nothing: they change the record or copy it. What comes of them is seen by those that look."""
READ_BY_WHAT_CHANGES = {
    "views.messages.settled": "it reads one message by its id",
    **dict.fromkeys(
        (
            "views.duties.duties",
            "views.duties.duty",
            "views.duties.count_of",
            "views.case_list.listed_cases",
            "views.case_list.how_many",
            "views.case_list.names_like",
        ),
        "a list of the desk: tests/web opens its pages on both databases",
    ),
    **dict.fromkeys(
        ("views.messages.messages_about", "views.changes.feed", "views.changes.present_mark"),
        "an answer of the API: tests/web calls it on both databases",
    ),
}
Answers = dict[str, Any]


@pytest.fixture(scope="module")
def answers(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, postgresql_server: str
) -> Iterator[tuple[dict[str, Answers], set[CodeType]]]:
    """What every look prints on SQLite, on SQLite the other way round, and on PostgreSQL; and what of views/ ran."""
    folder = tmp_path_factory.mktemp("two")
    file = folder / "record.db"
    file.write_bytes(sqlite_template.read_bytes())
    patch = pytest.MonkeyPatch()
    patch.chdir(folder)
    patch.setenv("MAPPA_MAIL_FOLDER", str(folder / "mail"))
    (folder / "policy").mkdir()
    (folder / "policy" / "london.toml").write_text(ONE_YEAR, encoding="utf-8")
    (folder / "tried.toml").write_text(EARLIER.format(area="London", begins="2026-04-01"), encoding="utf-8")
    patch.setenv("MAPPA_POLICY_DIR", str(folder / "policy"))
    record = opened(f"sqlite:///{file}")
    one_of_everything(record, folder)
    with_more(record)
    hostile(record)
    copy_database(postgresql_server, "two")
    other = opened(with_database(postgresql_server, "two"))
    copied(record, other)
    for one in (record, other):
        sealed_anew(one)
    with turned_about(file, folder) as turned:
        called: set[CodeType] = set()
        found = {"sqlite": asked(record.url, called), "turned": asked(turned), "postgresql": asked(other.url)}
    yield found, called
    for one in (record, other):
        one.close()
    patch.undo()


def asked(url: str, called: set[CodeType] | None = None) -> Answers:
    """Return what every look prints over a database, by its words; ``called`` gets what code of views/ ran."""

    def ask(*words: object, as_json: bool = True) -> Any:
        if words[0] == "doctor":
            return None  # It says how the one database is, and the two differ in that.
        every = [*map(str, words), *(["--json"] if as_json else []), "--database", url]
        result = CliRunner().invoke(app, every)
        assert result.exit_code == 0, (every, result.output)
        answer = json.loads(result.stdout) if as_json else result.stdout
        if words[:2] == ("audit", "verify"):
            del answer["seal"]  # It covers how each database writes its rows.
        return answer

    def see(frame: FrameType, what: str, _about: Any) -> None:
        if what == "call" and called is not None and "views" in frame.f_code.co_filename:
            called.add(frame.f_code)

    # Python 3.11.2 dies where it collects garbage while a profile function is being called: none is collected here.
    gc.disable()
    sys.setprofile(see if called is not None else None)
    try:
        found = dict(of_looks(ask)) | {words: ask(*words.split()) for words in MORE}
        # The page of a case for people shows more than its document.
        return found | {f"{words}, for people": ask(*words.split(), as_json=False) for words in PAGES}
    finally:
        sys.setprofile(None)
        gc.enable()


PAGES = (
    "drafts show 1", f"case show {CRN}", "case show X400001", "case show X400002", "case list",
    "plan X320741 --as-at 2026-12-11", "report annual --all --year 2026 --as-at 2026-12-11",
)  # fmt: skip


def test_each_look_has_the_same_rows_in_the_same_order_on_both(
    answers: tuple[dict[str, Answers], set[CodeType]],
) -> None:
    found, _ = answers
    assert [words for words, answer in found["sqlite"].items() if answer != found["postgresql"][words]] == []


def test_each_look_orders_its_rows_itself(answers: tuple[dict[str, Answers], set[CodeType]]) -> None:
    found, _ = answers
    assert [words for words, answer in found["sqlite"].items() if answer != found["turned"][words]] == []


def test_there_is_something_to_put_in_order(answers: tuple[dict[str, Answers], set[CodeType]]) -> None:
    found, _ = answers
    lists = {words: answer for words, answer in found["sqlite"].items() if isinstance(answer, list)}
    few = {words for words, answer in lists.items() if len(answer) < 3}
    assert few == {"case list --silent --as-at 2026-12-11", "drafts --crn X320741"}


def test_each_command_is_looked_at(answers: tuple[dict[str, Answers], set[CodeType]]) -> None:
    found, _ = answers
    with_json = {
        path.removeprefix("mappa ")
        for path, parameters in words_of(get_command(app))
        if any(one["name"] == ["--json"] for one in parameters)
    }
    looked_at = {one for one in with_json if any(words.startswith(one) for words in found["sqlite"])}
    assert with_json - looked_at == set(CHANGES)


def test_each_function_of_the_views_that_reads_is_looked_at(
    answers: tuple[dict[str, Answers], set[CodeType]],
) -> None:
    _, called = answers
    assert {name for name, code in readers() if code not in called} == set(READ_BY_WHAT_CHANGES)


def readers() -> Iterator[tuple[str, CodeType]]:
    """Yield every function of views/ that is given a session, by its full name."""
    for module in pkgutil.iter_modules(views.__path__):
        of = import_module(f"views.{module.name}")
        for name, function in inspect.getmembers(of, inspect.isfunction):
            if function.__module__ == of.__name__ and "session" in inspect.signature(function).parameters:
                yield f"{of.__name__}.{name}", function.__code__


def test_text_is_compared_by_code_point_on_postgresql(postgresql_server: str) -> None:
    """As on SQLite, whatever language the server was set up for: each column says so, one of a later migration too."""
    copy_database(postgresql_server, "compared")
    record = opened(with_database(postgresql_server, "compared"))
    seen = look_at(record.engine)
    other = [
        f"{table}.{column['name']}"
        for table in seen.get_table_names()
        for column in seen.get_columns(table)
        if isinstance(column["type"], String) and column["type"].collation != "C" and table != "alembic_version"
    ]
    record.close()
    drop_database(postgresql_server, "compared")
    assert other == [], 'a migration must add text columns with collation="C" on PostgreSQL'
