"""People at the desk and systems at the API, who ask all the while something else is measured or killed."""

import time
from collections import Counter
from statistics import quantiles
from threading import Event, Thread
from typing import Any

import httpx

from bench.attack.api import token_of
from bench.desk import sign_in, until_up
from models.record import Record
from tests.support.story import CORA
from web.api.application import ROOT

PAUSE_SECONDS = 0.5
LONGEST_SECONDS = 30.0
ASK_AGAIN = "503"
"""What the feed of changes answers while somebody writes for longer than it waits: it says to ask again."""
CHANGES = f"{ROOT}/changes"
PAGES = ("/today", "/cases?q=Darren", f"{ROOT}/cases", CHANGES)


class Readers:
    """One after the other asks for a page of the desk and of the API, until told to stop."""

    def __init__(self, address: str, record: Record) -> None:
        """Nothing is asked yet; the desk may not be up."""
        self.address = address
        self.session = sign_in(record, CORA)
        self.token = token_of(record)
        self.codes, self.seconds = Counter[str](), list[float]()
        self._over = Event()
        self._thread = Thread(target=self._read, daemon=True, name="readers")

    def start(self) -> None:
        """Begin, as soon as the desk answers."""
        until_up(self.address)
        self._thread.start()

    def stop(self) -> dict[str, Any]:
        """Return how many answers there were, how many of them said to ask again, and what 95 of 100 took."""
        self._over.set()
        self._thread.join()
        again = f"{ASK_AGAIN} {CHANGES}"
        refused = [code for code in self.codes if not code.startswith("2") and code != again]
        assert refused == [], f"refused meanwhile: {dict(self.codes)}"
        return {
            "pages of desk and API": self.codes.total(),
            "of them told to ask again": self.codes[again],
            "95 of 100 within seconds": self.slowest(),
        }

    def slowest(self) -> float:
        """Return the seconds that 95 of 100 answers took at most."""
        return round(quantiles(self.seconds, n=20)[-1], 2)

    def _read(self) -> None:
        signed_in, at_desk = {"Authorization": f"Bearer {self.token}"}, {"Cookie": f"desk={self.session}"}
        with httpx.Client(base_url=self.address, trust_env=False, timeout=LONGEST_SECONDS) as client:
            while not self._over.is_set():
                for page in PAGES:
                    headers, begun = (signed_in if page.startswith(ROOT) else at_desk), time.perf_counter()
                    try:
                        code = str(client.get(page, headers=headers).status_code)
                    except httpx.HTTPError as error:
                        code = type(error).__name__
                    self.codes[code if code.startswith("2") else f"{code} {page}"] += 1
                    self.seconds.append(time.perf_counter() - begun)
                self._over.wait(PAUSE_SECONDS)
