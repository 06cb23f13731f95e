"""From a sentence to a case: identification, and the record on ViSOR."""

from policy.kinds.spec import About, AtClosure, Kind, KindSpec
from policy.roles import Role
from policy.vocabulary import FactKind


class Identification(Kind):
    """What is due when somebody has been sentenced, or is managed by several agencies."""

    IDENTIFICATION = KindSpec(
        name="identification",
        title="Identification",
        heading="Identification",
        short="identification",
        to_do="Check the category and the lead agency, tell the MAPPA coordinator, then record the identification.",
        undone="the identification has not been recorded",
        chase="Make sure the identifying agency confirms the category and the lead agency, and records it.",
        done="The category was decided.",
        place=300,
        owner=Role.REPRESENTATIVE,
        owner_agency="lead_agency",
        at_closure=AtClosure.ENDS,
        about=About.SENTENCE,
        derived_from=("sentences",),
        answered_by=("sentences", FactKind.IDENTIFICATION),
        source="Joint inspection 2015, 4.1",
    )
    VISOR_RECORD = KindSpec(
        name="visor_record",
        title="Record on ViSOR",
        heading="Records to make or put right on ViSOR",
        short="ViSOR record",
        to_do="Make the record on ViSOR, or put it right: the lead agency and the level must be those of the case. "
        "Then record it.",
        undone="nobody has said that the record on ViSOR is there and right",
        chase="Make sure the police make the record on ViSOR, with the lead agency and the level of the case, and that "
        "somebody records it.",
        done="The record on ViSOR has the lead agency and the level of the case.",
        place=219,
        owner=Role.POLICE_OFFENDER_MANAGER,
        owner_agency="police",
        at_closure=AtClosure.ENDS,
        about=About.LEVEL,
        example="level 2 from 18 September 2026",
        derived_from=("sentences", FactKind.LEVEL, FactKind.SCREENING, FactKind.MEETING),
        answered_by=(FactKind.VISOR_RECORD,),
        source="Joint inspection 2015, 2.12, 4.15 and 5.29; category 2 at level 1: 4.10, where the area asks for it",
    )
