"""People, their sentences, and the offences table."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base


class Person(Base):
    """A person known by a CRN. Names stay here: nothing outside the record carries them.

    ``merged_into_id``: somebody found that this is another person on record, under whom everything goes on.
    """

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    crn: Mapped[str] = mapped_column(String(7), unique=True)
    noms_number: Mapped[str | None] = mapped_column(String(7), index=True)
    pnc_number: Mapped[str | None] = mapped_column(String(13), index=True)
    surname: Mapped[str] = mapped_column(String(100))
    forenames: Mapped[str] = mapped_column(String(100))
    date_of_birth: Mapped[date] = mapped_column(index=True)
    sex: Mapped[str | None] = mapped_column(String(10))
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)

    sentences: Mapped[list["Sentence"]] = relationship(back_populates="person", order_by="Sentence.id")
    # Their type is told by ``Case.person``: named here, it would close a circle of imports.
    cases: Mapped[list[Any]] = relationship("Case", back_populates="person", order_by="Case.id")

    @property
    def standing(self) -> list["Sentence"]:
        """Return the sentences that nobody has withdrawn."""
        return [sentence for sentence in self.sentences if sentence.withdrawn_on is None]

    @hybrid_property
    def erased(self) -> bool:
        """Tell whether the data of this person were erased: what then stands for the CRN begins with no letter."""
        return self.crn.startswith("-")


class Sentence(Base):
    """One sentence, order or caution, as the sentences file gives it (dates are days, no zone).

    A sentence is known by person, offence code, sentence date and offence date ("" where it is missing).
    ``identify_at`` is the moment since which the identification flow owes it a look; None once done.
    ``identifying_agency``: whose duty identification is; None: the lead agency's.
    ``notification_ended_on``: notification without an end was ended by a review. ``questions``: what a person must
    decide, each [category or null, words]; None where nothing waits. ``decisions``: what people decided, the oldest
    first, each {category, about, until, no_end, reason, on} (``policy.categories.Decision``). ``withdrawn_on``: it was
    told in error, and belongs to no case any more.
    """

    __tablename__ = "sentence"
    __table_args__ = (
        UniqueConstraint("person_id", "offence_code", "sentence_date", "offence_date_key"),
        Index(
            "ix_sentence_identify_at",
            "identify_at",
            sqlite_where=text("identify_at IS NOT NULL"),
            postgresql_where=text("identify_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"), index=True)
    area: Mapped[str] = mapped_column(String(60), index=True)
    unit: Mapped[str | None] = mapped_column(String(80))
    lead_agency: Mapped[str] = mapped_column(String(40))
    identifying_agency: Mapped[str | None] = mapped_column(String(40))
    offender_manager: Mapped[str | None] = mapped_column(String(120))
    offender_manager_email: Mapped[str | None] = mapped_column(String(254))
    line_manager_email: Mapped[str | None] = mapped_column(String(254))
    police_offender_manager: Mapped[str | None] = mapped_column(String(120))
    police_offender_manager_email: Mapped[str | None] = mapped_column(String(254))
    offence_code: Mapped[str] = mapped_column(String(12))
    offence_description: Mapped[str | None] = mapped_column(String(300))
    offence_date: Mapped[date | None]
    offence_date_key: Mapped[str] = mapped_column(String(10), default="")
    offender_age_at_offence: Mapped[int | None]
    victim_age: Mapped[int | None]
    disposal: Mapped[str] = mapped_column(String(30))
    restriction_order: Mapped[bool] = mapped_column(default=False)
    term_months: Mapped[int | None]
    total_term_months: Mapped[int | None]
    sentence_date: Mapped[date]
    conditional_release_date: Mapped[date | None]
    automatic_release_date: Mapped[date | None]
    parole_eligibility_date: Mapped[date | None]
    approved_parole_date: Mapped[date | None]
    hdc_approved_date: Mapped[date | None]
    post_recall_release_date: Mapped[date | None]
    licence_expiry_date: Mapped[date | None]
    sentence_expiry_date: Mapped[date | None]
    top_up_supervision_expiry_date: Mapped[date | None]
    order_end_date: Mapped[date | None]
    location: Mapped[str | None] = mapped_column(String(12))
    prison: Mapped[str | None] = mapped_column(String(80))
    rosh_level: Mapped[str | None] = mapped_column(String(12))
    victim_contact: Mapped[bool] = mapped_column(default=False)
    notification_order: Mapped[bool] = mapped_column(default=False)
    shpo: Mapped[bool] = mapped_column(default=False)
    shpo_end_date: Mapped[date | None]
    notification_ended_on: Mapped[date | None]

    # What the last file told, to know what the next one tells anew.
    as_told: Mapped[dict[str, Any] | None] = mapped_column(deferred=True)
    loaded_at: Mapped[datetime]
    identify_at: Mapped[datetime | None]
    identified_on: Mapped[date | None]
    outcome: Mapped[str | None] = mapped_column(String(20))
    outcome_reason: Mapped[str | None] = mapped_column(String(500))
    questions: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    decisions: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    withdrawn_on: Mapped[date | None]
    withdrawn_because: Mapped[str | None] = mapped_column(String(500))

    person: Mapped[Person] = relationship(back_populates="sentences")
