"""Names and addresses have one normal form each: how a text was typed makes no difference, what it says does."""

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.addresses import ascii_address, email_address
from policy.book import compile_book
from policy.characters import folded, tidied
from policy.identifiers import crn, looked_up, noms_number, pnc_number
from policy.texts import plain, same

TODAY = date(2026, 6, 1)
# Letters of the names of these islands and of their people, with what a word processor puts between them.
LETTERS = "aeioubcdjlnrswyzAEIOUBCDJLNRSWYZáâéêíîóôúûẃŵýŷàèìòùäëïöüñçåøšžčłńśÁÉÍÓÚŴŶÄÖÜÑŁŠ"
NAMES = st.text(st.sampled_from(f"{LETTERS}'- "), min_size=1, max_size=20).filter(
    lambda name: any(map(str.isalpha, name))
)
FORMS = st.sampled_from(("NFC", "NFD", "NFKC", "NFKD"))
CASES = st.sampled_from((str, str.upper, str.lower))
APOSTROPHES = st.sampled_from("'\u2019\u2018\u02bc\u0060\u00b4")
SPACES = st.sampled_from((" ", "  ", "\u00a0", "\u2009", "\u202f", " \u200b", "\u00a0 "))
HYPHENS = st.sampled_from("-\u2010\u2011\u2013")
NOTHING = st.sampled_from(("", "\u00ad", "\u200b", "\ufeff", "\u2060", "\u200e"))


@given(NAMES, FORMS, CASES, APOSTROPHES, SPACES, HYPHENS, NOTHING)
def test_a_name_is_one_however_it_was_typed(name, form, case, apostrophe, space, hyphen, nothing):
    typed = unicodedata.normalize(form, case(name)).replace(" ", space).replace("'", apostrophe)
    typed = nothing + typed.replace("-", hyphen) + nothing
    assert same(name, typed)
    assert plain(tidied(typed)) == plain(name)


@given(st.text())
def test_the_normal_forms_are_normal(text):
    assert tidied(tidied(text)) == tidied(text)
    assert folded(folded(text)) == folded(text)
    assert plain(plain(text)) == plain(text)


@pytest.mark.parametrize(
    ("one", "other"), [("Siân", "Sian"), ("O'Neill", "Oneill"), ("Smith", "Smyth"), ("Ann", "Anne"), (None, "Ann")]
)
def test_names_that_differ_in_what_they_say_are_two(one, other):
    assert not same(one, other)


@given(
    st.from_regex(r"[A-Za-z0-9]([A-Za-z0-9'_-]{0,12}\.[A-Za-z0-9])?", fullmatch=True),
    CASES,
    NOTHING,
    APOSTROPHES,
    SPACES,
)
def test_a_mailbox_has_one_address_however_it_was_typed(left, case, nothing, apostrophe, space):
    address = f"{left}@probation.example"
    normal = email_address(address)
    typed = space + case(address).replace("'", apostrophe.replace("`", "'").replace("\u00b4", "'")) + nothing
    assert email_address(typed) == normal == normal.lower()
    assert ascii_address(typed) == normal
    assert email_address(normal) == normal


def test_a_point_and_a_hyphen_make_two_mailboxes():
    assert len({email_address(f"{left}@a.example") for left in ("o.neill", "o-neill", "oneill", "o'neill")}) == 4


OTHER_DIGITS = st.sampled_from("０１２３４５６７８９٠١٢٣٤٥٦٧٨٩०१२३४५６𝟎𝟏²")
VALID = {crn: "X320741", noms_number: "G5555TT", (lambda text: pnc_number(text, TODAY)): "2021/0000001V"}


@given(st.sampled_from(list(VALID)), st.data())
def test_an_identifier_is_ascii_and_the_first_other_character_is_named_with_its_place(reads, data):
    valid = VALID[reads]
    place = data.draw(st.integers(0, len(valid) - 1))
    other = data.draw(OTHER_DIGITS | st.sampled_from("ıſＸßé"))
    with pytest.raises(ValueError, match=rf"character {place + 1} is .*U\+{ord(other):04X} "):
        reads(valid[:place] + other + valid[place + 1 :])


def test_an_identifier_in_a_cell_of_a_word_processor_is_read():
    assert crn(" x320741\u00a0") == looked_up("\u200bx320741") == "X320741"
    assert looked_up("X\u013120741") == "X\u013120741"


def test_the_policy_of_an_area_holds_for_it_in_any_letters():
    text = 'version = "W"\nin_force_from = 2012-01-01\nbase = "P2012"\narea = "West Mercia"\n'
    book = compile_book([("w.toml", text)])
    assert {book.for_area(area, TODAY).version for area in ("West Mercia", "WEST MERCIA", "West\u00a0Mercia")} == {"W"}
    assert book.for_area("West Yorkshire", TODAY).version == "P2012"
