"""``--area`` takes an area in any spelling of its normal form, in every command that has it."""

from pathlib import Path

import pytest
from typer.main import get_command

from casework.loading.bank_holidays import ensure_calendar
from cli.app import app
from models.record import Record
from tests.cli.shapes import words_of
from tests.support import rows
from tests.support.command_line import Mappa

MORE = {
    "taken-on": ["adopt", "--reason", "It is still to be done.", "--as-at", "2026-03-31"],
    "take-on": ["--from", "2026-04-01", "--as-at", "2026-03-31"],
    "run": ["prompts"],
    "simulate": ["--from", "2026-04-01", "--to", "2026-04-01"],
    "token add": ["--name", "Case system", "--address", "system@cases.example", "--role", "coordinator"],
}
WITH_AREA = [
    path.removeprefix("mappa ")
    for path, parameters in words_of(get_command(app))
    if any(one["name"] == ["--area"] for one in parameters) and path != "mappa policy show"
]


@pytest.mark.parametrize("words", WITH_AREA)
def test_every_command_takes_an_area_in_other_letters(
    mappa: Mappa, record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    ensure_calendar(record, rows.MORNING)
    with record.writing() as session:
        rows.directory_entry(session, area="Avon and Somerset")
    answer = mappa(*words.split(), *MORE.get(words, ()), "--area", " AVON  and somerset")
    assert answer.code == 0, answer.err
    assert mappa(*words.split(), *MORE.get(words, ()), "--area", "Avon").code == 2


def test_the_area_is_found_not_only_let_pass(mappa: Mappa, record: Record) -> None:
    ensure_calendar(record, rows.MORNING)
    with record.writing() as session:
        rows.case(session, rows.person(session), area="Avon and Somerset")
    [case] = mappa("case", "list", "--area", "avon AND Somerset", "--json").document
    assert case["area"] == "Avon and Somerset"
    assert mappa("timescales", "--area", "avon", "--json").code == 2
