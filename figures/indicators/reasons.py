"""Why a row of an indicator counts, does not count, or is left out: each reason once, with its words."""

from datetime import date
from enum import StrEnum

from policy.words import counted, short_date


class Why(StrEnum):
    """A reason, as the queries give it."""

    ON_TIME = "on_time"
    LATE = "late"
    NEVER_DONE = "never_done"
    NOT_DONE = "not_done"
    PAUSED = "paused"
    NEVER_OWED = "never_owed"
    NOT_DUE = "not_due"
    ENDED_BEFORE = "ended_before"
    COMPLETE = "complete"
    INCOMPLETE = "incomplete"
    OUTCOME = "outcome"
    NO_OUTCOME = "no_outcome"
    CONSIDERED = "considered"
    NOT_CONSIDERED = "not_considered"
    NO_REASON = "no_reason"
    ERASED = "erased"
    ATTENDED = "attended"
    REPORTED = "reported"
    APOLOGIES = "apologies"
    STAYED_AWAY = "stayed_away"
    INVITED = "invited"
    NOT_INVITED = "not_invited"
    NOT_ON_RECORD = "not_on_record"
    SAME_PERSON = "same_person"
    OTHER_PERSON = "other_person"


COUNTS = (Why.ON_TIME, Why.COMPLETE, Why.OUTCOME, Why.CONSIDERED, Why.ERASED, Why.ATTENDED, Why.INVITED,
          Why.SAME_PERSON)  # fmt: skip
LEFT_OUT = (Why.NEVER_OWED, Why.NOT_DUE, Why.ENDED_BEFORE, Why.NOT_ON_RECORD)
WORDS = {
    Why.ON_TIME: "done on {done}, due {due}",
    Why.LATE: "done on {done}, due {due}: {days} late",
    Why.NEVER_DONE: "due {due} and never done: overtaken on {done}, {days} late",
    Why.NOT_DONE: "due {due} and not done: {days} overdue",
    Why.PAUSED: "due {due} and not done: {days} overdue. It is paused; a pause holds back reminders, not the due date",
    Why.NEVER_OWED: "left out: it was not due after all",
    Why.NOT_DUE: "left out for now: due {due}, and counted once that day has ended",
    Why.ENDED_BEFORE: "left out: due {due}, and ended before that, on {done}",
    Why.COMPLETE: "complete when received",
    Why.INCOMPLETE: "something was missing when it was received",
    Why.OUTCOME: "done, with its outcome",
    Why.NO_OUTCOME: "closed as not done",
    Why.CONSIDERED: "the decision and its reason are in the record of the meeting",
    Why.NOT_CONSIDERED: "the record of the meeting has no decision on disclosure",
    Why.NO_REASON: "the record of the meeting has a decision on disclosure, without its reason",
    Why.ERASED: "the record of the meeting was erased; none can be made without the decision and its reason",
    Why.ATTENDED: "attended",
    Why.REPORTED: "sent apologies with a report, and nobody came",
    Why.APOLOGIES: "sent apologies, and nobody came",
    Why.STAYED_AWAY: "nobody came",
    Why.INVITED: "invited",
    Why.NOT_INVITED: "nobody from the agency was invited",
    Why.SAME_PERSON: "somebody came who was at the meeting before",
    Why.OTHER_PERSON: "nobody came who was at the meeting before",
    Why.NOT_ON_RECORD: "left out: the meeting was not planned in the record, so its invitations are not there",
}


def number_of(why: Why) -> int | None:
    """Return what a row with a reason adds to the numerator; None where it is not in the denominator either."""
    return None if why in LEFT_OUT else int(why in COUNTS)


def days_late(why: Why, due: date | None, done: date | None, today: date) -> int | None:
    """Return how many days after its due date something was done, overtaken, or is open; None where no date is."""
    if due is None or why in (Why.NEVER_OWED, Why.NOT_DUE):
        return None
    return ((today if why in (Why.NOT_DONE, Why.PAUSED) else done or today) - due).days


def words_of(why: Why, due: date | None, done: date | None, today: date) -> str:
    """Return a reason in words, with its dates and days."""
    late = counted(max(days_late(why, due, done, today) or 0, 0), "day")
    return WORDS[why].format(due=short_date(due) if due else "", done=short_date(done) if done else "", days=late)
