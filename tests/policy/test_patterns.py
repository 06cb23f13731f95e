"""Identifiers are ASCII: no pattern of the program takes the digits or letters of another script for its own."""

import ast
from collections.abc import Iterator

import pytest

from casework.loading.offences import offence_code
from tests.support.sources import ROOMS, ROOT

TAKES = {"compile", "fullmatch", "match", "search", "findall", "finditer", "split", "sub", "subn"}
READS_WORDS = {"policy/substance.py": "what people write about a case: it is only asked whether it says something"}
CLASSES = (r"\d", r"\w")


def too_wide(source: str, name: str) -> Iterator[str]:
    """Yield the place of each pattern with a class of characters that is not held to ASCII."""
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in TAKES):
            continue
        if not (isinstance(node.func.value, ast.Name) and node.func.value.id == "re"):
            continue
        # A pattern of bytes knows ASCII alone.
        texts = [one.value for one in ast.walk(node.args[0]) if isinstance(one, ast.Constant)]
        pattern = "".join(one for one in texts if isinstance(one, str))
        flags = ast.dump(ast.Module([ast.Expr(one) for one in (*node.args[1:], *(k.value for k in node.keywords))], []))
        held = "'ASCII'" in flags or "'A'" in flags or "(?a" in pattern
        if any(one in pattern for one in CLASSES) and not held:
            yield f"{name}: {pattern}"


def test_every_pattern_is_held_to_ascii() -> None:
    files = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    assert len(files) > 200
    found = [one for path in files for one in too_wide(path.read_text("utf-8"), str(path.relative_to(ROOT)))]
    assert [one for one in found if one.split(":")[0] not in READS_WORDS] == []


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (r're.compile(r"[A-Z]\d{6}")', 1),
        (r're.compile(r"[A-Z]\d{6}", re.ASCII)', 0),
        (r're.compile(r"[A-Z]\d{6}", flags=re.ASCII | re.IGNORECASE)', 0),
        (r're.match(r"\w+", text)', 1),
        (r're.compile(r"[A-Z][0-9]{6}")', 0),
        (r're.compile(rb"[A-Z]\d{6}")', 0),
    ],
)
def test_a_pattern_that_is_not_is_found(line: str, found: int) -> None:
    assert len(list(too_wide(line, "a file"))) == found


@pytest.mark.parametrize("code", ["SX0300\uff11", "COML\u0660\u0662\u0662", "\u017fX03001", "CR00\u0967\u0968\u0969"])
def test_an_offence_code_is_ascii(code: str) -> None:
    """Full-width, Arabic and Devanagari digits, and a long s whose capital is an S."""
    with pytest.raises(ValueError, match="is not a CJS offence code"):
        offence_code(code)
