"""One address for several servers, as nginx is in Compose: ``python -m deploy.processes.proxy PORT PORT ...``.

Each connection goes to the next server that takes it; one that is away is passed over, and found when it is back.
"""

import asyncio
import sys
from collections import deque
from collections.abc import Sequence
from contextlib import suppress

HERE = "127.0.0.1"
CONNECT_SECONDS = 2.0
CHUNK = 65536


class Proxy:
    """Takes connections for the servers at some ports of this machine, and gives each to one of them in turn."""

    def __init__(self, ports: Sequence[int]) -> None:
        """Nothing listens yet."""
        self.turn = deque(ports)

    async def serve(self, port: int) -> asyncio.Server:
        """Begin to listen."""
        return await asyncio.start_server(self.take, HERE, port)

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Join a connection to that of a server; where there is none it is closed."""
        found = await self.connect()
        if found is not None:
            ways = {asyncio.create_task(pass_on(*way)) for way in ((reader, found[1]), (found[0], writer))}
            # An end that has gone takes the other with it.
            _, left = await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            for way in left:
                way.cancel()
            found[1].close()
        writer.close()

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        """Return a connection to the first server, beginning with the one whose turn it is, that takes one."""
        for _ in range(len(self.turn)):
            port = self.turn[0]
            self.turn.rotate(-1)
            with suppress(OSError, TimeoutError):
                return await asyncio.wait_for(asyncio.open_connection(HERE, port), CONNECT_SECONDS)
        return None


async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Pass on what comes until no more does."""
    with suppress(OSError):
        while data := await reader.read(CHUNK):
            writer.write(data)
            await writer.drain()


async def main(port: int, ports: Sequence[int]) -> None:
    """Serve until told to stop."""
    async with await Proxy(ports).serve(port) as server:
        await server.serve_forever()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(main(int(sys.argv[1]), [int(port) for port in sys.argv[2:]]))
