"""Messages: the e-mails of the outbox, and what a person decided about one."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from casework.facts.querying import given
from models.cases import Case
from models.obligations import Message, Prompt, Timescale
from policy.addresses import normal
from policy.letters import MessageKind
from policy.vocabulary import MessageState
from views.model import LEFT_OUT, Found, Moment, View, equal
from views.prompts import PromptView, prompts_by_message


class MessageView(View, title="Message"):
    """One e-mail to one recipient, with the prompts it carries."""

    id: str = Field(description="The message's id.")
    kind: MessageKind = Field(description="`digest` and `escalation` gather prompts; any other is a letter.")
    recipient: str = Field(description="The address.", examples=["opal@prison.example"])
    subject: str = Field(description="The subject of the e-mail.")
    state: MessageState = Field(description="Where it stands in the outbox.")
    reason: str | None = Field(description="Why it stands where it stands; null where there is nothing to say.")
    created_at: Moment = Field(description="When it was written to the outbox.")
    sent_at: Moment | None = Field(description="When it left; null before.")
    prompts: Annotated[list[PromptView], LEFT_OUT] = Field(description="The prompts it carries.")


class SettledMessageView(View, title="What a person decided about a message"):
    """Where a message stands after a decision."""

    id: str = Field(description="The message's id.")
    state: MessageState = Field(description="Where it stands now.")


class DoubtView(View, title="What is in doubt after a restore"):
    """How many messages may have left after the backup was made."""

    sent_until: Moment | None = Field(description="The last moment at which mail may have left.")
    in_doubt: int = Field(description="How many messages are uncertain now.")


def messages(
    session: Session, *conditions: ColumnElement[bool], state: str | None = None, recipient: str | None = None
) -> Iterator[MessageView]:
    """Yield messages by the moment they were written and id, each with its prompts."""
    query = given(
        select(
            Message.id,
            Message.kind,
            Message.recipient,
            Message.subject,
            Message.state,
            Message.reason,
            Message.created_at,
            Message.sent_at,
        ).order_by(Message.created_at, Message.id),
        equal(Message.state, state),
        None if recipient is None else func.lower(Message.recipient) == normal(recipient),
        *conditions,
    )
    return Found(session, query, partial(message_views, session))


def message_views(session: Session, rows: Sequence[Any]) -> Iterator[MessageView]:
    """Yield the messages of some rows, each with its prompts."""
    carried = prompts_by_message(session, [row.id for row in rows])
    for row in rows:
        yield MessageView(**row._mapping, prompts=carried[row.id])


def messages_about(session: Session, reference: str) -> Iterator[MessageView]:
    """Yield the messages that carry a prompt of a case, each with those of this case alone."""
    of_case = (
        select(Prompt.message_id)
        .join(Timescale, Timescale.id == Prompt.timescale_id)
        .join(Case, Case.id == Timescale.case_id)
        .where(Case.reference == reference)
    )
    for message in messages(session, Message.id.in_(of_case)):
        prompts = [prompt for prompt in message.prompts if prompt.case == reference]
        yield message.model_copy(update={"prompts": prompts})


def settled(session: Session, message_id: str) -> SettledMessageView:
    """Return where a message stands."""
    state = session.scalars(select(Message.state).where(Message.id == message_id)).one()
    return SettledMessageView(id=message_id, state=MessageState(state))
