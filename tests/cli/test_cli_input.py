"""The commands that take input: load and record."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import func, select

from casework.loading.kinds_of_file import FILES
from models.audit import AuditEntry
from models.cases import Fact
from models.directory import DirectoryEntry
from models.record import Record
from tests.support import rows
from tests.support.command_line import Mappa
from tests.support.workbooks import write_workbook

DIRECTORY = (
    "area,agency,role,name,email\n"
    "London,mappa_unit,coordinator,Ana Coordinator,ana@mappa.example\n"
    "London,smb,smb_chair,Ben Chair,ben@smb.example\n"
)
BAD_LINE = "London,smb,chairman,Cy Chair,cy@smb.example\n"


@pytest.fixture
def directory_file(tmp_path: Path) -> Path:
    """A good directory file."""
    file = tmp_path / "directory.csv"
    file.write_text(DIRECTORY, encoding="utf-8")
    return file


class TestLoad:
    """``mappa load``."""

    def test_a_good_file_goes_in_and_the_second_time_changes_nothing(self, mappa: Mappa, directory_file: Path) -> None:
        first = mappa("load", "directory", directory_file)
        assert (first.code, first.err) == (0, "")
        assert "2 rows read, 2 added, 0 changed, 0 unchanged, 0 rejected" in first.out
        assert "0 added, 0 changed, 2 unchanged" in mappa("load", "directory", directory_file).out

    def test_rejected_rows_are_named_and_come_back_beside_the_file_with_exit_code_3(
        self, mappa: Mappa, directory_file: Path
    ) -> None:
        directory_file.write_text(DIRECTORY + BAD_LINE, encoding="utf-8")
        answer = mappa("load", "directory", directory_file)
        assert answer.code == 3
        assert "  line 4, column role: " in answer.out
        beside = directory_file.with_name("directory.rejects.csv")
        assert f"rejected rows, with reasons: {beside}" in answer.out
        assert "chairman" in beside.read_text(encoding="utf-8")

    def test_a_workbook_of_another_system_goes_in_by_its_mapping(self, mappa: Mappa, tmp_path: Path) -> None:
        row = {"Force": "London", "Body": "MU", "Role": "coordinator", "Full name": "Ana", "Mail": "ana@mappa.example"}
        file, mapping = write_workbook(tmp_path / "people.xlsx", [row, row | {"Mail": "ana"}]), tmp_path / "m.toml"
        answer = mappa("load", "map", file, "--kind", "directory", "--to", mapping)
        assert answer.out.startswith("people.xlsx looks like directory; the mapping is in ")
        assert mappa("load", "map", file, "--to", mapping).code == 2
        told = mapping.read_text(encoding="utf-8").replace('ignore = ["Body"]', "ignore = []")
        told = told.replace('# agency = ""', 'agency = "Body"', 1) + '[values.agency]\nMU = "mappa_unit"\n'
        mapping.write_text(told, encoding="utf-8")
        answer = mappa("load", "directory", file, "--mapping", mapping)
        assert answer.code == 3, answer.err
        assert "2 rows read, 1 added, 0 changed, 0 unchanged, 1 rejected" in answer.out
        assert "  line 3, column Mail (email): 'ana' is not an e-mail address" in answer.out
        assert (tmp_path / "people.rejects.csv").read_text(encoding="utf-8-sig").startswith("rejected_line,")
        answer = mappa("load", "sentences", file, "--mapping", mapping)
        assert (answer.code, "this mapping is for files of directory, and you load sentences" in answer.err) == (
            1,
            True,
        )

    def test_blank_workbooks_are_written_and_none_that_is_there_is_lost(self, mappa: Mappa, tmp_path: Path) -> None:
        folder = tmp_path / "blank"
        assert mappa("load", "templates", folder).out.splitlines()[0] == f"{folder}/sentences.xlsx"
        assert {path.stem for path in folder.glob("*.xlsx")} == set(FILES)
        (folder / "sentences.xlsx").write_text("filled in", encoding="utf-8")
        again = mappa("load", "templates", folder)
        assert (again.code, "somebody may have filled it in" in again.err) == (2, True)
        assert (folder / "sentences.xlsx").read_text(encoding="utf-8") == "filled in"

    def test_a_pipe_is_read_once_and_whole(self, mappa: Mappa, tmp_path: Path) -> None:
        pipe = tmp_path / "pipe.csv"
        os.mkfifo(pipe)
        writer = Thread(target=pipe.write_text, args=(DIRECTORY,))
        writer.start()
        answer = mappa("load", "directory", pipe)
        writer.join()
        assert (answer.code, answer.err) == (0, "")
        assert "2 rows read, 2 added" in answer.out

    def test_a_pipe_that_holds_no_such_file_is_named_as_it_was_given(self, mappa: Mappa, tmp_path: Path) -> None:
        pipe = tmp_path / "pipe.csv"
        os.mkfifo(pipe)
        writer = Thread(target=pipe.write_text, args=("a,b\n",))
        writer.start()
        answer = mappa("load", "directory", pipe)
        writer.join()
        assert answer.code != 0
        assert f"{pipe}, line 1: wrong columns" in answer.err

    def test_json_has_counts_rejects_and_where_they_are(
        self, mappa: Mappa, directory_file: Path, tmp_path: Path
    ) -> None:
        directory_file.write_text(DIRECTORY + BAD_LINE, encoding="utf-8")
        answer = mappa("load", "directory", directory_file, "--rejects", tmp_path / "bad.csv", "--json")
        assert answer.code == 3
        assert set(answer.document) == {
            "kind",
            "file",
            "dry_run",
            "read",
            "added",
            "changed",
            "unchanged",
            "in_question",
            "rejected",
            "rejects_file",
            "rejects",
            "changes",
            "warnings",
        }
        assert answer.document["rejected"] == 1
        assert answer.document["rejects_file"] == str(tmp_path / "bad.csv")
        assert [(r["line"], r["column"]) for r in answer.document["rejects"]] == [(4, "role")]

    def test_a_dry_run_changes_nothing_and_writes_no_file(
        self, mappa: Mappa, directory_file: Path, record: Record
    ) -> None:
        directory_file.write_text(DIRECTORY + BAD_LINE, encoding="utf-8")
        answer = mappa("load", "directory", directory_file, "--dry-run")
        assert (answer.code, "dry run: nothing was" in answer.out) == (3, True)
        assert not directory_file.with_name("directory.rejects.csv").exists()
        with record.reading() as session:
            assert session.scalar(select(func.count()).select_from(DirectoryEntry)) == 0

    @pytest.mark.parametrize("content", [b"", b"area;agency\n", b"\xff\xfe\x00", b"area,agency,role,name\n"])
    def test_a_file_that_cannot_be_read_is_refused_without_a_traceback(
        self, mappa: Mappa, directory_file: Path, content: bytes
    ) -> None:
        directory_file.write_bytes(content)
        answer = mappa("load", "directory", directory_file, "--json")
        assert (answer.code, answer.out) == (1, "")
        assert "directory.csv" in answer.err
        assert "Traceback" not in answer.err

    def test_rejected_rows_may_not_overwrite_the_file_itself(self, mappa: Mappa, directory_file: Path) -> None:
        answer = mappa("load", "directory", directory_file, "--rejects", directory_file)
        assert (answer.code, "choose another file" in answer.err) == (2, True)
        assert directory_file.read_text(encoding="utf-8") == DIRECTORY

    def test_a_folder_for_rejected_rows_that_is_not_there_is_wrong_usage(
        self, mappa: Mappa, directory_file: Path, tmp_path: Path
    ) -> None:
        answer = mappa("load", "directory", directory_file, "--rejects", tmp_path / "none" / "bad.csv")
        assert (answer.code, "there is no folder" in answer.err) == (2, True)

    def test_a_file_that_is_not_there_is_wrong_usage(self, mappa: Mappa) -> None:
        answer = mappa("load", "sentences", "nothing.csv")
        assert (answer.code, "nothing.csv" in answer.err) == (2, True)

    def test_the_load_stores_the_calendar_and_the_common_offences(
        self, mappa: Mappa, directory_file: Path, record: Record
    ) -> None:
        mappa("load", "directory", directory_file)
        with record.reading() as session:
            actions = set(session.scalars(select(AuditEntry.action)))
        assert {"calendar-stored", "offences-stored"} <= actions


class TestRecord:
    """``mappa record``."""

    def test_an_example_can_be_printed_without_a_record(self, mappa: Mappa) -> None:
        answer = mappa("record", "referral", "--example")
        assert (answer.code, answer.document["proposed_level"]) == (0, 2)

    def test_a_fact_is_recorded_by_whom_it_says(self, mappa: Mappa, record: Record) -> None:
        with record.writing() as session:
            someone = rows.person(session, "X320741")
            rows.sentence(session, someone, case_id=rows.case(session, someone).id)
        fact = json.dumps(
            {
                "date": "2026-03-30",
                "referred_by": "Offender manager",
                "proposed_level": 2,
                "reason": "Two agencies must act together.",
            }
        )
        answer = mappa(
            "record",
            "referral",
            "--crn",
            "x320741",
            "--file",
            "-",
            "--as-at",
            "2026-03-30T10:00",
            "--by",
            "a.coordinator",
            "--json",
            input=fact,
        )
        assert (answer.code, answer.err) == (0, "")
        assert set(answer.document) == {"crn", "case", "kind", "summary", "changes"}
        with record.reading() as session:
            stored = session.scalars(select(Fact)).one()
            assert (stored.recorded_by, stored.recorded_at) == ("a.coordinator", datetime(2026, 3, 30, 9, tzinfo=UTC))

    def test_every_reason_of_a_refusal_is_a_line(self, mappa: Mappa) -> None:
        answer = mappa("record", "referral", "--crn", "X320741", "--file", "-", input='{"date": "2026-03-30"}')
        assert answer.code == 1
        said = [line.split(":")[0] for line in answer.err.splitlines()]
        assert said == ["referred_by", "proposed_level", "what was typed is kept as draft 1"]

    @pytest.mark.parametrize(
        ("text", "complaint"),
        [
            ('{"date": "2026-03-30",\n "level": }', "standard input: line 2, column 11: not JSON"),
            ("[]", "this is not a JSON object"),
            ('{"level": 2, "level": 3}', "'level' appears twice"),
            ("", "line 1, column 1"),
        ],
    )
    def test_bad_json_is_placed(self, mappa: Mappa, text: str, complaint: str) -> None:
        answer = mappa("record", "level", "--crn", "X320741", "--file", "-", input=text)
        assert (answer.code, complaint in answer.err) == (1, True)

    @pytest.mark.parametrize(
        "arguments", ["record referral", "record referral --crn X320741", "record nonsense --example"]
    )
    def test_what_is_missing_or_unknown_is_wrong_usage(self, mappa: Mappa, arguments: str) -> None:
        assert mappa(*arguments.split()).code == 2

    def test_a_missing_option_is_named(self, mappa: Mappa) -> None:
        assert mappa("record", "referral").err.startswith("--crn and --file missing")
