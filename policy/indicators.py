"""The indicators of how the work is done: each one spec that says what is counted, of what, and by which rule.

Joint inspection 2015, 3.1 to 3.3: these are process measures, and a denominator is what was *required*, never what
happened to be asked for. Targets are numbers of the policy (``[indicators]``).
"""

from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from policy.kinds import Events, Identification, Kind, Meetings, Plan, Release, Reviews, Screening
from policy.parts import Part, Status
from policy.specs import Spec, SpecError, Specified, Text


class Reads(StrEnum):
    """Which rows of the record an indicator is counted from."""

    DUTIES = "timescales"
    DUTIES_OF_MEETINGS = "timescales of a meeting"
    DUTIES_OF_ACTIONS = "timescales of an action"
    REFERRALS = "referrals received"
    ACTIONS = "actions closed"
    DISCLOSURE = "records of meetings"
    ATTENDANCE = "lists of meetings"
    CONTINUITY = "lists of two meetings"
    BOARD = "meetings of the board"


class Share(StrEnum):
    """Which part of the agencies of a meeting an indicator counts."""

    ATTENDED_OF_REQUIRED = "attended of required"
    INVITED_OF_REQUIRED = "invited of required"
    ATTENDED_OF_INVITED = "attended of invited"


OF_TIMESCALES = (Reads.DUTIES, Reads.DUTIES_OF_MEETINGS, Reads.DUTIES_OF_ACTIONS)


class IndicatorSpec(Spec):
    """An indicator: a share of what was due or held in a period.

    ``title``: its name. ``of``: what is counted as due, each on the day that puts it into a period. ``counts``: which
    of these count. ``agency``: whose figure it is. ``reads``: the rows it is counted from. ``kind``: the kind of
    timescale, where it reads timescales; ``not_about``: how the subject of those begins that are not meant. ``share``
    and ``of_agency``: which part of the agencies at meetings. ``paused``: how a pause counts. ``source``: where its
    rule stands.
    """

    title: Text
    of: Text
    counts: Text
    agency: Text
    reads: Reads
    kind: Kind | None = None
    not_about: str = ""
    share: Share | None = None
    of_agency: str = ""
    paused: str = ""
    source: Text

    @model_validator(mode="after")
    def reads_what_it_names(self) -> Self:
        """Refuse an indicator of timescales without their kind, and one of attendance without its share."""
        if (self.kind is not None) is not (self.reads in OF_TIMESCALES):
            raise SpecError(f"IndicatorSpec {self.name!r}: kind: one that reads timescales names theirs, no other does")
        if bool(self.paused) is not (self.kind is not None):
            raise SpecError(f"IndicatorSpec {self.name!r}: paused: one that reads timescales says how a pause counts")
        if (self.share is not None) is not (self.reads is Reads.ATTENDANCE):
            raise SpecError(f"IndicatorSpec {self.name!r}: share: one that reads lists of meetings names it, no other")
        return self


IN_TIME = "Done on or before the due date"
PAUSED = "a pause holds back reminders and moves no due date: what is paused after its due date is not done"
OWNER = "the agency that has to do it"


class Indicator(Specified):
    """An indicator, in the order of a case's life."""

    spec: IndicatorSpec

    IDENTIFICATION = IndicatorSpec(
        name="identification",
        title="Identified within 3 days of sentence",
        of="Identifications due in the period, one for each sentence",
        counts=IN_TIME,
        agency=OWNER,
        reads=Reads.DUTIES,
        kind=Identification.IDENTIFICATION,
        paused=PAUSED,
        source="Joint inspection 2015, 4.1",
    )
    PRISON_NOTICE = IndicatorSpec(
        name="prison_notice",
        title="Prison notice 8 months before release",
        of="Prison notices due in the period, one for each time in custody",
        counts=IN_TIME,
        agency=OWNER,
        reads=Reads.DUTIES,
        kind=Release.PRISON_NOTICE,
        paused=PAUSED,
        source="Joint inspection 2015, 6.39",
    )
    PRISON_PARTNERED = IndicatorSpec(
        name="prison_partnered",
        title="Prison made partner on ViSOR",
        of="Partnerings due in the period, one each time another prison holds the person",
        counts=IN_TIME,
        agency=OWNER,
        reads=Reads.DUTIES,
        kind=Events.VISOR_PARTNER,
        paused=PAUSED,
        source="Joint inspection 2015, 5.35",
    )
    REFERRAL = IndicatorSpec(
        name="referral",
        title="Referred by 6 months before release",
        of="Referrals due in the period before a release; not those that a level 1 review asks for",
        counts="A complete referral was received on or before the due date",
        agency=OWNER,
        reads=Reads.DUTIES,
        kind=Release.REFERRAL,
        paused=PAUSED,
        not_about="review",
        source="Joint inspection 2015, 4.11 and 6.39",
    )
    REFERRAL_COMPLETE = IndicatorSpec(
        name="referral_complete",
        title="Referrals complete when received",
        of="Referrals received in the period; one that comes again counts again",
        counts="Nothing was missing when it was received",
        agency="the lead agency",
        reads=Reads.REFERRALS,
        source="Joint inspection 2015, 4.8",
    )
    SCREENING = IndicatorSpec(
        name="screening",
        title="Referrals screened within 10 days",
        of="Screening decisions due in the period, one for each complete referral",
        counts=IN_TIME,
        agency=OWNER,
        reads=Reads.DUTIES,
        kind=Screening.SCREENING_DECISION,
        paused=PAUSED,
        source="Joint inspection 2015, 4.8",
    )
    LEVEL_3_REVIEW = IndicatorSpec(
        name="level_3_review",
        title="Level 3 cases reviewed within 8 weeks",
        of="Level 3 review meetings due in the period",
        counts="The meeting was held on or before the due date",
        agency=OWNER,
        reads=Reads.DUTIES,
        kind=Reviews.LEVEL_3_REVIEW,
        paused=PAUSED,
        source="Joint inspection 2015, 3.1 and 5.1",
    )
    LEVEL_2_REVIEW = IndicatorSpec(
        name="level_2_review",
        title="Level 2 cases reviewed within 16 weeks",
        of="Level 2 review meetings due in the period",
        counts="The meeting was held on or before the due date",
        agency=OWNER,
        reads=Reads.DUTIES,
        kind=Reviews.LEVEL_2_REVIEW,
        paused=PAUSED,
        source="Joint inspection 2015, 3.1 and 5.1",
    )
    LEVEL_1_REVIEW = IndicatorSpec(
        name="level_1_review",
        title="Level 1 cases reviewed within 16 weeks",
        of="Level 1 reviews due in the period, one for the lead agency and one for the police",
        counts="The agency took part in a review on or before the due date",
        agency=OWNER,
        reads=Reads.DUTIES,
        kind=Reviews.LEVEL_1_REVIEW,
        paused=PAUSED,
        source="Joint inspection 2015, 4.9",
    )
    DISCLOSURE = IndicatorSpec(
        name="disclosure",
        title="Disclosure considered, with its reason",
        of="Level 2 and 3 meetings held in the period",
        counts="The record of the meeting has the decision on disclosure and its reason",
        agency="the MAPPA unit",
        reads=Reads.DISCLOSURE,
        source="Joint inspection 2015, 3.1 and 5.23",
    )
    MINUTES = IndicatorSpec(
        name="minutes",
        title="Minutes final on time",
        of="Minutes due in the period: 10 working days after a level 2 meeting, 5 after level 3",
        counts=IN_TIME,
        agency=OWNER,
        reads=Reads.DUTIES_OF_MEETINGS,
        kind=Meetings.MINUTES,
        paused=PAUSED,
        source="Joint inspection 2015, 5.37",
    )
    VISOR_POSTING = IndicatorSpec(
        name="visor_posting",
        title="Minutes on ViSOR on time",
        of="Postings to ViSOR due in the period, one for each meeting",
        counts=IN_TIME,
        agency=OWNER,
        reads=Reads.DUTIES_OF_MEETINGS,
        kind=Meetings.VISOR_POSTING,
        paused=PAUSED,
        source="Joint inspection 2015, 5.37",
    )
    ACTION = IndicatorSpec(
        name="action",
        title="Actions answered on time",
        of="Actions due in the period, by the date that the last meeting gave them",
        counts="Its outcome, or why it was not done, was recorded on or before the due date",
        agency=OWNER,
        reads=Reads.DUTIES_OF_ACTIONS,
        kind=Meetings.ACTION,
        paused=PAUSED,
        source="Joint inspection 2015, 5.11 and 5.12",
    )
    ACTION_OUTCOME = IndicatorSpec(
        name="action_outcome",
        title="Actions closed with an outcome",
        of="Actions closed in the period",
        counts="It was done, and its outcome is recorded",
        agency="the agency of its owner",
        reads=Reads.ACTIONS,
        source="Joint inspection 2015, 5.12",
    )
    PLAN_UPDATE = IndicatorSpec(
        name="plan_update",
        title="Plan updated after the meeting",
        of="Updates of the plan due in the period, one for each level 2 or 3 meeting",
        counts=IN_TIME,
        agency=OWNER,
        reads=Reads.DUTIES_OF_MEETINGS,
        kind=Plan.PLAN_UPDATE,
        paused=PAUSED,
        source="Joint inspection 2015, 4.19, 5.18 and 5.20",
    )
    VICTIM_LIAISON = IndicatorSpec(
        name="victim_liaison",
        title="Victim liaison present where there is a victim",
        of="Level 2 and 3 meetings held in the period for which victim liaison was required",
        counts="Somebody from victim liaison was there",
        agency="victim liaison",
        reads=Reads.ATTENDANCE,
        share=Share.ATTENDED_OF_REQUIRED,
        of_agency="victim_liaison",
        source="Joint inspection 2015, 5.26",
    )
    ATTENDANCE = IndicatorSpec(
        name="attendance",
        title="Required agencies that attended",
        of="Agencies required at level 2 and 3 meetings held in the period, each once a meeting",
        counts="Somebody from the agency was there; apologies with a report do not count",
        agency="the required agency",
        reads=Reads.ATTENDANCE,
        share=Share.ATTENDED_OF_REQUIRED,
        source="Joint inspection 2015, 3.3 and 5.4",
    )
    INVITATION = IndicatorSpec(
        name="invitation",
        title="Required agencies that were invited",
        of="Agencies required at level 2 and 3 meetings held in the period whose invitations are on record",
        counts="Somebody from the agency itself was invited",
        agency="the required agency",
        reads=Reads.ATTENDANCE,
        share=Share.INVITED_OF_REQUIRED,
        source="Joint inspection 2015, 3.3",
    )
    ATTENDANCE_INVITED = IndicatorSpec(
        name="attendance_invited",
        title="Invited agencies that attended",
        of="Agencies invited to level 2 and 3 meetings held in the period whose invitations are on record",
        counts="Somebody from the agency was there",
        agency="the invited agency",
        reads=Reads.ATTENDANCE,
        share=Share.ATTENDED_OF_INVITED,
        source="Joint inspection 2015, 3.3",
    )
    CONTINUITY = IndicatorSpec(
        name="continuity",
        title="Agencies represented by somebody who came last time",
        of="Agencies that attended a level 2 or 3 meeting held in the period, and the meeting of the case before it",
        counts="One person, by their name, came from the agency to both",
        agency="the agency that attended",
        reads=Reads.CONTINUITY,
        source="Joint inspection 2015, 5.4",
    )
    BOARD_ATTENDANCE = IndicatorSpec(
        name="map008",
        title="Attendance at the Strategic Management Board (MAP008)",
        of="Agencies of the Responsible Authority or with a duty to co-operate that were invited, at each meeting of "
        "the board in the period, each once a meeting",
        counts="Somebody from the agency was there; apologies do not count",
        agency="the invited agency",
        reads=Reads.BOARD,
        source="Joint inspection 2015, 3.3",
    )


class Target(Part):
    """The share of an indicator that an area is to reach, in per cent."""

    per_cent: float = Field(gt=0, le=100)
    source: str = Field(min_length=5)
    status: Status


class IndicatorNumbers(Part):
    """The targets of the indicators; one without a target is only shown."""

    targets: dict[Indicator, Target]
