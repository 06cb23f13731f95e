"""The commands that look at referrals, meetings, actions, absences, drafts, and the documents of a meeting.

Tables carry no name of the person and no text that may hold one. Minutes, papers and a draft are the record itself
and show everything: they are for a coordinator at the machine.
"""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.look import counted, looking, show_views
from cli.options import Area, Crn, Json, Limit, command, crn_of, end_of, group, listing, start_of, wrong_usage
from policy.agencies import Agency
from policy.errors import NotFoundError, WrongUsageError
from policy.vocabulary import ActionState, MeetingState
from service.output import ROWS_SHOWN, print_json, say
from views.times import parse_day

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from models.cases import Case
    from models.meetings import Meeting, MinutesVersion
    from models.people import Person

drafts_group = group("List the forms that were refused and kept, or print one.", no_args_is_help=False)

DueBefore = Annotated[
    date | None,
    typer.Option(
        "--due-before", metavar="DATE", parser=wrong_usage(parse_day), help="Only actions due before this day."
    ),
]
Since = Annotated[
    datetime | None,
    typer.Option(
        "--since",
        metavar="MOMENT",
        parser=wrong_usage(start_of),
        help="Only meetings that begin at or after this moment; a bare date is its beginning.",
    ),
]
Until = Annotated[
    datetime | None,
    typer.Option(
        "--until",
        metavar="MOMENT",
        parser=wrong_usage(end_of),
        help="Only meetings that begin at or before this moment; a bare date is its end.",
    ),
]
WhoseMeeting = Annotated[
    str,
    typer.Option(
        "--crn", metavar="CRN", parser=wrong_usage(crn_of), help="The person's CRN, or the reference of a case."
    ),
]
Number = Annotated[int, typer.Option("--meeting", metavar="N", min=1, help="The number of the meeting in its case.")]
Version = Annotated[int | None, typer.Option("--version", metavar="V", min=1, help="The version. Default: the newest.")]
Page = Annotated[
    Path | None, typer.Option("--html", metavar="FILE", help="Write it to this file, as a page to read or print.")
]
MEETING_COLUMNS = (
    "crn",
    "case",
    "meeting",
    "state",
    "level",
    "starts_at",
    "place",
    "chair",
    "required",
    "invited",
    "attended",
    "minutes_on",
    "posted_on",
)
ACTION_COLUMNS = ("crn", "case", "action", "meeting", "agency", "owner", "due_on", "state", "closed_on")
ABSENCE_COLUMNS = ("crn", "case", "meeting", "agency", "nth", "status", "history", "settled_on", "settled_by")
REFERRAL_COLUMNS = ("crn", "case", "received_on", "complete", "missing", "returned_on", "decision", "decided_on")
DRAFT_COLUMNS = ("draft", "crn", "kind", "reasons", "kept_at", "kept_by", "settled_at")


def meetings(
    crn: Crn = None,
    area: Area = None,
    state: Annotated[MeetingState | None, typer.Option("--state", help="Only meetings in this state.")] = None,
    since: Since = None,
    until: Until = None,
    limit: Limit = ROWS_SHOWN,
    json: Json = False,
) -> None:
    """List meetings.

    Planned, held and cancelled. The table counts the agencies that were required, invited and there; JSON names
    them.
    """
    from views import meetings

    with looking(area) as session:
        found = meetings.meetings(session, crn=crn, area=area, state=state, since=since, until=until)
        shown = found if json else counted(found, "required", "invited", "attended")
        show_views(shown, MEETING_COLUMNS, "no meetings", json, limit)


def actions(
    crn: Crn = None,
    area: Area = None,
    state: Annotated[ActionState | None, typer.Option("--state", help="Only actions in this state.")] = None,
    due_before: DueBefore = None,
    limit: Limit = ROWS_SHOWN,
    json: Json = False,
) -> None:
    """List the actions of meetings.

    Whose they are, by when, and what became of them. The outcome is in JSON only: its words may name people.
    """
    from views import meetings

    with looking(area) as session:
        found = meetings.actions(session, crn=crn, area=area, state=state, due_before=due_before)
        show_views(found, ACTION_COLUMNS, "no actions", json, limit)


def absences(
    crn: Crn = None,
    area: Area = None,
    unsettled: Annotated[
        bool, typer.Option("--open", help="Only those without a report or an accepted reason.")
    ] = False,
    agency: Annotated[Agency | None, typer.Option("--agency", help="Only this agency.")] = None,
    limit: Limit = ROWS_SHOWN,
    json: Json = False,
) -> None:
    """List absences from meetings.

    Required agencies that neither came nor reported. The table counts how often each was asked; JSON has what was
    answered.
    """
    from views import meetings

    with looking(area) as session:
        found = meetings.absences(session, crn=crn, area=area, agency=agency, unsettled=unsettled)
        show_views(found if json else counted(found, "history"), ABSENCE_COLUMNS, "no absences", json, limit)


def referrals(
    crn: Crn = None,
    area: Area = None,
    unanswered: Annotated[
        bool,
        typer.Option("--open", help="Only those that wait for screening, or to come again after they were sent back."),
    ] = False,
    limit: Limit = ROWS_SHOWN,
    json: Json = False,
) -> None:
    """List referrals (MAPPA A).

    Complete or not, and what screening answered. The table counts what each lacks; JSON says what.
    """
    from views import meetings

    with looking(area) as session:
        found = meetings.referrals(session, crn=crn, area=area, unanswered=unanswered)
        show_views(found if json else counted(found, "missing"), REFERRAL_COLUMNS, "no referrals", json, limit)


@listing(drafts_group)
def drafts(
    context: typer.Context,
    crn: Crn = None,
    unsettled: Annotated[
        bool, typer.Option("--open", help="Only those that nobody has recorded or typed anew since.")
    ] = False,
    limit: Limit = ROWS_SHOWN,
    json: Json = False,
) -> None:
    """List the forms that were refused and kept.

    The table counts the reasons; JSON has them. The command below prints a form.
    """
    if context.invoked_subcommand is not None:
        return
    from views import meetings

    with looking() as session:
        found = meetings.drafts(session, crns=names_of(session, crn), unsettled=unsettled)
        show_views(found if json else counted(found, "reasons"), DRAFT_COLUMNS, "no drafts", json, limit)


def names_of(session: "Session", crn: str | None) -> list[str]:
    """Return how a draft may name a person: as asked for, and by CRN; nothing for everybody."""
    from casework.facts.querying import find_person

    if crn is None:
        return []
    person = find_person(session, crn)
    return [crn] if person is None else [crn, person.crn]


@command(drafts_group, "show")
def draft_show(number: Annotated[int, typer.Argument(metavar="N", help="The number of the draft.")]) -> None:
    """Print a kept form as JSON.

    Redirect it into a file, mend it, and record it: mappa record KIND --crn CRN --file FILE.json.
    """
    from models.cases import Draft

    with looking() as session:
        draft = session.get(Draft, number)
        if draft is None:
            raise NotFoundError(f"there is no draft {number}", to_do="mappa drafts lists them")
        print_json(draft.data)


def minutes(
    crn: WhoseMeeting,
    meeting: Number,
    version: Version = None,
    html: Page = None,
    text: Annotated[bool, typer.Option("--text", help="Print the text: the same as without any of these.")] = False,
    json: Json = False,
) -> None:
    """Print the minutes of a meeting.

    Or write them to a file as a page. The newest version unless told otherwise. They carry the person's name.
    """
    from views import meetings

    one_form_only(html, text, json)
    with looking() as session:
        person, case, found = meeting_of(session, crn, meeting)
        chosen = version_of(meetings.versions(session, found), case, meeting, version)
        if json:
            print_json(meetings.minutes_view(person, case, found, chosen))
        else:
            hand_over(chosen.text, chosen.html, html, f"version {chosen.version} of the minutes, {chosen.state}")


def papers(crn: WhoseMeeting, meeting: Number, html: Page = None, json: Json = False) -> None:
    """Print the papers of a meeting.

    Or write them to a file as a page. They are written from the record as it stands now. They carry the person's name.
    """
    from casework.documents.papers import write_papers

    one_form_only(html, False, json)
    with looking() as session:
        person, case, found = meeting_of(session, crn, meeting)
        written, page = write_papers(session, found)
    if json:
        named = {"crn": person.crn, "case": case.reference, "meeting": meeting}
        print_json(named | {"text": written, "html": page})
    else:
        hand_over(written, page, html, "papers")


def one_form_only(html: Path | None, text: bool, json: bool) -> None:
    """Refuse two forms at once, and a folder that is not there, before anything is read."""
    if sum((html is not None, text, json)) > 1:
        raise WrongUsageError("--html, --text and --json: one of them")
    if html is not None and not html.absolute().parent.is_dir():
        raise WrongUsageError(f"there is no folder {html.parent}", where="--html")


def meeting_of(session: "Session", key: str, number: int) -> "tuple[Person, Case, Meeting]":
    """Return a meeting by CRN or case reference and number; ``NotFoundError`` says which there are."""
    from views.meetings import find_meeting, numbers_of_meetings
    from views.person import person_and_case, refuse_erased

    person, case = person_and_case(session, key)
    refuse_erased(person, key)
    if case is None:
        raise NotFoundError("this person has no case, and so no meetings", where=key)
    found = find_meeting(session, case, number)
    if found is None:
        there = ", ".join(str(one) for one in numbers_of_meetings(session, case)) or "none"
        raise NotFoundError(f"{case.reference} has no meeting {number}; its meetings: {there}")
    return person, case, found


def version_of(found: "list[MinutesVersion]", case: "Case", meeting: int, wanted: int | None) -> "MinutesVersion":
    """Return a version of the minutes, the newest where none is named; ``NotFoundError`` says which there are."""
    if not found:
        raise NotFoundError("no minutes have been drafted yet", where=f"{case.reference}, meeting {meeting}")
    if wanted is None:
        return found[-1]
    for version in found:
        if version.version == wanted:
            return version
    there = ", ".join(str(version.version) for version in found)
    raise NotFoundError(
        f"the minutes have no version {wanted}; there is {there}", where=f"{case.reference}, meeting {meeting}"
    )


def hand_over(text: str, page: str, file: Path | None, what: str) -> None:
    """Print the text of a document, or write its page to a file that only its owner can read."""
    if file is None:
        say(text.rstrip("\n"))
        return
    file.touch(mode=0o600)
    file.write_text(page, encoding="utf-8")
    say(f"{file}: {what}")
