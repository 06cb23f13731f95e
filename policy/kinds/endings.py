"""What holds a person ends: the plan for afterwards, and the check of what is still open."""

from policy.kinds.spec import About, AtClosure, Kind, KindSpec
from policy.kinds.states import DutyState, StateWords
from policy.roles import Role
from policy.vocabulary import FactKind


class Endings(Kind):
    """What is due because a sentence, licence, order or notification period ends."""

    EXIT_PLAN = KindSpec(
        name="exit_plan",
        title="Exit plan",
        heading="Plan for life after MAPPA",
        short="exit plan",
        to_do="A sentence, licence, order or notification period is coming to an end. Plan for the time after it: "
        "where the person will live, who will work with them, the victims, integrated offender management and the "
        "risks that remain. Then record the plan.",
        undone="there is no exit plan",
        chase="Make sure the lead agency plans for the time after the end now, and records the plan.",
        done="The exit plan was recorded.",
        place=140,
        owner=Role.OFFENDER_MANAGER,
        owner_agency="lead_agency",
        at_closure=AtClosure.ENDS,
        ends_episode=True,
        about=About.ENDING,
        example="sentence",
        derived_from=("sentences", FactKind.ORDER),
        answered_by=(FactKind.EXIT_PLAN,),
        source="Joint inspection 2015, 5.13 and 5.21",
    )
    END_OF_SENTENCE_CHECK = KindSpec(
        name="end_of_sentence_check",
        title="End-of-sentence check",
        heading="End-of-sentence check",
        short="end-of-sentence check",
        to_do="A sentence, licence, order or notification period ends. Check what is still open and what still holds, "
        "then record what becomes of the case. No case closes unless somebody decides it.",
        undone="nobody has decided what becomes of the case",
        chase="Make sure somebody decides what becomes of the case, and records it.",
        done="It was decided what becomes of the case.",
        by_state={
            DutyState.DAY_PASSED: StateWords(
                name="day passed",
                to_do="A sentence, licence, order or notification period has ended. Check what is still open and what "
                "still holds, then record what becomes of the case. No case closes unless somebody decides it.",
                chase="A sentence, licence, order or notification period has ended, and nobody has decided what "
                "becomes of the case. Make sure somebody decides it, and records it.",
            ),
        },
        place=130,
        owner=Role.COORDINATOR,
        owner_agency="mappa_unit",
        at_closure=AtClosure.ENDS,
        ends_episode=True,
        about=About.ENDING,
        example="sentence",
        derived_from=("sentences", FactKind.ORDER),
        answered_by=(FactKind.END_OF_SENTENCE_CHECK, FactKind.CLOSURE),
        source="Joint inspection 2015, 5.13; Criminal Justice Act 2003, s.327: categories end on their own days",
    )
