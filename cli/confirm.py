"""``mappa confirm``: a person's word that what stopped the work is as it should be."""

from datetime import datetime, timedelta
from typing import Annotated

import typer

from cli.options import By, actor_of, command, group, settings, wrong_usage
from policy.errors import WrongUsageError
from service.output import say
from views.times import parse_time, spoken

app = group("Confirm what has stopped the work, so that it goes on.")
DAY = timedelta(days=1)

Reason = Annotated[
    str, typer.Option("--reason", metavar="TEXT", help="Why it is right: it is kept in the audit trail.")
]
Until = Annotated[
    datetime | None,
    typer.Option(
        "--until",
        metavar="MOMENT",
        parser=wrong_usage(parse_time),
        show_default=False,
        help="If the clock of the database server is the wrong one: for how long it counts for nothing. Default: a "
        "day from now.",
    ),
]


@app.callback()
def confirm() -> None:
    """Confirm what has stopped the work, so that it goes on."""


@command(app)
def clock(reason: Reason, until: Until = None, by: By = None) -> None:
    """Say that the clock of this machine is right.

    Do this when the work has stopped because the clock looks wrong and is right: after an outage of months, or after
    a clock that was ahead was set. The next tick then does all that is due, each thing once, as after any outage. If
    the clock is wrong, set it instead.
    """
    from models.clock import now
    from service.open_record import record_of
    from tasks.clock_gate import confirm as confirm_clock

    present = now()
    if until is not None and until <= present:
        raise WrongUsageError(f"{spoken(until)} is past: give a moment to come", where="--until")
    record = record_of(settings())
    wrong = confirm_clock(record, present, until or present + DAY, said_why(reason), actor_of(by))
    if wrong is None:
        say(f"the clock of this machine says {spoken(present)}, as expected: nothing had to be confirmed")
    else:
        say(f"confirmed: it is {spoken(present)}. The next tick does what is due by then.")


@command(app)
def record(reason: Reason, by: By = None) -> None:
    """Say that the record is the one that is meant.

    Do this when the work has stopped because the record is another than it was, or has gone back, and you have put
    it there on purpose. If you have not, restore the last backup instead: what this record does not know was sent
    would be sent again.
    """
    from models.clock import now
    from service.known_record import confirm as confirm_record
    from service.open_record import record_of

    what = confirm_record(settings(), record_of(settings()), said_why(reason), actor_of(by), now())
    say("the record is as it was left: nothing had to be confirmed" if what is None else f"confirmed: it {what}")


def said_why(reason: str) -> str:
    """Return a reason without spaces around it; ``WrongUsageError`` where nothing is left."""
    if not reason.strip():
        raise WrongUsageError("say why", where="--reason")
    return reason.strip()
