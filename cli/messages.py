"""``mappa messages``: the outbox, and what a person may do with a message of unknown fate."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from cli.look import looking, show_views
from cli.maintain import SentUntil, tell_doubt
from cli.options import AsAt, By, Json, Limit, actor_of, as_at_or_now, command, group, listing, settings
from policy.vocabulary import MessageState
from service.output import ROWS_SHOWN, print_view, say

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

app = group("List e-mails, or decide about one.", no_args_is_help=False)

Id = Annotated[str, typer.Argument(metavar="ID", help="The id of the message, from the list.")]


@listing(app)
def messages(
    context: typer.Context,
    state: Annotated[MessageState | None, typer.Option("--state", help="Only messages in this state.")] = None,
    recipient: Annotated[
        str | None, typer.Option("--recipient", metavar="E-MAIL", help="Only messages to this address.")
    ] = None,
    limit: Limit = ROWS_SHOWN,
    json: Json = False,
) -> None:
    """List e-mails, sent or not.

    In every state unless you filter. Use resend or mark-sent to decide about one that may not have arrived.
    """
    if context.invoked_subcommand is not None:
        return
    from views.messages import MessageView
    from views.messages import messages as find

    with looking() as session:
        found = find(session, state=state, recipient=recipient)
        show_views(found, MessageView, "no messages", json, limit)


@command(app)
def resend(
    message_id: Id,
    recipient: Annotated[
        str | None,
        typer.Option("--to", metavar="E-MAIL", help="Send it to this address instead, if it had none or a wrong one."),
    ] = None,
    as_at: AsAt = None,
    by: By = None,
    json: Json = False,
) -> None:
    """Send a message again.

    For a message that is uncertain, dead or withheld. It keeps its Message-ID. If nobody knows whether it arrived, it
    says that it may be a repeat. The next tick sends it.
    """
    from notifications.outbox.decisions import resend as send_again

    def decide(session: "Session", when: datetime) -> None:
        send_again(session, message_id, actor_of(by), when, recipient)

    settle(message_id, as_at, json, decide)


@command(app, "mark-sent")
def mark_sent(message_id: Id, as_at: AsAt = None, by: By = None, json: Json = False) -> None:
    """Confirm that a message arrived.

    A message that is uncertain, dead or withheld then counts as sent and is not sent again.
    """
    from notifications.outbox.decisions import mark_sent as take_as_sent

    def decide(session: "Session", when: datetime) -> None:
        take_as_sent(session, message_id, actor_of(by), when)

    settle(message_id, as_at, json, decide)


@command(app)
def doubt(sent_until: SentUntil = None, by: By = None, json: Json = False) -> None:
    """Mark as uncertain what may have been sent, after a restore.

    Only for a record that PostgreSQL's own programs restored: mappa restore does this for you. Raises what was due
    until then, sends nothing, and marks as uncertain what may have been sent.
    """
    from models.clock import now
    from service.open_record import open_ready_record
    from service.upkeep.doubts import doubt as doubt_outbox
    from views.messages import DoubtView

    when = now()
    done = doubt_outbox(open_ready_record(settings(), when), sent_until or when, when, actor_of(by))
    if json:
        print_view(DoubtView(sent_until=done.until, in_doubt=done.messages))
    else:
        tell_doubt(done.messages, done.until)


def settle(
    message_id: str, as_at: datetime | None, as_json: bool, decide: "Callable[[Session, datetime], None]"
) -> None:
    """Decide about one message in one transaction, and show where it then stands."""
    from service.open_record import open_ready_record
    from views.messages import settled

    when = as_at_or_now(as_at)
    with open_ready_record(settings(), when).writing() as session:
        decide(session, when)
        session.flush()
        found = settled(session, message_id)
    if as_json:
        print_view(found)
    else:
        say(f"message {message_id} is now {found.state}")
