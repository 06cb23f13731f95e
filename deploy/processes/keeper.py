"""Keeps processes at work: starts again what ends by itself, as systemd and Compose do, and ends all with all."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, RLock, Thread

LOOK_SECONDS = 0.5
STOP_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Part:
    """One process: its words, its variables, and who it runs as where that is another user."""

    name: str
    words: Sequence[str]
    environment: Mapping[str, str]
    user: str | None = None


@dataclass(slots=True)
class Keeper:
    """Processes by their names, each with a log of its own in ``folder``.

    ``again_seconds``: what ends by itself is started again after so long. ``None``: it is left.
    """

    folder: Path
    again_seconds: float | None = 10.0
    parts: dict[str, Part] = field(default_factory=dict)
    living: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    ended: list[tuple[str, int]] = field(default_factory=list)
    """Name and exit code of each process that ended by itself."""
    _over: Event = field(default_factory=Event)
    _lock: RLock = field(default_factory=RLock)
    _watch: Thread | None = None
    _again_at: dict[str, float] = field(default_factory=dict)

    def start(self, part: Part) -> None:
        """Start a process, and keep it."""
        with self._lock:
            self.parts[part.name] = part
            self._start(part)
            if self._watch is None:
                self._watch = Thread(target=self._look, daemon=True, name="keeper")
                self._watch.start()

    def log_of(self, name: str) -> Path:
        """Return the log of a process."""
        return self.folder / f"{name}.log"

    def kill(self, name: str) -> None:
        """Kill a process and everything it has started, as a machine does that loses its power; it stays down."""
        with self._lock:
            process = self.living.pop(name)
            self._again_at.pop(name, None)
        for pid in sorted(family(process.pid), reverse=True):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        """End all, the newest first: kindly, and after some seconds not."""
        self._over.set()
        if self._watch is not None:
            self._watch.join()
        for name in reversed(list(self.living)):
            process = self.living[name]
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
                with suppress(subprocess.TimeoutExpired):
                    process.wait(STOP_SECONDS)
            self.kill(name)

    def _start(self, part: Part) -> None:
        with self.log_of(part.name).open("ab") as log:
            self.living[part.name] = subprocess.Popen(
                list(part.words),
                env=dict(part.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                user=part.user,
            )

    def _look(self) -> None:
        while not self._over.wait(LOOK_SECONDS):
            with self._lock:
                self._see_to_those_that_ended()

    def _see_to_those_that_ended(self) -> None:
        present = time.monotonic()
        for name, process in list(self.living.items()):
            code = process.poll()
            if code is None:
                continue
            if name not in self._again_at:
                self.ended.append((name, code))
                self._again_at[name] = float("inf") if self.again_seconds is None else present + self.again_seconds
            elif present >= self._again_at[name]:
                del self._again_at[name]
                self._start(self.parts[name])


def family(pid: int) -> set[int]:
    """Return a process and everything it has started that lives."""
    parents = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parents[int(status.parent.name)] = int(status.read_text().rpartition(")")[2].split()[1])
    found, more = {pid}, {pid}
    while more:
        more = {child for child, parent in parents.items() if parent in more} - found
        found |= more
    return found
