"""Files for their owner alone: what the program writes holds names, and so does what an earlier version has left."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from policy.errors import UnavailableError

if TYPE_CHECKING:
    from service.settings import Settings

OWNER_ALONE = 0o077
"""The rights that whatever this process and its children write does not give: all of group and others."""


class OpenToOthersError(UnavailableError):
    """Others can read what holds names, and this user may not close it."""


def write_for_the_owner_alone() -> None:
    """Let nobody but the owner read what this process and those it starts will write."""
    os.umask(OWNER_ALONE)


def close_to_others(settings: "Settings") -> None:
    """Close Prefect's folder, the logs, the mail folder and the files of the record to all but their owner.

    An earlier version left them open. A folder that is for everybody, such as /tmp, is left alone.
    ``OpenToOthersError`` where they belong to another user.
    """
    for path in places(settings):
        mode = path.stat().st_mode if path.exists() else 0
        if not mode & OWNER_ALONE or mode & stat.S_ISVTX:
            continue
        try:
            path.chmod(stat.S_IMODE(mode) & ~OWNER_ALONE)
        except OSError:
            told = "others can read it, and it holds names"
            raise OpenToOthersError(told, where=str(path), to_do=f"have its owner run chmod go= {path}") from None


def places(settings: "Settings") -> Iterator[Path]:
    """Yield the folders and files that hold names."""
    from models.record import BESIDE, file_of

    yield settings.serve.prefect_home
    yield settings.serve.server_log.parent
    if settings.mail.transport == "folder":
        yield settings.mail.mail_folder
    if (record := file_of(settings.record.database_url)) is not None:
        yield from (Path(f"{record}{end}") for end in ("", *BESIDE))
