"""How a program that serves is told to stop, and how it says what it does."""

import os
import signal
import sys
from threading import Event
from types import FrameType


def say(line: str) -> None:
    """Print a line at once, also where the output is a file or a pipe."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


class StopAsked(Event):
    """Set by Ctrl-C or SIGTERM; asked a second time, the program ends at once (the record can bear it)."""

    def listen(self) -> None:
        """Take over both signals."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self.asked)

    def asked(self, number: int, _frame: FrameType | None) -> None:
        """Note the wish."""
        if self.is_set():
            os._exit(128 + number)
        self.set()
