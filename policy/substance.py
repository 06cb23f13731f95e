"""What a text says by itself: the words that are left once references, names of conditions and filler are taken away.

Inspectors found records from which nobody could read what was decided: "see summary in body of notes", "licence
conditions", "SOPO", "breach if fails to comply", "home visits" (Joint inspection 2015, 5.15, 5.16, 5.24). Such a text
is known by what is missing from it, not by its spelling: whatever points elsewhere or names a thing goes, and what
remains has to say something.
"""

import re
from collections.abc import Collection

from policy.texts import WORD

CLAUSE = re.compile(r"[.;:,\n()\u2013\u2014]+|\s-\s")
# Several words that name one thing, as that thing.
PHRASES = (
    (re.compile(r"\bsexual (harm|offences?) prevention orders?\b"), "shpo"),
    (re.compile(r"\b(sexual risk|risk of sexual harm|violent offender|notification) orders?\b"), "sro"),
    (re.compile(r"\brisk management plans?\b"), "rmp"),
    (re.compile(r"\bmappa [a-z]\b"), "minutes"),
    (re.compile(r"\bin (place|force)\b"), "current"),
)
MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
DATES = re.compile(
    rf"\b\d{{4}}-\d\d-\d\d\b|\b\d{{1,2}}[/.]\d{{1,2}}[/.]\d{{2,4}}\b"
    rf"|\b\d{{1,2}}(st|nd|rd|th)? (of )?({MONTHS})( \d{{4}})?\b|\b({MONTHS}) \d{{4}}\b|\b(19|20)\d\d\b"
)


def words(text: str) -> frozenset[str]:
    """Return the words of a list."""
    return frozenset(text.split())


GRAMMAR = words(
    "a all also an and any are as at be been being both but by can could did do does each for from had has have "
    "he her here him his i if in into is it its kindly may might must of ok okay on onto or our per please shall "
    "she should so such than that the their them then there these they this those to under unto up upon us via "
    "was we were which who will with within would yes"
)
# What stands for an answer and is none.
EMPTY = words("above applicable appropriate below ditto done earlier idem na nil none same tba tbc tbd unchanged where")
NEGATIONS = words("no not never nothing without")
# Where something could be read: a text that names only these points elsewhere.
DOCUMENTS = words(
    "appendix attached attachment body case delius document documents email enclosed entries entry file files "
    "form forms log logs minute minutes ndelius nomis note notes oasys page pages paper papers paragraph pnomis "
    "record records referral report reports rmp section sections summary visor"
)
CONDITIONS = words(
    "condition conditions licence licences license order orders prohibition prohibitions requirement requirements "
    "restriction restrictions rosho shpo shpos sopo sopos sro sros voo"
)
# What goes with a reference or a name, and says nothing beside one.
BESIDE = words(
    "abide abides accordance according additional adhere adhered adherence adheres agreed applies apply attached "
    "available before compliance complied complies comply complying contained continue continued continues "
    "covered current currently dated detail detailed details discussed documented enforce enforced existing "
    "follow followed following full fully further given imposed in included issued last latest line listed "
    "meeting meetings mentioned monitor monitored normal noted ongoing out outlined present previous provided "
    "recorded refer refers relevant remain remains required respective see set standard stated subject usual"
)
# What is not new where something is denied or stays as it was: "no change since the last meeting".
UNMOVED = words(
    "add anything change changed changes comment comments further information last meeting meetings new news "
    "position previous remain remains report review significant since situation still time update updates"
)
# What a plan falls back on: it says neither at which sign, nor who does what first.
ENFORCEMENT = words(
    "action appropriate breach breached breaches breaching compliance complied complies comply complying consider "
    "considered considering custody enforce enforced enforcement fail failed fails failure immediate immediately "
    "initiate initiated non prison proceedings recall recalled return returned taken"
)
# A measure without when and by whom.
VISITS = words("home visit visits visited visiting")
POINTS = re.compile(
    r"^((please|kindly) )*("
    # "See him weekly" is no reference.
    r"see\b(?! (him|her|them|that|whether|how|what)\b)|refer\b|per\b|same as\b"
    r"|as (per|in|at|above|before|agreed|discussed|noted|stated|recorded|detailed)\b"
    r"|(\w+ed|found|set out|given|available|contained|details?)( \w+)? (in|on|at|under|within|by)\b)"
)
# A clause that points to a document says no more with some names beside it: "see the probation officer's report".
MOST_BESIDE_A_DOCUMENT = 5
ITS_OWN = 1
WRITTEN_OUT = 2
CONTINGENCY = 3


def own_words(text: str, beside: Collection[str] = frozenset()) -> list[str]:
    """Return the words of a text that say something by themselves; ``beside`` go as well.

    A denial counts where something is denied: "no contact" says something, "no change" does not.
    """
    lower = text.lower().replace("\u2019", "'")
    for phrase, name in PHRASES:
        lower = phrase.sub(name, lower)
    found = [word for clause in CLAUSE.split(dateless(lower, beside)) for word in own_words_of(clause.strip(), beside)]
    return found if set(found) - NEGATIONS else []


def dateless(text: str, beside: Collection[str]) -> str:
    """Return a text without its dates, where they are those of a document or a condition."""
    named = set(WORD.findall(text))
    return DATES.sub(" ", text) if named & DOCUMENTS or (beside and named & CONDITIONS) else text


def own_words_of(clause: str, beside: Collection[str]) -> list[str]:
    """Return the words of a clause that say something by themselves."""
    all_words = WORD.findall(clause)
    said = set(all_words)
    gone = set(GRAMMAR | EMPTY | DOCUMENTS | CONDITIONS) | set(beside)
    pointing = bool(POINTS.match(clause))
    if pointing or said & (DOCUMENTS | CONDITIONS):
        gone |= BESIDE
    if said & (NEGATIONS | {"unchanged", "same", "none"}):
        gone |= UNMOVED
    left = [word for word in all_words if word not in gone and (len(word) > 1 or word.isdigit())]
    if pointing and said & DOCUMENTS and len(left) <= MOST_BESIDE_A_DOCUMENT:
        return []
    return left


def says_something(text: str) -> bool:
    """Tell whether a text says something by itself."""
    return len(own_words(text)) >= ITS_OWN


def names_nothing(text: str) -> bool:
    """Tell whether a name, or the name of a thing, is left open: "tbc", "n/a", "as above"."""
    return not set(WORD.findall(text.lower())) - EMPTY - NEGATIONS - {"a", "as", "n", "yes"}


def is_written_out(text: str) -> bool:
    """Tell whether a text gives conditions, or a part of a plan, in words of its own."""
    return len(own_words(text, ENFORCEMENT | VISITS)) >= WRITTEN_OUT


def is_contingency(text: str) -> bool:
    """Tell whether a contingency says more than breach and recall: what is done, by whom, at which sign."""
    return len(own_words(text, ENFORCEMENT)) >= CONTINGENCY


def only_names(text: str) -> bool:
    """Tell whether a text that is not written out names conditions or orders."""
    return bool(set(WORD.findall(text.lower())) & CONDITIONS)
