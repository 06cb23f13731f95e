"""The deployments of this machine: every flow, to be started by an operator from the Prefect UI.

Prefect's own runner serves them in a thread of this process; a run that an operator starts gets a process of its
own, so it can be cancelled from the UI. Their name is ``embedded``; those of prefect.yaml are ``fleet``.
"""

import asyncio
import logging
import multiprocessing
from collections.abc import Iterable
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

from tasks.registry import STAGES

if TYPE_CHECKING:
    from prefect import Flow
    from prefect.runner import Runner

log = logging.getLogger(__name__)

NAME = "embedded"
AGAIN_SECONDS = 15.0
RUNS_AT_ONCE = 2


class Deployments:
    """Registers flows and serves the runs that operators start, for as long as the program lives."""

    def __init__(self, flows: "Iterable[Flow[Any, Any]]") -> None:
        """Nothing starts before ``start``."""
        self.flows = list(flows)
        self.registered = Event()
        self._thread = Thread(target=self._run, name="deployments", daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._work: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to register and to serve; whatever becomes of it, the program goes on."""
        self._thread.start()

    def stop(self, timeout: float = 5.0) -> None:
        """Stop serving; end the runs that operators started (what they had not done still waits)."""
        if self._loop is not None and self._work is not None and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._work.cancel)
        if self._thread.is_alive():
            self._thread.join(timeout)
        for child in multiprocessing.active_children():
            child.kill()
            child.join(1)

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except asyncio.CancelledError:
            return

    async def _serve(self) -> None:
        self._loop, self._work = asyncio.get_running_loop(), asyncio.current_task()
        told = False
        while True:
            try:
                runner = await self._register()
                told = False
                await runner.start()
            except Exception as error:  # noqa: BLE001  without Prefect nobody can start a run from its UI, no more
                if not told:
                    log.warning(
                        "runs cannot be started from the Prefect UI now (%s): tried again every %.0f seconds",
                        type(error).__name__,
                        AGAIN_SECONDS,
                    )
                told = True
            self.registered.clear()
            await asyncio.sleep(AGAIN_SECONDS)

    async def _register(self) -> "Runner":
        from prefect.runner import Runner
        from prefect.types.entrypoint import EntrypointType

        runner = Runner(name="mappa", pause_on_shutdown=False, limit=RUNS_AT_ONCE)
        for flow in self.flows:
            await runner.aadd_flow(
                flow,
                name=NAME,
                description=first_line(flow.description),
                tags=tags_of(flow.name),
                entrypoint_type=EntrypointType.MODULE_PATH,
            )
        self.registered.set()
        return runner


def tags_of(flow: str) -> list[str]:
    """Return the tags of a flow's deployments and runs: ours, whether it is a stage, and which flow it is."""
    return ["mappa", *(["stage"] if flow in STAGES else []), flow.replace("_", "-")]


def first_line(text: str | None) -> str:
    """Return the first line of a description; the rest of it is about parameters, which have their form."""
    return (text or "").strip().partition("\n")[0]
