"""The characters of a text: which of them are one, which say nothing, and which no name or address holds.

``unwritten`` finds what nobody writes into any text: it is asked by every door through which a text comes.

The same name comes composed or decomposed, with a straight or a curly apostrophe, with a no-break space or a soft
hyphen that a word processor put in. ``tidied`` is how a text of one line is written down, ``folded`` how two are
compared.
"""

import re
import unicodedata
from collections.abc import Container

APOSTROPHES = dict.fromkeys(map(ord, "\u2018\u2019\u02bc\u02bb\u02b9\u2032\u00b4\u0060\uff07"), "'")
"""What is written for an apostrophe."""
INVISIBLE = dict.fromkeys([0x00AD, *range(0x200B, 0x2010), 0x2060, 0xFEFF])
"""Soft hyphen, zero-width spaces and joiners, marks of direction, byte order mark: they say nothing in a name."""
SPACES = dict.fromkeys([0x00A0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000], " ")
BLANK = dict.fromkeys([0x115F, 0x1160, 0x2800, 0x3164, 0xFFA0])
"""Letters and patterns of dots that print as nothing at all."""
UNSEEN = INVISIBLE | BLANK
TIDY = INVISIBLE | SPACES
FOLD = TIDY | APOSTROPHES
LOST = "\ufffd"
WINDOWS = "cp1252"
# Controls, halves of characters, what turns the order of the text after it, separators of lines that no text file has,
# letters that cannot be seen, and code points that are no character.
HIDDEN = (
    r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u206f\ud800-\udfff\ufdd0-\ufdef\ufff9-\ufffb\ufffe\uffff"
    r"\U000e0000-\U000e007f"
)
CONTROLS = re.compile(rf"[{HIDDEN}]|\r(?!\n)")
# What the bytes of UTF-8 are in Windows-1252, which leaves five of them out: a first byte and those that follow it. Two
# bytes up to the letters of Europe, three for punctuation; a name holds such a run only where it was decoded twice.
FOLLOWING = "".join(bytes([one]).decode(WINDOWS, "ignore") or chr(one) for one in range(0x80, 0xC0))
RUN = re.compile(f"[\u00c2-\u00c5][{re.escape(FOLLOWING)}]|[\u00e1\u00e2][{re.escape(FOLLOWING)}]{{2}}")


def tidied(text: str) -> str:
    """Return a text of one line as it is written down: composed, plain spaces, nothing invisible, nothing around it."""
    return text.strip() if text.isascii() else unicodedata.normalize("NFC", text.translate(TIDY)).strip()


def folded(text: str) -> str:
    """Return a text for comparing: letter case, composition, apostrophes and kinds of spaces make no difference."""
    if text.isascii():
        return text.replace("`", "'").lower()
    # Folding case may take a letter apart, and bring another together: twice, as Unicode says (3.13, D147).
    once = unicodedata.normalize("NFKC", text.translate(FOLD)).casefold()
    return unicodedata.normalize("NFKC", once).casefold()


def character(text: str, place: int) -> str:
    """Return which character stands where in a text, for a person who cannot see it: its place counts from 1."""
    one = text[place]
    shown = f"{one!r}, " if one.isprintable() and not one.isspace() else ""
    kind = {"Cs": "half of a character", "Cn": "no character"}.get(unicodedata.category(one), "a control character")
    return f"character {place + 1} is {shown}U+{ord(one):04X} {unicodedata.name(one, kind).lower()}"


def outside_ascii(text: str) -> str:
    """Return which character of a text is the first outside ASCII; "" where none is."""
    return next((character(text, place) for place, one in enumerate(text) if not one.isascii()), "")


def unwritten(text: str, *, lines: bool = True) -> str:
    """Return why a text is none that anybody writes, for whoever typed it; "" for any other.

    It holds a control character, half a character, or a mark that shows what follows in another order than it stands;
    or nothing of it can be seen. ``lines``: it may have several lines, tabs, and signs of a font of its own.
    """
    if text.isprintable() and text.isascii():
        return ""
    if found := CONTROLS.search(text):
        return f"{character(text, found.start())}, which cannot be printed"
    if not lines and (stray := unprintable(text, TIDY)):
        return stray
    if text.strip() and not text.translate(UNSEEN).strip():
        return "nothing of it can be seen: it holds only characters without a shape"
    return ""


def unprintable(text: str, beside: Container[int] = ()) -> str:
    """Return which character of a text cannot be printed, but for those ``beside``; "" where all can."""
    if text.isprintable():
        return ""
    places = (at for at, one in enumerate(text) if not one.isprintable() and ord(one) not in beside)
    place = next(places, None)
    return "" if place is None else f"{character(text, place)}, which cannot be printed"


def decoded_once(text: str) -> str:
    """Return what a text was before it was written in UTF-8 and read as Windows-1252; the text itself if it was not."""
    return text if text.isascii() else RUN.sub(lambda found: once(found[0]), text)


def once(run: str) -> str:
    """Return the character that a run of characters stands for, or the run where it stands for none."""
    as_bytes = b"".join(one.encode(WINDOWS) if one.isprintable() else bytes([ord(one)]) for one in run)
    try:
        found = as_bytes.decode()
    except UnicodeDecodeError:
        return run
    # Nobody wrote a control character: two letters of a name that come to one are what they seem.
    return run if unicodedata.category(found) == "Cc" else found
