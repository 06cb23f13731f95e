"""``mappa audit``: the trail of every change."""

from cli.errors import complain
from cli.look import looking
from cli.options import Json, command, group
from policy.errors import FailedError
from service.output import print_json, say

app = group("Look after the audit trail.")


@app.callback()
def audit() -> None:
    """Look after the audit trail."""


@command(app)
def verify(json: Json = False) -> None:
    """Walk the hash chains of the whole trail.

    Ends with 1 and names each break where one does not hold.
    """
    from sqlalchemy import func, select

    from models.audit import AuditChain, AuditEntry
    from models.audit import verify as breaks_of

    with looking() as session:
        entries = session.scalar(select(func.count()).select_from(AuditEntry)) or 0
        chains = session.scalar(select(func.count()).select_from(AuditChain)) or 0
        breaks = list(breaks_of(session))
    if json:
        print_json({"entries": entries, "chains": chains, "breaks": breaks})
    elif not breaks:
        say(f"the trail holds: {entries:,} entries in {chains:,} chains")
    if breaks:
        complain(*(() if json else breaks))
        raise FailedError(f"{len(breaks):,} breaks in {entries:,} entries: the record was changed past the program")
