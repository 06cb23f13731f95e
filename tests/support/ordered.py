"""What makes the order of a query's rows its own, and not the database's: found from the statement that is run.

Two databases put NULL at different ends, and give rows that tie in the order in which they happen to lie. So a query
that asks for an order must end it in a unique key and say where NULL goes; one that takes the first of several must
ask for an order. Text is not looked at here: its columns are compared by code point on both.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Index, Select, Table, UniqueConstraint
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import BinaryExpression, BooleanClauseList, ColumnClause, Label, UnaryExpression
from sqlalchemy.sql.selectable import Exists, FromGrouping, Join, ScalarSelect

from models import Base

Column = tuple[str, str]
"""A column by the name of its table (or alias) and its own."""
NULLS_SAID = {operators.nulls_first_op, operators.nulls_last_op}
NEVER_OF_NULL = {operators.eq, operators.le, operators.lt, operators.ge, operators.gt, operators.in_op,
                 operators.is_not, operators.ne}  # fmt: skip


def faults_of(statement: Any) -> Iterator[str]:
    """Yield what the order of a statement's rows leaves to the database; nothing where it is the statement's own."""
    if not isinstance(statement, Select):
        return
    asked = list(statement._order_by_clauses)
    if not asked and statement._limit_clause is None:
        return
    tables, conditions = sources(statement)
    if not any(getattr(table, "element", table) in Base.metadata.sorted_tables for table in tables):
        return
    fixed, equal, never_null = what_is_said(conditions)
    for one in asked:
        column, said = unwrapped(one)
        if column is not None and may_be_null(column) and not said and named(column) not in never_null:
            yield f"NULL of {'.'.join(named(column))} may come first or last: say which"
    ordered = {named(column) for column, _ in map(unwrapped, asked) if column is not None}
    known = determined(fixed | ordered, equal, tables)
    wanted = list(statement._group_by_clauses) or list(statement.selected_columns)
    loose = sorted({".".join(one) for one in columns_in(wanted) if one not in known})
    if loose:
        yield f"rows that tie may come in any order: {', '.join(loose)} is not settled by the order"


def sources(statement: "Select[Any]") -> tuple[list[Any], list[Any]]:
    """Return the tables a statement reads, each under its name there, and the conditions on their rows."""
    tables: list[Any] = []
    conditions: list[Any] = list(statement._where_criteria)
    waiting = list(statement.get_final_froms())
    while waiting:
        one = waiting.pop()
        if isinstance(one, Join):
            waiting += [one.left, one.right]
            conditions.append(one.onclause)
        elif isinstance(one, FromGrouping):
            waiting.append(one.element)
        else:
            tables.append(one)
    return tables, conditions


def what_is_said(conditions: Iterable[Any]) -> tuple[set[Column], list[tuple[Column, Column]], set[Column]]:
    """Return the columns that have one value, the pairs that are equal, and the columns that are not NULL."""
    fixed: set[Column] = set()
    equal: list[tuple[Column, Column]] = []
    never_null: set[Column] = set()
    for one in flat(conditions):
        if not isinstance(one, BinaryExpression):
            continue
        both = [side for side in (one.left, one.right) if isinstance(side, ColumnClause)]
        if one.operator in NEVER_OF_NULL:
            never_null |= {named(column) for column in both}
        if one.operator is operators.eq and len(both) == 2:
            equal.append((named(both[0]), named(both[1])))
        elif both and one.operator is operators.eq:
            fixed.add(named(both[0]))
        elif both and one.operator is operators.is_:
            fixed |= {named(both[0]), is_null(named(both[0]))}
    return fixed, equal, never_null


def flat(conditions: Iterable[Any]) -> Iterator[Any]:
    """Yield the conditions that all hold."""
    for one in conditions:
        if isinstance(one, BooleanClauseList) and one.operator is operators.and_:
            yield from flat(one.clauses)
        elif one is not None:
            yield one


def determined(known: set[Column], equal: Sequence[tuple[Column, Column]], tables: Iterable[Any]) -> set[Column]:
    """Return every column that has one value once the known ones have: by equality, and by the keys of tables."""
    found = set(known)
    while True:
        before = len(found)
        for left, right in equal:
            if left in found or right in found:
                found |= {left, right}
        for table in tables:
            name = table.name
            if any(all((name, part) in found for part in key) for key in keys_of(table)):
                found |= {(name, column.key) for column in table.c}
        if len(found) == before:
            return found


def keys_of(table: Any) -> Iterator[tuple[str, ...]]:
    """Yield the unique keys of a table (or of what stands for one under another name) that are never NULL."""
    base = getattr(table, "element", table)
    if isinstance(base, Select):
        yield tuple(name for _, name in columns_in(base._group_by_clauses))
        return
    if not isinstance(base, Table):
        return
    yield tuple(column.key for column in base.primary_key)
    constraints: list[UniqueConstraint | Index] = [one for one in base.constraints if isinstance(one, UniqueConstraint)]
    indexes = [one for one in base.indexes if one.unique]
    for one in (*constraints, *indexes):
        if not any(column.nullable for column in one.columns):
            yield (*(column.key for column in one.columns), *some_rows_only(one))


def some_rows_only(one: UniqueConstraint | Index) -> Iterator[str]:
    """Yield the condition under which a key is unique, where it is so among some rows only: "x IS NULL"."""
    if isinstance(one, Index) and (where := one.dialect_options["sqlite"].get("where")) is not None:
        yield str(where)


def is_null(column: Column) -> Column:
    """Return what stands for a column's being NULL among the columns with one value."""
    return (column[0], f"{column[1]} IS NULL")


def unwrapped(asked: Any) -> tuple[Any, bool]:
    """Return the column that is ordered by (none for a constant), and whether the place of NULL is said."""
    said = False
    while isinstance(asked, UnaryExpression | Label):
        said = said or getattr(asked, "modifier", None) in NULLS_SAID
        asked = asked.element
    return (asked if isinstance(asked, ColumnClause) else None), said


def may_be_null(column: Any) -> bool:
    """Tell whether a column may be NULL in its table."""
    return bool(getattr(column, "nullable", False)) and not getattr(column, "primary_key", False)


def named(column: Any) -> Column:
    """Return a column by its table and name."""
    return (getattr(column.table, "name", ""), column.key)


def columns_in(expressions: Iterable[Any]) -> Iterator[Column]:
    """Yield the columns that expressions read."""
    waiting = list(expressions)
    while waiting:
        part = waiting.pop()
        if isinstance(part, ColumnClause):
            if part.table is not None:
                yield named(part)
        elif not isinstance(part, ScalarSelect | Exists):
            waiting += part.get_children()
