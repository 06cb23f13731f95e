"""The day in Europe/London of a moment, worked out inside the database."""

from datetime import date
from typing import Any

from sqlalchemy import Date
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction


class london_day(GenericFunction[date]):  # noqa: N801  it is called as functions of SQL are
    """The day in Europe/London of a moment that the record keeps in UTC."""

    type = Date()
    inherit_cache = True


@compiles(london_day, "postgresql")
def on_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    """Let PostgreSQL look it up in its own table of time zones."""
    (moment,) = element.clauses
    return f"CAST(timezone('Europe/London', {compiler.process(moment, **options)}) AS DATE)"


@compiles(london_day, "sqlite")
def on_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    """Add the hour of summer time, between 01:00 UTC on the last Sundays of March and October.

    SQLite knows no time zones. Source: The Summer Time Order 2002.
    """
    (moment,) = element.clauses
    text = compiler.process(moment, **options)
    begins, ends = (f"datetime(strftime('%Y', {text}) || '-{month}-25', 'weekday 0', '+1 hour')"
                    for month in ("03", "10"))  # fmt: skip
    summer = f"datetime({text}) >= {begins} AND datetime({text}) < {ends}"
    return f"date({text}, CASE WHEN {summer} THEN '+1 hour' ELSE '+0 hours' END)"
