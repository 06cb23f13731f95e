"""Who manages cases for the police and who is trained to."""

from collections.abc import Iterator
from datetime import date

from pydantic import Field
from sqlalchemy.orm import Session

from figures.board.training import officers
from models.record import policies
from policy.board import TrainingGap, training_gap
from views.areas import areas
from views.model import View


class TrainingView(View, title="Training of a police offender manager"):
    """Somebody who manages open cases for the police, or has taken the MOSAVO course or an equivalent."""

    area: str = Field(description="The MAPPA area.", examples=["London"])
    email: str = Field(description="The officer's address, in small letters.", examples=["priya@police.example"])
    name: str = Field(description="The officer's name; empty where none is on record.", examples=["Priya Example"])
    cases: int = Field(description="How many open cases they manage.")
    trained_on: date | None = Field(description="The last training on record; null where there is none.")
    gap: TrainingGap | None = Field(
        description="`untrained`: there is none on record; `overdue`: it is longer ago than the policy allows; null: "
        "nothing is missing, or they manage no open case."
    )


def training(session: Session, area: str | None, today: date, *, only_gaps: bool = False) -> Iterator[TrainingView]:
    """Yield who manages open cases for the police, by area and address; ``only_gaps``: those whose training lacks."""
    book = policies(session)
    for of in areas(session) if area is None else [area]:
        years = book.for_area(of, today).board.training_years
        for one in officers(session, of, today):
            gap = training_gap(one.trained_on, today, years) if one.cases else None
            if gap or not only_gaps:
                yield TrainingView(area=of, email=one.email, name=one.name, cases=one.cases,
                                   trained_on=one.trained_on, gap=gap)  # fmt: skip
