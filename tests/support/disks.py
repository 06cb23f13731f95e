"""A disk that can be full. A mounted one where this machine allows it, else a limit on what a process may write.

With a mount the kernel answers "no space left on device"; without one it answers "file too large" in every process
that ``limit`` is applied to. Both are a disk that takes no more, to the program.
"""

import os
import resource
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

PAGE = 4096


@dataclass
class Disk:
    """A small disk. ``folder`` is where it is mounted, or would be."""

    folder: Path
    mounted: bool
    processes: list[int] = field(default_factory=list)

    @property
    def ballast(self) -> Path:
        """What fills the disk."""
        return self.folder / "ballast"

    def fill(self, leave: int = 0, limit: int = 0) -> int | None:
        """Fill the disk but for some bytes; return what files are to be limited to where nothing is mounted.

        ``limit`` is what a running process may still write to a file, since its log may be one.
        """
        if self.mounted:
            room = os.statvfs(self.folder)
            size = room.f_bavail * room.f_frsize - leave
            self.ballast.write_bytes(b"x" * (size - size % PAGE))
            return None
        for process in self.processes:
            resource.prlimit(process, resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
        return limit

    def make_room(self) -> None:
        """Take away what fills the disk."""
        self.ballast.unlink(missing_ok=True)
        for process in self.processes:
            resource.prlimit(process, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


@contextmanager
def small_disk(folder: Path, mebibytes: int = 8) -> Iterator[Disk]:
    """Yield a disk of some size at a folder."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={mebibytes}m", "tmpfs", str(folder)]
    mounted = False
    with suppress(OSError):
        mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    try:
        yield Disk(folder, mounted)
    finally:
        if mounted:
            # Lazily: a process that ends may still hold a file.
            subprocess.run(["umount", "--lazy", str(folder)], check=True)


def empty_log(database: Path) -> None:
    """Move SQLite's write-ahead log into the database and cut it: what is written next needs room for a new one."""
    with sqlite3.connect(database, timeout=30) as connection:
        assert connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
    connection.close()
