"""What an e-mail is: a digest, an escalation, or a letter about one thing."""

from policy.specs import Spec, Specified, Text


class LetterSpec(Spec):
    """A kind of e-mail.

    ``title``: its name on a page. ``gathers``: it carries prompts about several things; every other kind is about
    one. ``trigger``: when it goes out beside the ladders, "" where only a ladder sends it. ``enclosed``: what travels
    with it. ``statutory``: it goes first, and goes again by itself where nobody knows whether it arrived.
    """

    title: Text
    gathers: bool
    statutory: bool
    trigger: str
    enclosed: str


class MessageKind(Specified):
    """What an e-mail is. Digest and escalation gather prompts; every other is a letter about one thing."""

    spec: LetterSpec

    DIGEST = LetterSpec(name="digest", title="Digest: reminders", gathers=True, statutory=False, trigger="",
                        enclosed="the referral form (DOCX), filled in as far as the record goes, where a referral "
                        "is asked of its reader")  # fmt: skip
    ESCALATION = LetterSpec(name="escalation", title="Escalation", gathers=True, statutory=True, trigger="",
                            enclosed="the same as with a digest")  # fmt: skip
    STUCK_LIST = LetterSpec(
        name="stuck_list", title="List of what is stuck", gathers=True, statutory=False,
        trigger="", enclosed="",
    )  # fmt: skip
    REFERRAL_RETURNED = LetterSpec(
        name="referral_returned", title="Referral sent back", gathers=False, statutory=False, trigger="",
        enclosed="the referral form (DOCX), filled in as far as the record goes",
    )  # fmt: skip
    SCREENING_OUTCOME = LetterSpec(
        name="screening_outcome", title="Outcome of screening", gathers=False, statutory=False,
        trigger="a referral is answered, by screening or by a level that was set", enclosed="",
    )  # fmt: skip
    INVITATION = LetterSpec(
        name="invitation", title="Invitation to a meeting", gathers=False, statutory=False,
        trigger="a meeting is planned, and the list of those who must come is made; again when it moves, as an update "
        "of the same event. The number in the rung counts the changes",
        enclosed="the meeting as a calendar event (METHOD:REQUEST)",
    )  # fmt: skip
    CANCELLATION = LetterSpec(
        name="cancellation", title="Cancellation of a meeting", gathers=False, statutory=False,
        trigger="a planned meeting is cancelled to which somebody was invited",
        enclosed="the same event, cancelled (METHOD:CANCEL)",
    )  # fmt: skip
    INVITATION_TAKEN_BACK = LetterSpec(
        name="invitation_taken_back", title="Invitation taken back", gathers=False, statutory=False,
        trigger="the circumstances of a case change before a planned meeting, so that somebody who was invited need "
        "not come any more",
        enclosed="the same event, cancelled for its recipient (METHOD:CANCEL)",
    )  # fmt: skip
    ACTIONS = LetterSpec(name="actions", title="Actions", gathers=False, statutory=False, trigger="", enclosed="")
    MINUTES = LetterSpec(
        name="minutes", title="Final minutes", gathers=False, statutory=False,
        trigger="the minutes of a meeting become final",
        enclosed="the minutes as HTML and as text, where `details_in_bodies` is true",
    )  # fmt: skip
    ATTENDANCE_LETTER = LetterSpec(
        name="attendance_letter", title="Attendance letter", gathers=False, statutory=True, trigger="", enclosed=""
    )
    GP_LETTER = LetterSpec(
        name="gp_letter", title="Letter to a general practice", gathers=False, statutory=False, trigger="", enclosed=""
    )
    DISCLOSURE = LetterSpec(
        name="disclosure", title="Disclosure to be made", gathers=False, statutory=False,
        trigger="a second person approves a disclosure", enclosed="",
    )  # fmt: skip
    EVENT = LetterSpec(name="event", title="Event in custody or on licence", gathers=False, statutory=True, trigger="",
                       enclosed="")  # fmt: skip


LETTERS = tuple(kind for kind in MessageKind if not kind.spec.gathers)
STATUTORY = tuple(kind for kind in MessageKind if kind.spec.statutory)
