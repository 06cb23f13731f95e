"""``mappa doctor``: is all well, and what to do where it is not."""

from typing import TYPE_CHECKING

from cli.options import Json, database_asked_for
from policy.errors import FailedError
from service.output import print_view, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from service.upkeep.doctor import Check


def doctor(json: Json = False) -> None:
    """Check that everything works.

    Checks the settings, e-mail (connects, sends nothing), Prefect, disk, database, last audit, directory and every
    invariant of the record. Says what to do about each warning and each fault. Ends with 1 if something is wrong.
    Changes nothing.
    """
    from service.documents import examination_view
    from service.upkeep.doctor import examination

    found = list(examination(database_asked_for()))
    wrong = sum(check.state == "wrong" for check in found)
    if json:
        print_view(examination_view(found))
    else:
        print_checks(found)
    if wrong:
        raise FailedError(f"{wrong} of {len(found)} checks found something wrong")


def print_checks(found: "Sequence[Check]") -> None:
    """Print each check on a line, and what to do below it."""
    wide = max(len(check.check) for check in found)
    for check in found:
        say(f"{check.state:<8} {check.check:<{wide}}  {check.said}")
        if check.to_do:
            say(f"{'':<8} {'':<{wide}}  -> {check.to_do}")
    warnings = sum(check.state == "warning" for check in found)
    say(f"{len(found)} checks, {warnings} warnings")
