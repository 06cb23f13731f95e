"""Who holds a claim: a process, by its machine, number and start, and the flow run it works in, where there is one.

What a claimant had not begun when it died can go out at once, so it is worth knowing that it is dead. To take one for
dead that lives does no harm: before it begins a message it looks whether the claim is still its own.
"""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

NO_RUN = "-"
PARTS = 6
_RUN: ContextVar[str] = ContextVar("the flow run in which this thread works", default=NO_RUN)


@contextmanager
def in_the_run(key: str | None) -> Iterator[None]:
    """Let the claims made in this thread name a flow run by its id."""
    token = _RUN.set(NO_RUN if key is None else key.replace("-", ""))
    try:
        yield
    finally:
        _RUN.reset(token)


def new_claimant() -> str:
    """Return the name for one round of this process: ``HOST:MACHINE:PROCESS:START:RUN:ROUND``, 80 characters at most.

    Not even the same process may act on an earlier round's claim.
    """
    number = os.getpid()
    host = socket.gethostname().replace(":", "-")[:9]
    return ":".join([host, machine(), str(number), started(number) or "", _RUN.get(), uuid4().hex[:8]])


def run_of(claimant: str) -> str | None:
    """Return the id of the flow run, 32 hexadecimal digits, in which a claimant works; None where it names none."""
    parts = claimant.split(":")
    return parts[4] if len(parts) == PARTS and parts[4] != NO_RUN else None


def is_dead(claimant: str) -> bool:
    """Tell whether a claimant is known to be dead: a process of this machine that is no more. Others are not known."""
    parts = claimant.split(":")
    if len(parts) != PARTS or parts[1] != machine() or not parts[3]:
        return False
    return started(int(parts[2])) != parts[3]


@cache
def machine() -> str:
    """Return the name of what gives processes their numbers: this host since its start, and no other container."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii")
        numbers = str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        boot = numbers = ""
    return sha256(f"{socket.gethostname()}\n{boot}\n{numbers}".encode()).hexdigest()[:8]


def started(number: int) -> str | None:
    """Return when a process of this machine began, in ticks since the machine's start; None where there is none.

    A process that has ended and that nobody has asked after is none. Nor is any known where the system does not tell.
    """
    try:
        told = Path(f"/proc/{number}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    # The name of the program stands in brackets, and may hold anything.
    fields = told.rpartition(")")[2].split()
    return None if fields[0] in ("Z", "X") else fields[19]
