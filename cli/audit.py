"""``mappa audit``: the trail of every change."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.errors import complain
from cli.look import looking
from cli.options import By, Json, actor_of, command, group, settings, wrong_usage
from policy.errors import ConflictError, FailedError
from service.output import print_view, say

if TYPE_CHECKING:
    from models.record import Record

app = group("Check and look after the audit trail.")


@app.callback()
def audit() -> None:
    """Check and look after the audit trail."""


def noted_seal(text: str) -> tuple[int, str]:
    """Return the number and hash in ``12:0a1b2c3d``; ``ValueError`` says how it is written."""
    number, _, digest = text.partition(":")
    if not (number.isascii() and number.isdigit() and len(digest) >= 8):
        raise ValueError("write it as it was told: the number of the seal, a colon, and its hash, such as 12:0a1b2c3d")
    return int(number), digest.strip().lower()


Seal = Annotated[
    str | None,
    typer.Option("--seal", metavar="NUMBER:HASH", help="Also look for this seal, from an e-mail or a heartbeat."),
]
WitnessFile = Annotated[
    Path | None,
    typer.Option(
        "--witness",
        metavar="FILE",
        help="Compare with the seals in this file. Default: MAPPA_AUDIT_WITNESS_FILE.",
        exists=True,
        dir_okay=False,
    ),
]


WithRows = Annotated[
    bool, typer.Option("--record", help="Also check that every row of every table is as this program wrote it.")
]


@command(app)
def verify(seal: Seal = None, witness: WitnessFile = None, record: WithRows = False, json: Json = False) -> None:
    """Check that nobody has changed the audit trail, or with --record anything else.

    Checks every entry with the key, every seal, and the seals that were told outside the database. Lists each break,
    and ends with 1 if there is one.
    """
    from views.audit import audit_trail

    noted = None if seal is None else wrong_usage(noted_seal)(seal)
    with looking() as session:
        found = audit_trail(session, witness or told_in(), noted, with_rows=record)
    if json:
        print_view(found)
    elif not found.breaks:
        say(f"the audit trail is intact: {found.entries:,} entries in {found.chains:,} chains")
        say(f"seal {found.seals:,} is {found.seal}")
        if found.rows is not None:
            say(f"every row is as this program wrote it: {found.rows:,} rows")
        if found.unproven:
            say(f"{found.unproven:,} entries were there before the first seal: of the time before it nothing is proven")
    if found.breaks:
        complain(*(() if json else found.breaks))
        rows = "" if found.rows is None else f" and {found.rows:,} rows"
        broken = f"{len(found.breaks):,} breaks in {found.entries:,} entries{rows}"
        raise FailedError(f"{broken}: somebody changed the record without this program")


def told_in() -> Path | None:
    """Return the file to which the seals are told."""
    from models.record import usual_witness

    return settings().assurance.audit_witness_file or usual_witness(settings().record.database_url)


@command(app, "make-key")
def make_key() -> None:
    """Make the key of the audit trail, for a record that is yet to be made.

    Only where the processes cannot write the file themselves, as in Kubernetes. Else the first command makes it.
    """
    from models.audit_keys import KeyFile
    from models.record import usual_key_file

    file = KeyFile(settings().record.audit_key_file or usual_key_file(settings().record.database_url))
    if file.exists():
        raise ConflictError(f"{file.path.absolute()} exists already", to_do="mappa audit rotate-key changes the key")
    say(f"the key is {file.make().current}, in {file.path.absolute()}")


@command(app, "rotate-key")
def rotate_key(by: By = None) -> None:
    """Change the key of the audit trail.

    Do it once a year, and at once when somebody may have seen the key. The old keys stay in the file: without them
    nothing older can be checked. Then copy the file to where its copy is kept, and to every machine that needs it.
    """
    from models.clock import now
    from service.upkeep.trail import rotate_key as change_key

    record = opened()
    name = change_key(record, actor_of(by), now())
    say(f"the key is {name} from now on, in {record.audit_keys.path.absolute()}", "copy this file to where you keep it")


@command(app, "accept-rows")
def accept_rows(
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why they may stay: it is kept.")],
    by: By = None,
) -> None:
    """Keep rows that were changed without this program as they are now.

    Only when you know who did it and why, such as a repair with SQL. The audit trail keeps the list and your reason.
    """
    from models.clock import now
    from service.upkeep.trail import accept_rows as accept

    said = accept(opened(), reason, actor_of(by), now())
    say(
        *said,
        f"{len(said):,} accepted" if said else "every row is as this program wrote it: there is nothing to accept",
    )


@command(app)
def restored(by: By = None) -> None:
    """Say that a PostgreSQL record was restored from a backup.

    mappa restore does this by itself. Else the trail looks cut: seals that were told outside are gone.
    """
    from models.audit_witness import bear
    from models.clock import now
    from service.known_record import note
    from service.upkeep.trail import note_restore

    record = opened()
    told = note_restore(record, actor_of(by), now())
    note(settings(), record)
    file = told_in()
    if told is not None:
        if file is not None:
            bear(file, told)
        say(f"noted: the record goes on from seal {told.number}")


def opened() -> "Record":
    """Return the record."""
    from service.open_record import record_of

    return record_of(settings())
