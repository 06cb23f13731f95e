"""Every form, every field, every value of ``values``, through the API and the command line: nothing breaks or is lost.

A value that the form takes is tried on the record and taken back, so that every try meets the same case. What it
refuses is sent through a door: the answer has to name the field, and a draft has to hold what was sent.
"""

import json
import random
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import time_machine
from sqlalchemy import select
from typer.testing import CliRunner

from bench.attack.api import api_of
from bench.attack.counted import LOST, TRACEBACK, UNEXPLAINED, UNNAMED, Counts
from bench.attack.places import MARK, Place, places, why_it_may
from bench.attack.values import BODIES, VALUES
from casework.errors import PLACED, RefusedError
from casework.recording import KINDS, Entry
from casework.recording.as_typed import form_of
from casework.recording.fact_type import FactType
from casework.recording.recorder import checked
from casework.recording.submit import why_not
from cli.app import app
from models.cases import Draft
from models.record import Record
from policy.errors import UnreadableError
from tests.support.story import CLERK

NOW = datetime(2026, 12, 1, 10, tzinfo=UTC)
BORN, CRN, CASE = date(1985, 3, 4), "X320741", "LON-2026-000001"
BY_COMMAND = 25
"""One of so many tries goes through the command line too: it opens the record each time."""


def every_try() -> Iterator[tuple[FactType, Place | None, bytes]]:
    """Yield every form with every value in every place, and what is no form at all (no place)."""
    for known in KINDS.values():
        for place in places(known):
            text = json.dumps(place.form)
            for value in VALUES:
                yield known, place, text.replace(json.dumps(MARK), value).encode()
        for body in BODIES:
            yield known, None, body


def attack(record: Record, folder: Path, *, tries: int | None = None, seed: int = 2026) -> Counts:
    """Attack the forms of a prepared record; ``tries``: how many of all, drawn by a seed, None: every one."""
    chosen = list(every_try())
    if tries is not None:
        chosen = random.Random(seed).sample(chosen, tries)
    counts = Counts()
    with time_machine.travel(NOW, tick=True):
        doors = Doors(record, folder, counts)
        for number, (known, place, typed) in enumerate(chosen):
            counts.tried += 1
            try:
                doors.send(known, place, typed, by_command=number % BY_COMMAND == 0)
            except Exception as error:  # noqa: BLE001  it is what the attack looks for
                where = "the body" if place is None else place.name
                counts.fault(TRACEBACK, f"{known.kind}, {where}, {typed[:80]!r}: {type(error).__name__}: {error}"[:400])
    return counts


class Doors:
    """The ways into a record, and what came of each try."""

    def __init__(self, record: Record, folder: Path, counts: Counts) -> None:
        """Open the API; the command line reads from a file."""
        self.record, self.counts, self.file = record, counts, folder / "form.json"
        self.api = api_of(record, folder)
        self.policy = record.policies.for_area("London", NOW.date())

    def send(self, known: FactType, place: Place | None, typed: bytes, *, by_command: bool) -> None:
        """Try one form, and count what came of it."""
        reasons = self.refused_by_the_form(known, typed)
        if reasons is None:
            assert place is not None
            self.accepted(known, place, typed)
            return
        answer = self.api.post(
            f"/cases/{CASE}/facts/{known.kind.value}", content=typed, headers={"Content-Type": "application/json"}
        )
        named = [one.get("pointer", "").removeprefix("#/") for one in answer.json().get("errors", ())]
        where = "the body" if place is None else place.name
        if answer.status_code not in (400, 422):
            self.counts.fault(UNEXPLAINED, f"{known.kind}, {where}: status {answer.status_code}")
        self.look_at_the_draft(known, typed, where)
        if by_command:
            self.by_command(known, typed, where)
        if place is None:
            self.counts.no_form += 1
        elif is_named(place, [*named, *placed(reasons, known)], reasons):
            self.counts.named += 1
        elif self.may_hold(place, typed) is not None:
            self.counts.by_a_rule += 1
        else:
            self.counts.fault(UNNAMED, f"{known.kind}, {where}, {typed[:40]!r}: {reasons[:2]}"[:400])

    def refused_by_the_form(self, known: FactType, typed: bytes) -> list[str] | None:
        """Return why a form is refused before the record is asked; None where it passes."""
        try:
            checked(known, form_of(typed), NOW.date(), self.policy, BORN)
        except (RefusedError, UnreadableError) as error:
            return list(error.reasons)
        return None

    def accepted(self, known: FactType, place: Place, typed: bytes) -> None:
        """Try on the record what the form takes, take it back, and say why the field may hold it."""
        why = self.may_hold(place, typed)
        if why is None:
            self.counts.fault(UNEXPLAINED, f"{known.kind}, {place.name}, {typed[:400]!r}")
        elif why_not(self.record, Entry(known.kind.value, CRN, form_of(typed)), actor=CLERK, as_at=NOW):
            self.counts.by_a_rule += 1
        else:
            self.counts.accepted[why] += 1

    def may_hold(self, place: Place, typed: bytes) -> str | None:
        """Return why the field in a place may hold what stands there."""
        try:
            value: Any = form_of(typed)
            for step in place.path:
                value = value[step]
            return why_it_may(place.field, value, self.policy, NOW.date(), BORN)
        except (RefusedError, UnreadableError, ValueError):
            return None

    def look_at_the_draft(self, known: FactType, typed: bytes, where: str) -> None:
        """Count the form as lost unless its draft holds what was sent."""
        newest = select(Draft).where(Draft.kind == known.kind.value).order_by(Draft.id.desc()).limit(1)
        with self.record.reading() as session:
            draft = session.scalars(newest).first()
            whole = draft is not None and draft.as_typed is None and is_form(typed, draft.data)
            if draft is None or not (whole or draft.as_typed == typed):
                self.counts.fault(LOST, f"{known.kind}, {where}, {typed[:80]!r}")

    def by_command(self, known: FactType, typed: bytes, where: str) -> None:
        """Send a form through the command line, which has to refuse it in words and keep it."""
        self.file.write_bytes(typed)
        words = ["record", known.kind.value, "--crn", CRN, "--file", str(self.file)]
        url = self.record.engine.url.render_as_string(hide_password=False)
        result = CliRunner().invoke(app, [*words, "--database", url])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        if result.exit_code != 1 or "what was typed is kept as draft" not in result.stderr:
            self.counts.fault(LOST, f"{known.kind}, {where}, by the command line: {result.stderr[:200]}")
        self.look_at_the_draft(known, typed, where)


def is_form(typed: bytes, data: dict[str, Any]) -> bool:
    """Tell whether bytes hold a form that is the data of a draft."""
    try:
        return form_of(typed) == data
    except (RefusedError, UnreadableError):
        return False


def placed(reasons: list[str], known: FactType) -> Iterator[str]:
    """Yield the paths that reasons name."""
    for reason in reasons:
        for text in (reason, reason.removeprefix(f"{known.kind.value}: ")):
            if found := PLACED.fullmatch(text):
                yield found["path"]


def is_named(place: Place, paths: Iterable[str], reasons: Iterable[str]) -> bool:
    """Tell whether a refusal names the field of a place: by its path, or in its words ("leave out ends_on")."""
    by_path = any(belongs(one.replace("/", "."), place.name) for one in paths)
    return by_path or any(str(place.path[-1]) in reason for reason in reasons)


def belongs(named: str, path: str) -> bool:
    """Tell whether a path that was named is the one that is wrong, what it stands in, or what stands in it."""
    return bool(named) and (f"{path}.".startswith(f"{named}.") or f"{named}.".startswith(f"{path}."))
