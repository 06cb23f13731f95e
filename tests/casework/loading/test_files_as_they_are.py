"""Files as spreadsheets and other systems write them: what is meant is read, what is not is refused by its name.

From public reports of people who load exports into registers.
"""

import csv
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from casework.errors import FileRefusedError
from casework.loading import load_sentences
from casework.loading.cells import Words, age, months
from models.people import Person, Sentence
from models.record import Record
from policy.characters import decoded_once
from tests.support.story import DARREN, at, write_csv

HEADER = ",".join(DARREN)
NUMBERS = count(1)


def line(**change: str) -> str:
    """Return one row as a line of the file, of somebody new unless told."""
    return ",".join(
        ({"crn": f"X{next(NUMBERS):06d}"} | {k: v for k, v in DARREN.items() if k != "crn"} | change)[name]
        for name in DARREN
    )


def load(record, tmp_path, *lines, encoding="utf-8", **options):
    path = tmp_path / "given.csv"
    path.write_bytes("\r\n".join([*lines, ""]).encode(encoding))
    return load_sentences(record, path, as_at=at("2026-06-01"), actor="t", **options)


def all_of(record, column):
    with record.reading() as session:
        return session.scalars(select(column).order_by(column)).all()


def test_columns_without_a_name_are_passed_over_where_they_are_empty(record, tmp_path):
    blank = "," * len(DARREN)
    assert load(record, tmp_path, f"{HEADER},,", f"{line()},,", f"{blank},").added == 1
    assert load(record, tmp_path, HEADER, f"{line()},").added == 1
    assert load(record, tmp_path, f"{HEADER},\u00a0", f"{line()},\u00a0").added == 1


def test_what_stands_under_no_name_comes_back_whole(record, tmp_path):
    rejects = tmp_path / "rejects.csv"
    report = load(record, tmp_path, f"{HEADER},,", f"{line()},,lost", f"{line()},,", rejects=rejects)
    assert (report.added, report.rejected) == (1, 1)
    [reject] = report.rejects
    assert (reject.line, reject.reason) == (
        2,
        f"cell {len(DARREN) + 2} holds 'lost', and the header names no column there",
    )
    [_, back] = list(csv.reader(rejects.open(encoding="utf-8-sig")))
    assert back[-1] == "lost"


def test_a_no_break_space_is_a_space_and_what_is_invisible_goes(record, tmp_path):
    report = load(
        record,
        tmp_path,
        HEADER.replace("surname", "surname\u00a0"),
        line(surname="Van\u00a0Dijk", forenames="Dar\u00adren", prison="HMP\u00a0Example"),
        line(crn="X320745\u00a0", surname="\u200bVan Dijk", term_months=" 80\u00a0"),
    )
    assert (report.added, report.rejected) == (2, 0)
    assert set(all_of(record, Person.surname)) == {"Van Dijk"}
    assert set(all_of(record, Person.forenames)) == {"Darren"}
    assert set(all_of(record, Sentence.prison)) == {"HMP Example"}
    assert "X320745" in all_of(record, Person.crn)


@pytest.mark.parametrize(
    ("surname", "reason"),
    [
        ("Da\u202erren", "character 3 is U+202E right-to-left override, which cannot be printed"),
        ("Da\x07rren", "character 3 is U+0007 a control character, which cannot be printed"),
        (
            "Si\ufffdn",
            "'Si\ufffdn' has lost a character (character 3 is '\ufffd', U+FFFD replacement character); write it again",
        ),
    ],
)
def test_a_character_that_no_name_holds_is_refused_with_its_code_point(record, tmp_path, surname, reason):
    report = load(record, tmp_path, HEADER, line(surname=surname))
    assert [(one.column, one.reason) for one in report.rejects] == [("surname", reason)]


def test_rejects_keep_their_letters_in_a_spreadsheet_of_windows(record, tmp_path):
    """A spreadsheet reads UTF-8 where the file begins with a byte order mark, and the encoding of Windows where not."""
    rejects = tmp_path / "rejects.csv"
    load(record, tmp_path, HEADER, line(forenames="Si\u00e2n", term_months="long"), rejects=rejects)
    content = rejects.read_bytes()
    encoding = "utf-8-sig" if content.startswith(b"\xef\xbb\xbf") else "cp1252"
    rejects.write_bytes(content.decode(encoding).replace("long", "80").encode(encoding))
    assert load_sentences(record, rejects, as_at=at("2026-06-01"), actor="t").added == 1
    assert all_of(record, Person.forenames) == ["Si\u00e2n"]


def test_text_that_was_decoded_twice_is_refused_with_what_is_meant(record, tmp_path):
    garbled = ["Si\u00e2n".encode().decode("cp1252"), "O\u2019Brien".encode().decode("cp1252")]
    report = load(record, tmp_path, HEADER, line(forenames=garbled[0]), line(surname=garbled[1]))
    assert [one.reason.partition(" is meant")[0] for one in report.rejects] == [
        f"{garbled[0]!r} was decoded twice, 'Si\u00e2n'",
        f"{garbled[1]!r} was decoded twice, 'O\u2019Brien'",
    ]


NAMES = st.text(st.characters(max_codepoint=0x17F, categories=("Lu", "Ll")) | st.sampled_from(" -'\u2019"), min_size=1)


@given(NAMES)
def test_a_name_is_no_text_that_was_decoded_twice_and_one_that_was_is_known(name):
    # Letters that are bytes of UTF-8 in Windows-1252 as well: after a first byte nobody could tell the two.
    if any(one in name for one in "\u00c2\u00c3\u00c4\u00c5\u00e1\u00e2"):
        name = name.translate(dict.fromkeys(map(ord, "\u2019\u00b5\u0152\u0153\u0160\u0161\u0178\u017d\u017e"), "'"))
    assert decoded_once(name) == name
    twice = "".join(one.encode().decode("cp1252") if defined(one) else one for one in name)
    assert decoded_once(twice) == name


def test_two_letters_that_would_be_a_control_character_are_what_they_seem():
    """U+008A, as UTF-8 and read in Windows-1252: nobody wrote that into a name."""
    assert decoded_once("\u00c2\u0160") == "\u00c2\u0160"


def defined(one: str) -> bool:
    """Tell whether Windows has a character for every byte of this one."""
    return not set(one.encode()) & {0x81, 0x8D, 0x8F, 0x90, 0x9D}


@pytest.mark.parametrize(
    ("content", "where", "what"),
    [
        (HEADER.encode("utf-16-le"), "given.csv", "this looks like UTF-16 without its mark"),
        (HEADER.encode("utf-16")[:-1], "given.csv, after line 0", "this is broken UTF-16"),
        (HEADER.encode("utf-32"), "given.csv", "this is UTF-32"),
        (
            f"{HEADER}\nSi\u00e2n".encode("cp1252"),
            "given.csv, after line 0",
            "(byte 0xe2): it is '\u00e2' in Windows-1252",
        ),
        (b"\xc3\xaf\xc2\xbb\xc2\xbf" + HEADER.encode(), "given.csv, line 1", "this file was decoded twice"),
        (
            "\n".join([HEADER, *("" for _ in range(20)), '"never closed', *("a,b" for _ in range(178))]).encode(),
            "given.csv, line 22",
            "a quotation mark is opened there and not closed",
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_told_by_name_and_place(record, tmp_path, content, where, what):
    path = tmp_path / "given.csv"
    path.write_bytes(content)
    with pytest.raises(FileRefusedError) as refused:
        load_sentences(record, path, as_at=at("2026-06-01"), actor="t")
    assert refused.value.where.endswith(where)
    assert what in refused.value.what


@given(st.integers(0, 20), st.integers(0, 10**9))
def test_zeros_in_front_change_no_number(zeros, number):
    text = "0" * zeros + str(number)
    for reads, lowest, highest in ((months, 1, 9999), (age, 0, 120)):
        if lowest <= number <= highest:
            assert reads(text) == number
        else:
            with pytest.raises(ValueError, match="is not a"):
                reads(text)


@given(st.text())
def test_no_text_goes_in_that_could_not_be_printed(text):
    try:
        read = Words(1000)(text)
    except ValueError:
        return
    assert read == text
    assert text.isprintable()


def test_rejected_rows_start_no_formula_and_load_again_as_they_were(record: Record, tmp_path: Path) -> None:
    """A surname that a spreadsheet would run comes back quoted, and goes in as it was once the row is mended."""
    back = tmp_path / "back.csv"
    row = DARREN | {"surname": "=HYPERLINK(1)", "unit": "'+North", "rosh_level": "enormous"}
    load_sentences(record, write_csv(tmp_path / "a.csv", [row]), as_at=at("2026-06-01"), actor="loader", rejects=back)
    text = back.read_text(encoding="utf-8-sig")
    assert "'=HYPERLINK(1)" in text
    back.write_text(text.replace("enormous", "high"), encoding="utf-8")
    report = load_sentences(record, back, as_at=at("2026-06-01"), actor="loader")
    assert (report.added, report.rejected) == (1, 0)
    with record.reading() as session:
        person = session.scalars(select(Person)).one()
        assert (person.surname, person.sentences[0].unit) == ("=HYPERLINK(1)", "'+North")
