"""The training file: which police offender managers have taken the MOSAVO course, or an equivalent, and when.

Source: joint inspection 2015, 6.37: every police offender manager should have taken it, or an equivalent.
"""

from collections.abc import Collection, Mapping
from functools import partial
from typing import Any

from casework.loading.as_written import AREA
from casework.loading.cells import Words, email_address, iso_day
from casework.loading.columns import Column, Columns, Reader
from casework.loading.kept_rows import WITHDRAWN, Key, KindOfRow, load_rows
from models.training import Training
from policy.addresses import normal
from policy.texts import plain


def columns(_: Collection[str] = (), area: Reader = AREA) -> Columns:
    """Return the columns; ``area`` reads the name of an area."""
    return Columns(
        Column("area", area, required=True, about="The MAPPA area."),
        Column("email", email_address, required=True, about="The officer's address, as their cases have it."),
        Column("date", iso_day, required=True, about="The day on which the course ended."),
        Column("name", Words(120), required=True, about="The officer's name."),
        Column("course", Words(120), about="What it was, where it was not the MOSAVO course itself."),
        WITHDRAWN,
    )


def key_of(values: Mapping[str, Any]) -> Key:
    """Return what tells one training from another: area, officer, day."""
    return plain(values["area"]), normal(values["email"]), values["date"]


TRAINING = KindOfRow(
    file="training",
    what="training",
    table=Training,
    names={"area": "area", "email": "email", "date": "trained_on", "name": "name", "course": "course"},
    known_by=("area", "email", "date"),
    key=key_of,
    chain="training",
    columns=columns,
)
load_training = partial(load_rows, TRAINING)
