"""Of which version the schema of a record is, beside the one that this version of the program wants."""

from functools import cache
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from policy.errors import UnavailableError

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"


class OtherSchemaError(UnavailableError):
    """The program and the schema of the record are of different versions: no case's fault, and no try helps."""


@cache
def newest_migration() -> str:
    """Return the revision the newest migration leads to."""
    return max(path.name.split("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def refuse_other_schema(found: str | None) -> None:
    """Raise ``OtherSchemaError`` where the schema of a record is another than the one wanted: say which is older.

    ``found``: its revision; None where there is no record.
    """
    wanted = newest_migration()
    if found is None or found == wanted:
        return
    if found > wanted:
        raise OtherSchemaError(
            f"this program is older than the record: the record was upgraded to schema {found}, and this program "
            f"knows schemas up to {wanted}",
            to_do="nothing was changed. Install here the version of mappa that upgraded the record, and start it; all "
            "programs on one record must be of one version",
        )
    raise OtherSchemaError(
        f"the record is older than this program: its schema is {found}, and this program works with {wanted}",
        to_do="nothing was changed. Stop every program on the record, make a backup, and start this one again: it "
        "upgrades the record at its start",
    )


def schema_of(connection: Connection) -> str | None:
    """Return the version of the schema that a connection finds; none where there is no record yet."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return version
