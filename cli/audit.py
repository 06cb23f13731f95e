"""``mappa audit``: the trail of every change."""

from cli.errors import complain
from cli.look import looking
from cli.options import Json, command, group
from policy.errors import FailedError
from service.output import print_view, say

app = group("Check the audit trail.")


@app.callback()
def audit() -> None:
    """Check the audit trail."""


@command(app)
def verify(json: Json = False) -> None:
    """Check that nobody has changed the audit trail.

    Lists each break in its hash chains, and ends with 1 if there is one.
    """
    from views.audit import audit_trail

    with looking() as session:
        found = audit_trail(session)
    if json:
        print_view(found)
    elif not found.breaks:
        say(f"the audit trail is intact: {found.entries:,} entries in {found.chains:,} chains")
    if found.breaks:
        complain(*(() if json else found.breaks))
        broken = f"{len(found.breaks):,} breaks in {found.entries:,} entries"
        raise FailedError(f"{broken}: somebody changed the record without this program")
