"""What is announced beside the ladders: a rung of its own, raised once when something happens, not by a date."""

from policy.kinds import Identification, Kind, Meetings, Plan, Screening
from policy.letters import MessageKind
from policy.roles import Role
from policy.specs import Spec, Specified, Text


class AnnouncementSpec(Spec):
    """One announcement. ``name``: the first word of its rung.

    ``kind``: the timescale it is raised on; None: any. ``letter``: the e-mail that carries it. ``to``: who gets it.
    ``informs``: nothing is asked by it, so it goes out whatever has become of the timescale. ``title`` and ``heading``:
    what a digest calls it; ``to_do``: what its reader may do. ``counted``: what a digest that counts news says of one
    and of several.
    """

    kind: Kind | None
    letter: MessageKind
    to: Role
    informs: bool
    title: Text
    heading: Text
    to_do: Text
    counted: tuple[Text, Text] = ("piece of news", "pieces of news")


class Announcement(Specified):
    """What is announced, known by the first word of its rung; a number behind it counts the changes of an event."""

    spec: AnnouncementSpec

    IDENTIFIED = AnnouncementSpec(
        name="identified",
        kind=Identification.IDENTIFICATION,
        letter=MessageKind.DIGEST,
        to=Role.COORDINATOR,
        informs=True,
        title="New case",
        heading="New cases",
        counted=("new case", "new cases"),
        to_do="Check the category and the lead agency.",
    )
    RECEIVED = AnnouncementSpec(
        name="received",
        kind=Screening.SCREENING_DECISION,
        letter=MessageKind.DIGEST,
        to=Role.COORDINATOR,
        informs=False,
        title="Referral received",
        heading="Referrals received",
        to_do="Screen the referral.",
    )
    OUTCOME = AnnouncementSpec(
        name="outcome",
        kind=Screening.SCREENING_DECISION,
        letter=MessageKind.SCREENING_OUTCOME,
        to=Role.REFERRER,
        informs=True,
        title="Outcome of screening",
        heading="Outcomes of screening",
        to_do="Read the decision and its reasons.",
    )
    INVITATION = AnnouncementSpec(
        name="invitation",
        kind=Meetings.MEETING,
        letter=MessageKind.INVITATION,
        to=Role.INVITEE,
        informs=False,
        title="Invitation",
        heading="Invitations",
        to_do="Read the papers and come.",
    )
    CANCELLATION = AnnouncementSpec(
        name="cancellation",
        kind=Meetings.MEETING,
        letter=MessageKind.CANCELLATION,
        to=Role.INVITEE,
        informs=True,
        title="Cancelled meeting",
        heading="Cancelled meetings",
        to_do="The meeting has been cancelled.",
    )
    TAKEN_BACK = AnnouncementSpec(
        name="taken_back",
        kind=Meetings.MEETING,
        letter=MessageKind.INVITATION_TAKEN_BACK,
        to=Role.INVITEE,
        informs=True,
        title="Invitation taken back",
        heading="Invitations taken back",
        to_do="You no longer need to come to the meeting.",
    )
    DECLINED = AnnouncementSpec(
        name="declined",
        kind=Meetings.MEETING,
        letter=MessageKind.DIGEST,
        to=Role.COORDINATOR,
        informs=True,
        title="Declined invitation",
        heading="Declined invitations",
        counted=("declined invitation", "declined invitations"),
        to_do="Ask the agency who comes instead, or for a written report.",
    )
    RETURNED = AnnouncementSpec(
        name="returned",
        kind=None,
        letter=MessageKind.DIGEST,
        to=Role.COORDINATOR,
        informs=True,
        title="E-mail that came back",
        heading="E-mails that came back",
        counted=("e-mail that came back", "e-mails that came back"),
        to_do="Reach the person another way, and give the MAPPA unit an address that works.",
    )
    FINAL = AnnouncementSpec(
        name="final",
        kind=Meetings.MINUTES,
        letter=MessageKind.MINUTES,
        to=Role.INVITEE,
        informs=True,
        title="Final minutes",
        heading="Final minutes",
        counted=("set of final minutes", "sets of final minutes"),
        to_do="Read them on the case record. If something is wrong, tell the MAPPA coordinator.",
    )
    APPROVED = AnnouncementSpec(
        name="approved",
        kind=Plan.DISCLOSURE,
        letter=MessageKind.DISCLOSURE,
        to=Role.DISCLOSER,
        informs=False,
        title="Approved disclosure",
        heading="Approved disclosures",
        to_do="Make the disclosure.",
    )
    RESUMED = AnnouncementSpec(
        name="resumed",
        kind=None,
        letter=MessageKind.DIGEST,
        to=Role.COORDINATOR,
        informs=False,
        title="End of a pause",
        heading="Pauses that have ended",
        to_do="The pause has ended: do what is due, or pause it again with a reason.",
    )


INFORMING = frozenset(one for one in Announcement if one.spec.informs)
BY_NAME = {one.value: one for one in Announcement}


def announcement_of(rung: str) -> Announcement | None:
    """Return the announcement a rung stands for; None for a rung of a ladder."""
    return BY_NAME.get(rung.partition(" ")[0])
