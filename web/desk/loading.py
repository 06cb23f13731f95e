"""The files that are loaded: people and sentences, and a caseload with its history."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from starlette.responses import Response

from casework.loading import (
    load_board_meetings,
    load_directory,
    load_events,
    load_population,
    load_registrations,
    load_sentences,
)
from policy.errors import InvalidError, MappaError
from web.access.directory_rights import guard_of
from web.access.rights import Action, areas_for
from web.pages import page
from web.routes import Pages
from web.visit import Visit

PAGES = Pages()
REJECTS_SHOWN = 200
LOADERS: dict[str, tuple[str, Callable[..., Any]]] = {
    "sentences": ("Sentences, orders and cautions", load_sentences),
    "directory": ("Directory: who holds which role", load_directory),
    "registrations": ("Registrations: a caseload that already runs, with its history", load_registrations),
    "events": ("Events that the annual report counts", load_events),
    "population": ("Population: people aged ten and over", load_population),
    "board-meetings": ("Board meetings: who was invited, and who came", load_board_meetings),
}


@PAGES.get("/load", Action.LOAD)
def what_to_load(visit: Visit) -> Response:
    """Show the form for a file."""
    return page(visit, "load.html", loaders=LOADERS, report=None, error="", chosen="sentences", tried=False, told="")


@PAGES.post("/load", Action.LOAD)
def load(visit: Visit) -> Response:
    """Try a file, or load it; show what came of it, line by line."""
    chosen, tried, file = visit.text("what"), visit.text("do") != "load", visit.file("file")
    if chosen not in LOADERS:
        raise InvalidError("choose what the file holds")
    shown: dict[str, Any] = {"loaders": LOADERS, "chosen": chosen, "tried": tried}
    if file is None:
        return page(visit, "load.html", status=422, **shown, report=None, error="Choose a file", told="")
    with tempfile.TemporaryDirectory(prefix="mappa-load-") as folder:
        path, rejects = Path(folder) / "file.csv", Path(folder) / "rejects.csv"
        with path.open("wb") as written:
            shutil.copyfileobj(file.file, written)
        try:
            report = LOADERS[chosen][1](
                visit.record, path, as_at=visit.as_at, actor=visit.reader.name, rejects=rejects, dry_run=tried,
                areas=areas_for(visit.reader, Action.LOAD),
                **({"guard": guard_of(visit.reader)} if chosen == "directory" else {}),
            )  # fmt: skip
        except MappaError as error:
            told = str(error).replace(str(path), file.filename or "the file")
            return page(visit, "load.html", status=422, **shown, report=None, error=told, told="")
        told = rejects.read_text(encoding="utf-8-sig") if rejects.is_file() else ""
    return page(visit, "load.html", **shown, report=report, error="", told=told, most=REJECTS_SHOWN,
                name=file.filename)  # fmt: skip
