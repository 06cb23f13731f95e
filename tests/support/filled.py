"""A record that an earlier program had filled, put into an empty one of its schema on either database.

``recorded/record_at_0006.jsonl.gz`` has a line a row, [table, {column: value}], without what is NULL. It was written
by the program of commit 89cb1f7: a case that had one of everything and was erased, one with an open case, and an
invented area of which two months were simulated.
"""

import gzip
import json
import sqlite3
from typing import Any

import orjson
import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from tests.support.recorded import RECORDED

RECORD = RECORDED / "record_at_0006.jsonl.gz"
PROMPTED_LATER = RECORDED / "prompted_on_it_later.csv"
REVISION = "0006"
Rows = dict[str, list[dict[str, Any]]]


def recorded_rows() -> Rows:
    """Return the rows of each table."""
    rows: Rows = {}
    with gzip.open(RECORD, "rt", encoding="utf-8") as lines:
        for line in lines:
            table, row = json.loads(line)
            rows.setdefault(table, []).append(row)
    return rows


def fill(url: str) -> Rows:
    """Put the rows into an empty database that is at ``REVISION``, and return them."""
    rows = recorded_rows()
    if url.startswith("sqlite"):
        fill_sqlite(url, rows)
    else:
        fill_postgresql(url, rows)
    return rows


def fill_sqlite(url: str, rows: Rows) -> None:
    """Insert on SQLite, where JSON is text and nothing looks at foreign keys unless asked to."""
    connection = sqlite3.connect(make_url(url).database or "")
    for table, its_rows in rows.items():
        for row in its_rows:
            columns = ", ".join(f'"{name}"' for name in row)
            values = [orjson.dumps(v).decode() if isinstance(v, dict | list) else v for v in row.values()]
            connection.execute(f'INSERT INTO "{table}" ({columns}) VALUES ({", ".join("?" * len(row))})', values)
    connection.commit()
    connection.close()


def fill_postgresql(url: str, rows: Rows) -> None:
    """Insert on PostgreSQL, which reads each value as its column wants it, and go on counting after what is there."""
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, options="-c session_replication_role=replica -c timezone=UTC") as connection:
        for table, its_rows in rows.items():
            insert = sql.SQL("INSERT INTO {0} SELECT * FROM json_populate_recordset(NULL::{0}, %s)")
            connection.execute(insert.format(sql.Identifier(table)), [orjson.dumps(its_rows).decode()])
            if isinstance(its_rows[0].get("id"), int):
                newest = max(row["id"] for row in its_rows)
                count_on = "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)"
                connection.execute(count_on, [f'"{table}"', newest])
