"""What waits for a person's decision on a case, and what the program could not work out."""

from policy.kinds.spec import About, AtClosure, Kind, KindSpec
from policy.roles import Role
from policy.vocabulary import FactKind


class Questions(Kind):
    """What is due because the record has a question about a case, or a problem with it."""

    QUESTION = KindSpec(
        name="question",
        title="Open question",
        heading="Questions to answer",
        short="open question",
        to_do="A person must decide a question about this case. Read it on the case record, decide, then record the "
        "answer.",
        undone="nobody has answered a question about the case",
        chase="Make sure somebody decides, and records the answer.",
        done="The question was answered.",
        place=95,
        owner=Role.COORDINATOR,
        owner_agency="mappa_unit",
        at_closure=AtClosure.ENDS,
        about=About.PROBLEM,
        example="incident, asked on 2 November 2026",
        derived_from=(
            "sentences",
            FactKind.INCIDENT,
            FactKind.PLAN,
            FactKind.MEETING,
            FactKind.RELEASE_DATE,
            FactKind.NOT_MINE,
        ),
        answered_by=(
            FactKind.IDENTIFICATION,
            FactKind.INCIDENT,
            FactKind.PLAN,
            FactKind.MEETING,
            FactKind.RELEASE_DATE,
            FactKind.DATES_CHECK,
            FactKind.MERGE,
            FactKind.WITHDRAW_SENTENCE,
            FactKind.WHOSE_DUTY,
            FactKind.CUSTODY_EVENT,
            FactKind.LEVEL,
            FactKind.CLOSURE,
        ),
        source="Our default: what the rules cannot settle a person decides, by a day",
    )
    DATA_PROBLEM = KindSpec(
        name="data_problem",
        title="Problem with the data",
        heading="Problems with the data",
        short="problem with the data",
        counted=("problem with the data", "problems with the data"),
        to_do="Something about this case could not be worked out for more than a day. See what with mappa problems, "
        "and have the data put right. The program then tries again on its own.",
        undone="something about the case could not be worked out",
        chase="Make sure the data are put right. Until then part of this case does not move on.",
        done="It could be worked out.",
        place=305,
        owner=Role.ADMINISTRATOR,
        owner_agency="mappa_unit",
        at_closure=AtClosure.ENDS,
        about=About.PROBLEM,
        example="meetings, since 2 November 2026",
        derived_from=("sentences",),
        answered_by=("sentences",),
        source="Our default: work that fails for more than a day has an owner and a clock",
    )
