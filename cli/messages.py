"""``mappa messages``: the outbox, and what a person may do with a message of unknown fate."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from cli.look import looking, show_views
from cli.maintain import SentUntil, tell_doubt
from cli.options import AsAt, By, Json, Limit, actor_of, as_at_or_now, command, group, listing, settings
from policy.vocabulary import MessageState
from service.output import ROWS_SHOWN, print_view, print_views, say

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

app = group("List e-mails, or decide about one.", no_args_is_help=False)

OneId = Annotated[
    str | None, typer.Argument(metavar="ID", help="The id of the message, from the list; or choose by --state.")
]
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
    message_id: OneId = None,
    recipient: Annotated[
        str | None,
        typer.Option("--to", metavar="E-MAIL", help="Send it to this address instead, if it had none or a wrong one."),
    ] = None,
    state: Annotated[
        MessageState | None, typer.Option("--state", help="Send again every message in this state, instead of one.")
    ] = None,
    of_recipient: Annotated[
        str | None, typer.Option("--recipient", metavar="E-MAIL", help="With --state: only those to this address.")
    ] = None,
    reason: Annotated[
        str | None,
        typer.Option("--reason", metavar="TEXT", help="With --state: only those with this in the reason."),
    ] = None,
    as_at: AsAt = None,
    by: By = None,
    json: Json = False,
) -> None:
    """Send a message again, or every one in a state.

    For messages that are uncertain, dead or withheld. Each keeps its Message-ID. If nobody knows whether it
    arrived, it says that it may be a repeat. The next tick sends them, escalations first.
    """
    from notifications.outbox.decisions import resend as send_again

    if message_id is None:
        resend_by_state(state, recipient, of_recipient, reason, as_at, by, json)
        return
    if state is not None or of_recipient is not None or reason is not None:
        raise typer.BadParameter("give the id of one message, or --state with what to choose by; not both")

    def decide(session: "Session", when: datetime) -> None:
        send_again(session, message_id, actor_of(by), when, recipient)

    settle(message_id, as_at, json, decide)


def resend_by_state(
    state: MessageState | None,
    to: str | None,
    recipient: str | None,
    reason: str | None,
    as_at: datetime | None,
    by: str | None,
    as_json: bool,
) -> None:
    """Send again every message in a state, in one transaction, and say how many that are."""
    from notifications.outbox.decisions import resend_all
    from service.open_record import open_ready_record
    from views.messages import settled

    if state is None:
        raise typer.BadParameter("give the id of a message, or --state: dead, uncertain or withheld")
    if to is not None:
        raise typer.BadParameter("--to gives one message its address: name the message")
    when = as_at_or_now(as_at)
    with open_ready_record(settings(), when).writing() as session:
        ids = resend_all(session, state, actor_of(by), when, recipient, reason)
        session.flush()
        found = [settled(session, one) for one in ids]
    if as_json:
        print_views(found)
    else:
        say(f"{len(found):,} {'message is' if len(found) == 1 else 'messages are'} now retry")


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
