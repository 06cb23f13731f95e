"""Court orders that end, notification without an end, and cases that move to another area."""

from policy.kinds.spec import About, AtClosure, Kind, KindSpec
from policy.kinds.states import DutyState, StateWords
from policy.roles import Role
from policy.vocabulary import FactKind


class Orders(Kind):
    """What is due because of an order, of notification, or of a move to another area."""

    ORDER_END = KindSpec(
        name="order_end",
        title="End of a court order",
        heading="Court orders that end",
        short="end of an order",
        counted=("end of an order", "ends of orders"),
        to_do="A court order ends on this day. Decide whether to apply for another, then record your decision.",
        undone="nobody has decided what comes after a court order",
        chase="Make sure somebody decides whether to apply for another order, and records it.",
        done="It was decided what comes after the order.",
        by_state={
            DutyState.ORDER_FOLLOWED: StateWords(
                name="order followed",
                to_do="Another order of the same kind is on record. Record what was decided on the one that ends.",
                chase="Another order of the same kind is on record. Make sure somebody records what was decided on "
                "the one that ends.",
            ),
            DutyState.DAY_PASSED: StateWords(
                name="day passed",
                to_do="The order has ended. Record what was decided: to apply for another, or why none is needed.",
                chase="The order has ended, and nobody has decided what comes after it. Make sure somebody decides "
                "whether to apply for another, and records it.",
            ),
        },
        place=280,
        owner=Role.POLICE_OFFENDER_MANAGER,
        owner_agency="police",
        at_closure=AtClosure.ENDS,
        about=About.ORDER,
        example="SHPO, number 1",
        derived_from=(FactKind.ORDER,),
        answered_by=(FactKind.ORDER_REVIEW,),
        source="Sexual Offences Act 2003, s.103C: an order has a fixed period; the weeks are our default",
    )
    NOTIFICATION_REVIEW = KindSpec(
        name="notification_review",
        title="Review of notification",
        heading="Notification without an end: reviews",
        short="review of notification",
        counted=("review of notification", "reviews of notification"),
        to_do="From this day the person may ask for a review of notification without an end. Prepare what the "
        "Superintendent needs, then record the decision, or that the person did not ask.",
        undone="nobody has recorded whether notification without an end was reviewed",
        chase="Make sure somebody records what the Superintendent decided, or that the person did not ask.",
        done="The review of notification was recorded.",
        by_state={
            DutyState.DAY_PASSED: StateWords(
                name="day passed",
                to_do="The person may ask for a review of notification without an end. Record what the Superintendent "
                "decided, or that the person did not ask.",
                chase="The person may ask for a review of notification without an end. Make sure somebody records "
                "what the Superintendent decided, or that the person did not ask.",
            ),
        },
        place=290,
        owner=Role.POLICE_OFFENDER_MANAGER,
        owner_agency="police",
        at_closure=AtClosure.ENDS,
        about=About.NOTIFICATION,
        derived_from=("sentences", FactKind.ORDER, FactKind.NOTIFICATION_REVIEW),
        answered_by=(FactKind.NOTIFICATION_REVIEW,),
        source="Sexual Offences Act 2003, s.91A to 91F; Norfolk annual report 2018-19",
    )
    TRANSFER_ANSWER = KindSpec(
        name="transfer_answer",
        title="Answer to a transfer",
        heading="Transfers to accept or decline",
        short="answer to a transfer",
        counted=("answer to a transfer", "answers to transfers"),
        to_do="Another area asks yours to take over a case, and keeps it until you accept. Accept or decline with your "
        "reason. If you accept, say who will manage the case.",
        undone="nobody has answered a transfer to another area",
        chase="The sending area keeps the case until then. Get the answer, or withdraw the proposal.",
        done="The transfer was answered.",
        raised="transfer to be answered",
        place=230,
        owner=Role.RECEIVING_COORDINATOR,
        owner_agency="mappa_unit",
        named=(Role.RECEIVING_COORDINATOR,),
        at_closure=AtClosure.NAMED,
        about=About.TRANSFER,
        example="to West Yorkshire",
        derived_from=(FactKind.TRANSFER_PROPOSAL,),
        answered_by=(FactKind.TRANSFER_ANSWER,),
        source="Our default: the sending area holds the case (MAPPA guidance, chapter 17, not confirmed)",
    )
