"""A run that was asked for by a clock of another record is refused, with words for the operator."""

from pathlib import Path

import pytest

from models.record import Record
from tasks.same_record import OtherRecordError, refuse_other_record, tags_for
from tests.support.opened import opened


def test_another_record_is_refused_with_the_worker_the_records_and_what_to_set(
    record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREFECT__WORKER_NAME", "night-2")
    monkeypatch.setattr("socket.gethostname", lambda: "host7")
    other = opened(f"sqlite:///{tmp_path}/other.db")
    other.migrate()
    [asked], [served] = tags_for(record), tags_for(other)
    with pytest.raises(OtherRecordError) as refused:
        refuse_other_record(other, ["mappa", asked])
    other.close()
    told = str(refused.value)
    assert told.startswith(f"the worker night-2 on host7 serves the {served} (sqlite:///{tmp_path}/other.db), and")
    assert f"serves the {asked}: nothing was done" in told
    assert "set MAPPA_DATABASE_URL of the worker" in told


def test_its_own_record_and_a_run_that_names_none_are_let_through(record: Record) -> None:
    refuse_other_record(record, ["mappa", *tags_for(record)])
    refuse_other_record(record, ["mappa", "stage"])
