"""The shipped table of offences: its rows, and where the Acts list well-known ones."""

import re
from collections import Counter

import pytest

from policy.offences import Listing, base_of, shipped, with_base

CODE = re.compile(r"(?:[A-Z]{2}\d{5}|COML\d{3})[A-Z]?")
PARTS = {"3": {"1"}, "15": {"1", "2", "3"}, "none": {""}}
GROUPS = {
    "abuse_of_trust", "adult_relative", "animal_or_corpse", "arson", "assault_by_penetration", "burglary",
    "care_worker", "causing_sexual_activity", "child_cruelty", "child_exploitation", "child_sex",
    "coercive_control", "death_by_driving", "explosives_firearms", "exposure", "extreme_pornography", "familial",
    "fgm", "grooming", "harassment_stalking", "historic_1956", "historic_other", "homicide", "ill_treatment",
    "indecent_images", "kidnap", "mental_disorder", "modern_slavery", "murder", "not_listed", "preparatory",
    "prostitution", "public_disorder", "racially_aggravated", "rape", "robbery", "sexual_assault",
    "strangulation", "terrorism", "threats_to_kill", "trafficking", "voyeurism", "wounding",
}  # fmt: skip

ROWS = shipped()


def listed(code: str) -> set[tuple[str, str, str]]:
    return {(r["schedule"], r["part"], r["paragraph"]) for r in ROWS if r["offence_code"] == code}


def test_an_attempt_is_listed_where_its_offence_is() -> None:
    """SOA 2003 Sch 3 para 94; CJA 2003 Sch 15 paras 64, 153. A: attempt, B: aiding, C: conspiracy, I: incitement."""
    assert [base_of(code) for code in ("SX03001A", "OF61016C", "COML025I", "OF61102B", "SX03001", "COML025")] == [
        "SX03001", "OF61016", "COML025", "OF61102", "SX03001", "COML025"]  # fmt: skip
    rape = (Listing("3", "1", "17"), Listing("15", "2", "102"))
    bare = (Listing("3", "1", ""),)
    assert with_base(None, rape) == rape
    assert with_base(None, None) is None
    # A file that lists the attempt without its paragraph takes nothing away.
    assert with_base(bare, rape) == rape
    assert with_base(bare, None) == bare
    assert with_base((Listing("none", "", ""),), rape) == (Listing("none", "", ""),)


def test_the_table_has_well_formed_rows() -> None:
    for row in ROWS:
        assert list(row) == ["offence_code", "schedule", "part", "paragraph", "description", "group"]
        assert CODE.fullmatch(row["offence_code"]), row
        assert row["part"] in PARTS[row["schedule"]], row
        assert bool(row["paragraph"]) is (row["schedule"] != "none"), row
        assert re.fullmatch(r"(\d{1,3}[A-Z]{0,2})?", row["paragraph"]), row
        assert row["description"], row
        assert row["description"] == row["description"].strip(), row
        assert len(row["description"]) <= 100, row


def test_the_table_is_wide_enough_and_has_every_group() -> None:
    assert len({r["offence_code"] for r in ROWS}) >= 80
    assert len(ROWS) >= 110
    assert {r["group"] for r in ROWS} == GROUPS
    assert sum(r["schedule"] == "none" for r in ROWS) >= 12


def test_no_row_is_given_twice_and_a_code_means_one_thing() -> None:
    rows = Counter((r["offence_code"], r["schedule"], r["part"], r["paragraph"]) for r in ROWS)
    assert rows.most_common(1)[0][1] == 1
    meanings = {(r["offence_code"], r["description"], r["group"]) for r in ROWS}
    assert len(meanings) == len({r["offence_code"] for r in ROWS})


def test_an_unlisted_code_is_listed_nowhere_else() -> None:
    for row in ROWS:
        if row["schedule"] == "none":
            assert listed(row["offence_code"]) == {("none", "", "")}


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        ("SX03001", {("3", "1", "17"), ("15", "2", "102")}),  # rape: SOA 2003 s.1
        ("SX03007", {("3", "1", "18"), ("15", "2", "104")}),  # sexual assault: SOA 2003 s.3
        ("SX03128", {("3", "1", "33"), ("15", "2", "149")}),  # exposure: SOA 2003 s.66
        ("OF61018", {("15", "1", "6")}),  # Offences against the Person Act 1861 s.18
        ("OF61131", {("15", "1", "7")}),  # the same, s.20
        ("OF61102", {("15", "1", "20")}),  # the same, s.47
        ("SC15005", {("15", "1", "63FA")}),  # strangulation: Serious Crime Act 2015 s.75A
        ("MS15003", {("15", "1", "63H"), ("15", "2", "152A")}),  # Modern Slavery Act 2015 s.2
        ("TR06007", {("15", "3", "168")}),  # Terrorism Act 2006 s.5
        # CJA 2003 s.327 names these two itself, so neither schedule lists them.
        ("COML025", {("none", "", "")}),  # murder
        ("SC15004", {("none", "", "")}),  # controlling or coercive behaviour: Serious Crime Act 2015 s.76
        ("TH68010", {("none", "", "")}),  # theft: Theft Act 1968 s.1
    ],
)
def test_well_known_offences_stand_where_the_acts_put_them(code: str, wanted: set[tuple[str, str, str]]) -> None:
    assert listed(code) == wanted
