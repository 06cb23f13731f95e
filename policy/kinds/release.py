"""Before a person leaves custody: the prison's notice, the referral and the level."""

from policy.kinds.spec import About, AtClosure, Kind, KindSpec
from policy.roles import Role
from policy.vocabulary import FactKind


class Release(Kind):
    """What is due before somebody leaves custody."""

    PRISON_NOTICE = KindSpec(
        name="prison_notice",
        title="Prison notice",
        heading="Prison notice",
        short="prison notice",
        to_do="Tell the offender manager the release or parole eligibility date, then have the notice recorded.",
        undone="the prison has not given its notice",
        chase="Ask the prison for the release or parole eligibility date, then record the notice.",
        done="The prison gave its notice.",
        place=270,
        owner=Role.PRISON_OFFENDER_MANAGEMENT,
        owner_agency="prison",
        at_closure=AtClosure.ENDS,
        about=About.CASE,
        derived_from=("sentences", FactKind.RELEASE_DATE, FactKind.CUSTODY_EVENT),
        answered_by=(FactKind.PRISON_NOTICE,),
        source="Joint inspection 2015, 6.39",
    )
    REFERRAL = KindSpec(
        name="referral",
        title="Referral (MAPPA A)",
        heading="Referral (MAPPA A)",
        short="referral",
        to_do="Complete the referral (MAPPA A), ask your line manager to countersign it, then send it to the MAPPA "
        "coordinator.",
        undone="no referral (MAPPA A) has been received",
        chase="Make sure the offender manager refers the case, or tells the MAPPA coordinator what is in the way.",
        done="The referral was received.",
        place=100,
        owner=Role.OFFENDER_MANAGER,
        owner_agency="lead_agency",
        at_closure=AtClosure.ENDS,
        about=About.CASE,
        derived_from=("sentences", FactKind.RELEASE_DATE, FactKind.CUSTODY_EVENT),
        answered_by=(FactKind.REFERRAL,),
        source="Joint inspection 2015, 4.11 and 6.39",
    )
    LEVEL_SETTING = KindSpec(
        name="level_setting",
        title="Level of management",
        heading="Level to set",
        short="level",
        to_do="Decide at which level the case will be managed after release, then record it.",
        undone="no level of management has been set",
        chase="Make sure the level is decided and recorded.",
        done="The level was set.",
        place=150,
        owner=Role.COORDINATOR,
        owner_agency="mappa_unit",
        at_closure=AtClosure.ENDS,
        about=About.CASE,
        derived_from=("sentences", FactKind.RELEASE_DATE, FactKind.CUSTODY_EVENT),
        answered_by=(FactKind.LEVEL, FactKind.SCREENING, FactKind.MEETING),
        source="Joint inspection 2015, 4.10",
    )
