"""``mappa audit``: the trail of every change."""

from cli.errors import complain
from cli.look import looking
from cli.options import Json, command, group
from policy.errors import FailedError
from service.output import print_view, say

app = group("Look after the audit trail.")


@app.callback()
def audit() -> None:
    """Look after the audit trail."""


@command(app)
def verify(json: Json = False) -> None:
    """Walk the hash chains of the whole trail.

    Ends with 1 and names each break where one does not hold.
    """
    from views.audit import audit_trail

    with looking() as session:
        found = audit_trail(session)
    if json:
        print_view(found)
    elif not found.breaks:
        say(f"the trail holds: {found.entries:,} entries in {found.chains:,} chains")
    if found.breaks:
        complain(*(() if json else found.breaks))
        broken = f"{len(found.breaks):,} breaks in {found.entries:,} entries"
        raise FailedError(f"{broken}: the record was changed past the program")
