"""Output takes every name, whatever the encoding of the terminal."""

import io
import json
import sys

import pytest

from service.output import print_json, say, write_any_name


@pytest.mark.parametrize("name", ["Łukasz", "Siân", "王", "\U0001d4d0"])
@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_a_name_that_standard_output_lacks_is_escaped(monkeypatch, name, encoding):
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    monkeypatch.setattr(sys, "stdout", stream)
    write_any_name()
    say(name)
    print_json({"name": name})
    stream.flush()
    first, _, document = stream.buffer.getvalue().decode(encoding).partition("\n")
    assert json.loads(f'"{first}"') == name
    assert json.loads(document) == {"name": name}
