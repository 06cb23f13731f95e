"""one normal form: addresses without capitals; entries of the directory that are one become one, the newest stands."""

import sqlalchemy as sa
from alembic import op

from policy.texts import plain

revision = '0016'
down_revision = '0015'
COLUMNS = (
    ('case', 'offender_manager_email'),
    ('case', 'line_manager_email'),
    ('case', 'police_offender_manager_email'),
    ('sentence', 'offender_manager_email'),
    ('sentence', 'line_manager_email'),
    ('sentence', 'police_offender_manager_email'),
    ('disclosure', 'discloser_email'),
    ('meeting', 'chair_email'),
    ('participant', 'email'),
    ('absence', 'contact_email'),
    ('action', 'owner_email'),
    ('referral', 'referrer_email'),
    ('pause', 'paused_by_email'),
    ('area_transfer', 'receiver_email'),
    ('message', 'recipient'),
)


def upgrade() -> None:
    connection = op.get_bind()
    one_entry_each(connection)
    gathered_alike(connection)
    for name, column in COLUMNS:
        table = sa.table(name, sa.column(column))
        address = table.c[column]
        connection.execute(table.update().where(address != sa.func.lower(address)).values({column: sa.func.lower(address)}))
    prompts(connection)
    people_named(connection)


def one_entry_each(connection: sa.Connection) -> None:
    """Keep the newest of the entries that are one in their normal form, with its address in that form."""
    names = ('id', 'area', 'agency', 'unit', 'role', 'email')
    entry = sa.table('directory_entry', *map(sa.column, names))
    newest: dict[tuple[str, ...], int] = {}
    gone = []
    rows = connection.execute(sa.select(*entry.c).order_by(entry.c.id)).all()
    for row in rows:
        key = (row.area, row.agency, plain(row.unit), row.role, row.email.lower())
        if key in newest:
            gone.append(newest[key])
        newest[key] = row.id
    for number in gone:
        connection.execute(entry.delete().where(entry.c.id == number))
    lower = sa.func.lower(entry.c.email)
    connection.execute(entry.update().where(entry.c.email != lower).values(email=lower))


def gathered_alike(connection: sa.Connection) -> None:
    """Let what waits for one mailbox gather under one key, where no other message has it."""
    message = sa.table('message', *map(sa.column, ('id', 'recipient', 'gather_key', 'state')))
    waiting = message.c.state.in_(('pending', 'retry', 'claimed', 'uncertain'))
    odd = sa.and_(message.c.gather_key.is_not(None), message.c.recipient != sa.func.lower(message.c.recipient))
    for row in connection.execute(sa.select(*message.c).where(waiting, odd).order_by(message.c.id)).all():
        key = row.gather_key.replace(row.recipient, row.recipient.lower())
        if not connection.scalar(sa.select(message.c.id).where(message.c.gather_key == key)):
            connection.execute(message.update().where(message.c.id == row.id).values(gather_key=key))


def prompts(connection: sa.Connection) -> None:
    """Bring whom prompts went to into the normal form, but where one rung went to two spellings: both did go."""
    names = ('id', 'timescale_id', 'revision', 'rung', 'recipient')
    prompt, other = sa.table('prompt', *map(sa.column, names)), sa.table('prompt', *map(sa.column, names)).alias('other')
    lower = sa.func.lower(prompt.c.recipient)
    beside = sa.select(other.c.id).where(
        *(other.c[name] == prompt.c[name] for name in ('timescale_id', 'revision', 'rung')),
        sa.func.lower(other.c.recipient) == lower,
        sa.or_(other.c.id < prompt.c.id, sa.and_(other.c.id > prompt.c.id, other.c.recipient == lower)),
    )
    connection.execute(
        prompt.update().where(prompt.c.recipient != lower, ~sa.exists(beside)).values(recipient=lower)
    )


def people_named(connection: sa.Connection) -> None:
    """Bring the addresses of those whom facts name for a duty into the normal form."""
    timescale = sa.table('timescale', sa.column('id'), sa.column('named', sa.JSON(none_as_null=True)))
    rows = connection.execute(sa.select(*timescale.c).where(timescale.c.named.is_not(None))).all()
    changed = []
    for row in rows:
        told = {role: [[email.lower(), name] for email, name in people] for role, people in row.named.items()}
        if told != row.named:
            changed.append({'key': row.id, 'told': told})
    if changed:
        statement = timescale.update().where(timescale.c.id == sa.bindparam('key'))
        connection.execute(statement.values(named=sa.bindparam('told', type_=timescale.c.named.type)), changed)
