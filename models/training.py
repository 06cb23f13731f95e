"""Who has been trained to manage the people under MAPPA, and when."""

from datetime import date, datetime

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Training(Base):
    """One course that a police offender manager has taken: the MOSAVO course, or an equivalent that ``course`` names.

    An officer is an address, as on the cases they manage. Source: joint inspection 2015, 6.37.
    """

    __tablename__ = "training"
    __table_args__ = (UniqueConstraint("area", "email", "trained_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    area: Mapped[str] = mapped_column(String(60))
    email: Mapped[str] = mapped_column(String(254))
    trained_on: Mapped[date]
    name: Mapped[str] = mapped_column(String(120))
    course: Mapped[str | None] = mapped_column(String(120))
    loaded_at: Mapped[datetime]
