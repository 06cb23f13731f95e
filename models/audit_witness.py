"""The witness: the newest seal told outside the database, in a file to which lines are only added.

Who cuts the end of the trail, with its seals, can make the record look as it did a week ago: nothing in the database
tells it. But here stands a seal that it does not have any more.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.audit_seals import RESTORE, AuditSeal, newest_seal
from policy.errors import UnreadableError

RECORD_LENGTH = 16


class WitnessError(UnreadableError):
    """A file of witnesses that cannot be read."""


@dataclass(frozen=True, slots=True)
class Witness:
    """A seal as it was told: of which record (the hash of its first seal, begun), its number and its hash."""

    record: str
    at: str
    number: int
    hash: str
    why: str

    def as_line(self) -> str:
        """Return the line of the file."""
        return json.dumps({"at": self.at, "record": self.record, "seal": self.number, "hash": self.hash,
                           "why": self.why}) + "\n"  # fmt: skip


def present_witness(session: Session) -> Witness | None:
    """Return the newest seal as it is told outside; none of a record that was never sealed."""
    one, first = newest_seal(session), session.get(AuditSeal, 1)
    if one is None or first is None:
        return None
    return Witness(first.hash[:RECORD_LENGTH], one.at.isoformat(), one.number, one.hash, one.why)


def bear(path: Path, witness: Witness) -> None:
    """Add a line to the file, unless its last line says the same."""
    path.parent.mkdir(parents=True, exist_ok=True)
    line = witness.as_line()
    if path.exists() and path.read_text(encoding="utf-8").endswith(line):
        return
    with path.open("a", encoding="utf-8") as file:
        file.write(line)


def told(path: Path) -> Iterator[Witness]:
    """Yield the witnesses of a file in their order; ``WitnessError`` of a line that is none."""
    if not path.exists():
        return
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            row: dict[str, Any] = json.loads(line)
            yield Witness(str(row["record"]), str(row["at"]), int(row["seal"]), str(row["hash"]), str(row["why"]))
        except (ValueError, KeyError, TypeError):
            raise WitnessError("the line is no witness of a seal", where=f"{path}, line {number}") from None


def contradicted(session: Session, witnesses: Iterator[Witness]) -> Iterator[str]:
    """Yield a sentence for each witness whose seal the record does not have any more.

    A record that was put back from a backup goes on from an earlier seal: what was told after that one counts no more.
    """
    first = session.get(AuditSeal, 1)
    mine = first.hash[:RECORD_LENGTH] if first else ""
    counting: dict[int, Witness] = {}
    others = 0
    for one in witnesses:
        if one.record != mine:
            others += 1
            continue
        if one.why == RESTORE:
            counting = {number: other for number, other in counting.items() if number < one.number}
        counting[one.number] = one
    if others and not counting:
        yield "the witness speaks of another record: the seals of this one were made anew, or it is the wrong file"
    there: dict[int, str] = {row.number: row.hash for row in session.execute(select(AuditSeal.number, AuditSeal.hash))}
    for number, one in sorted(counting.items()):
        if there.get(number) != one.hash:
            state = "is gone" if number not in there else "is another"
            yield f"seal {number}, told outside at {one.at:.16}, {state}: the trail was cut or made anew since"


def compare(session: Session, number: int, digest: str) -> Iterator[str]:
    """Yield a sentence where a seal that somebody has noted, from a heartbeat or an e-mail, is not in the record."""
    one = session.get(AuditSeal, number)
    if one is None or not one.hash.startswith(digest):
        state = "is not there" if one is None else "is another than the one you name"
        yield f"seal {number} {state}: the trail was cut or made anew since it was told"
