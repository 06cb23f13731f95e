"""What happens to a person in custody, on leave or on licence: each event with its words and what it asks for.

Joint inspection 2015 6.39-6.45 and 4.6; annual report of Durham 2005-06 on what victims hear of. Whom an event is
told at once stands in the policy (``concerns``), and by when it is to be looked at (``event_review``, by event).
"""

from datetime import date

from policy.specs import Spec, Specified, Text
from policy.vocabulary import Location
from policy.words import short_date

ANYWHERE = (Location.CUSTODY, Location.COMMUNITY, Location.HOSPITAL)


class EventSpec(Spec):
    """One kind of event.

    ``title``: its name. ``happened``: the sentence of the letter about it. ``changes``: what it does to the case
    besides what it makes due. ``places``: where the person has to be for it. ``asks``: fields that its form must
    have beside day, words and author; ``may_tell``: fields that it may have. ``moves``: it says where the person is
    from then on, or when release is to be. ``partners``: another prison holds the person, which is to be the partner
    on ViSOR. ``leave``: the person is to be back by a day. ``reviewed``: somebody looks at what it changes.
    ``by_itself``: it is noted by the program, and has no form of its own.
    """

    title: Text
    happened: Text
    changes: Text
    places: tuple[Location, ...]
    asks: tuple[str, ...] = ()
    may_tell: tuple[str, ...] = ()
    moves: bool = False
    partners: bool = False
    leave: bool = False
    reviewed: bool = True
    by_itself: bool = False


class EventKind(Specified):
    """What happens to a person in custody, on leave or on licence."""

    spec: EventSpec

    RELEASE_DATE_CHANGED = EventSpec(
        name="release_date_changed",
        title="Release date changed",
        happened="A release date was changed.",
        changes="Noted by itself whenever the date of a person in custody was moved, by `release-date` or by a file; "
        "what is due before release moves with it",
        places=ANYWHERE,
        by_itself=True,
    )
    TRANSFER = EventSpec(
        name="transfer",
        title="Transfer to another prison",
        happened="The person was moved to another prison.",
        changes="The prison: the new one now has to give the prison notice",
        places=(Location.CUSTODY, Location.HOSPITAL),
        asks=("prison",),
        moves=True,
        partners=True,
    )
    RECALL = EventSpec(
        name="recall",
        title="Recall to custody",
        happened="The person was recalled to custody.",
        changes="Into custody, at the level the case has; release is prepared again from `release_date`",
        places=(Location.COMMUNITY,),
        asks=("prison",),
        may_tell=("release_date",),
        moves=True,
        partners=True,
    )
    TEMPORARY_RELEASE = EventSpec(
        name="temporary_release",
        title="Temporary release",
        happened="The person is temporarily released.",
        changes="Nothing; the person is to be back by `until`",
        places=(Location.CUSTODY,),
        asks=("until",),
        may_tell=("starts_on",),
        leave=True,
    )
    RETURNED = EventSpec(
        name="returned",
        title="Return from leave",
        happened="The person is back from leave.",
        changes="Ends every leave and every absconding that is open",
        places=ANYWHERE,
        reviewed=False,
    )
    PAROLE_OUTCOME = EventSpec(
        name="parole_outcome",
        title="Parole Board decision",
        happened="The Parole Board has decided.",
        changes="A release that was directed: the release date. Otherwise an approved date falls away, and "
        "`next_review_on` is the next one",
        places=(Location.CUSTODY,),
        asks=("decision",),
        may_tell=("release_date", "next_review_on"),
        moves=True,
    )
    FURTHER_CHARGE = EventSpec(
        name="further_charge",
        title="Further charge",
        happened="The person was charged with a further offence.",
        changes="Nothing; `serious` says whether it is a serious further offence",
        places=ANYWHERE,
        asks=("offence", "serious"),
    )
    HOSPITAL_TRANSFER = EventSpec(
        name="hospital_transfer",
        title="Transfer from prison to hospital",
        happened="The person was moved from prison to hospital.",
        changes="Into hospital; what is due before release is cancelled",
        places=(Location.CUSTODY,),
        moves=True,
    )
    HOSPITAL_LEAVE = EventSpec(
        name="hospital_leave",
        title="Leave from hospital",
        happened="The person has been given leave from hospital.",
        changes="Nothing; refused where the coordinator was not told before it begins",
        places=(Location.HOSPITAL,),
        asks=("starts_on", "until", "coordinator_told_on"),
        leave=True,
    )
    ABSCONDED = EventSpec(
        name="absconded",
        title="Absconded",
        happened="The person has absconded, and is at large.",
        changes="Nothing; it lasts until `returned` is recorded",
        places=ANYWHERE,
    )
    RELEASE = EventSpec(
        name="release",
        title="Release",
        happened="The person was released.",
        changes="Into the community; what is due before release, and the partner on ViSOR, are cancelled",
        places=(Location.CUSTODY, Location.HOSPITAL),
        moves=True,
    )
    CONDITIONS_CHANGED = EventSpec(
        name="conditions_changed",
        title="Change of licence conditions",
        happened="Conditions of the licence were changed.",
        changes="Nothing; the review says whether the plan is to be updated",
        places=ANYWHERE,
        asks=("conditions",),
    )
    POLYGRAPH = EventSpec(
        name="polygraph",
        title="Polygraph test",
        happened="The result of a polygraph test was recorded.",
        changes="Nothing; a result that is clear leaves nothing to review",
        places=(Location.COMMUNITY,),
        asks=("result",),
    )
    CURFEW_VIOLATION = EventSpec(
        name="curfew_violation",
        title="Curfew not kept",
        happened="The person did not keep a curfew.",
        changes="Nothing; the review says what follows: a warning, breach or recall",
        places=(Location.COMMUNITY,),
    )
    TAG_VIOLATION = EventSpec(
        name="tag_violation",
        title="Tag interfered with",
        happened="The monitoring provider reports that the tag was interfered with, or not charged.",
        changes="Nothing; the review says what follows: a warning, breach or recall",
        places=(Location.COMMUNITY,),
    )
    DRUG_TEST = EventSpec(
        name="drug_test",
        title="Drug or alcohol test",
        happened="The result of a drug or alcohol test was recorded.",
        changes="Nothing; a result that is clear leaves nothing to review",
        places=ANYWHERE,
        asks=("result",),
    )
    DEATH = EventSpec(
        name="death",
        title="Death",
        happened="The person has died.",
        changes="Closes the case: every next step and every planned meeting is cancelled",
        places=ANYWHERE,
    )


CLEAR = "clear"
"""The result of a test that leaves nothing to review."""
LEAVES = tuple(kind for kind in EventKind if kind.spec.leave)
PARTNERED = tuple(kind for kind in EventKind if kind.spec.partners)
MOVES = tuple(kind for kind in EventKind if kind.spec.moves)


def label_of(kind: EventKind, on: date, apart: str = "") -> str:
    """Return what an event is called: ``recall on 2 November 2026``, and behind it what tells it from another."""
    return f"{kind.replace('_', ' ')} on {short_date(on)}" + (f" ({apart})" if apart else "")


def told_by(label: str) -> tuple[EventKind | None, str]:
    """Return the kind of event that a label names, and what tells it from another of its kind and day; else none."""
    name, _, apart = label.partition(" (")
    happened = name.rpartition(" on ")[0].replace(" ", "_")
    return EventKind(happened) if happened in set(EventKind) else None, apart.removesuffix(")")
