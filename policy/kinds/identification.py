"""From a sentence to a case: identification."""

from policy.kinds.spec import About, AtClosure, Kind, KindSpec
from policy.roles import Role
from policy.vocabulary import FactKind


class Identification(Kind):
    """What is due when somebody has been sentenced."""

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
