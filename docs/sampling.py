"""How a sample is taken of a JSON document: a command is asked over a record of its own; what is random is hidden."""

import json
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from typer.testing import CliRunner

from cli.app import app
from models.settings import PREFIX

IDS = re.compile(r"\b(?:[0-9a-f]{64}|[0-9a-f]{32})\b")
SAMPLE_ID = "3f0c5d1b7a9e4c2d8b6f1a0e9d7c5b3a"
SECRETS = re.compile(r"mappa_[\w-]{43}", re.ASCII)
SAMPLE_SECRET = f"mappa_{SAMPLE_ID}"


@dataclass(frozen=True)
class Sample:
    """A document that a command printed: of a list its first object. ``shown``: the same, shortened where it is long.

    ``besides`` says what else prints such an object.
    """

    model: type[BaseModel]
    command: str
    printed: dict[str, Any]
    shown: dict[str, Any]
    listed: bool
    besides: str = ""


def sample(
    model: type[BaseModel],
    command: str,
    document: Any,
    *,
    besides: str = "",
    shortened: dict[str, Any] | None = None,
) -> Sample:
    """Return the sample of a model; ``shortened`` has the fields that are too long to be shown whole."""
    listed = isinstance(document, list)
    text = SECRETS.sub(SAMPLE_SECRET, json.dumps(document[0] if listed else document))
    printed = json.loads(IDS.sub(SAMPLE_ID, text))
    return Sample(model, f"{command} --json", printed, printed | (shortened or {}), listed, besides)


def ask(words: str) -> Any:
    """Run one command in this process; return the JSON document it prints, if it prints one."""
    result = CliRunner().invoke(app, [*words.split(), "--json"])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return json.loads(result.stdout) if result.stdout else None


@contextmanager
def sample_record() -> Iterator[None]:
    """Work in a folder and a record that go away again, whatever the environment says."""
    kept = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith(PREFIX)}
    with tempfile.TemporaryDirectory(prefix="mappa-docs-") as folder, chdir(folder):
        # A URL of its own each time: a program keeps its records open by URL.
        os.environ["MAPPA_DATABASE_URL"] = f"sqlite:///{folder}/mappa.db"
        os.environ["MAPPA_MAIL_FOLDER"] = "mail"
        # Years pass here, and what they would publish takes longer than all else.
        os.environ["MAPPA_PUBLISH_REPORTS"] = "false"
        try:
            yield
        finally:
            for name in [name for name in os.environ if name.startswith(PREFIX)]:
                del os.environ[name]
            os.environ.update(kept)
