"""The offences table."""

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Offence(Base):
    """One entry of an offence code in Schedule 3 (SOA 2003) or 15 (CJA 2003); schedule "none": in neither."""

    __tablename__ = "offence"
    __table_args__ = (UniqueConstraint("offence_code", "schedule", "part", "paragraph"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    offence_code: Mapped[str] = mapped_column(String(12))
    schedule: Mapped[str] = mapped_column(String(4))
    part: Mapped[str] = mapped_column(String(4), default="")
    paragraph: Mapped[str] = mapped_column(String(12), default="")
    description: Mapped[str | None] = mapped_column(String(300))
