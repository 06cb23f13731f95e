"""The commands that look at referrals, meetings, actions, absences, drafts, and the documents of a meeting.

Tables carry no name of the person and no text that may hold one. Minutes, papers and a draft are the record itself
and show everything: they are for a coordinator at the machine.
"""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.errors import complain
from cli.look import looking, show_views
from cli.options import Area, Crn, Json, Limit, command, crn_of, end_of, group, listing, one_of, start_of, wrong_usage
from policy.book import shipped_book
from policy.errors import WrongUsageError
from policy.vocabulary import ActionState, MeetingState
from service.output import ROWS_SHOWN, print_json, print_view, say
from views.times import parse_day

drafts_group = group("List forms that were refused and kept as drafts, or print one.", no_args_is_help=False)

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
        help="Only meetings that start at or after this time. A date alone means the start of that day.",
    ),
]
Until = Annotated[
    datetime | None,
    typer.Option(
        "--until",
        metavar="MOMENT",
        parser=wrong_usage(end_of),
        help="Only meetings that start at or before this time. A date alone means the end of that day.",
    ),
]
WhoseMeeting = Annotated[
    str,
    typer.Option("--crn", metavar="CRN", parser=wrong_usage(crn_of), help="The person's CRN or case reference."),
]
Number = Annotated[int, typer.Option("--meeting", metavar="N", min=1, help="The number of the meeting on the case.")]
Version = Annotated[int | None, typer.Option("--version", metavar="V", min=1, help="The version. Default: the newest.")]
Page = Annotated[
    Path | None, typer.Option("--html", metavar="FILE", help="Write a web page to this file, to read or print.")
]

if TYPE_CHECKING:
    AgencyOption = str | None
else:
    AgencyOption = one_of("Agency", shipped_book().agencies, typer.Option("--agency", help="Only this agency."))


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

    Planned, held and cancelled. The table counts the agencies that were required, invited and present. The JSON names
    them.
    """
    from views.meetings import MeetingView
    from views.meetings import meetings as find

    with looking(area) as session:
        found = find(session, crn=crn, area=area, state=state, since=since, until=until)
        show_views(found, MeetingView, "no meetings", json, limit)


def board_meetings(area: Area = None, limit: Limit = ROWS_SHOWN, json: Json = False) -> None:
    """List meetings of the Strategic Management Board: who was invited, and who came.

    mappa load board-meetings records them. MAP008 is counted from them.
    """
    from views.board_meetings import BoardInvitationView
    from views.board_meetings import board_meetings as find

    with looking(area) as session:
        show_views(find(session, area), BoardInvitationView, "no board meetings", json, limit)


def actions(
    crn: Crn = None,
    area: Area = None,
    state: Annotated[ActionState | None, typer.Option("--state", help="Only actions in this state.")] = None,
    due_before: DueBefore = None,
    limit: Limit = ROWS_SHOWN,
    json: Json = False,
) -> None:
    """List the actions of meetings.

    Shows who owns each action, its due date and its state. The outcome is in the JSON only, because it may name people.
    """
    from views.actions import ActionView
    from views.actions import actions as find

    with looking(area) as session:
        found = find(session, crn=crn, area=area, state=state, due_before=due_before)
        show_views(found, ActionView, "no actions", json, limit)


def absences(
    crn: Crn = None,
    area: Area = None,
    unsettled: Annotated[
        bool, typer.Option("--open", help="Only absences without a report or an accepted reason.")
    ] = False,
    agency: AgencyOption = None,
    limit: Limit = ROWS_SHOWN,
    json: Json = False,
) -> None:
    """List absences from meetings.

    Required agencies that neither attended nor sent a report. The table counts how often we asked each one. The JSON
    has their answers.
    """
    from views.absences import AbsenceView
    from views.absences import absences as find

    with looking(area) as session:
        found = find(session, crn=crn, area=area, agency=agency, unsettled=unsettled)
        show_views(found, AbsenceView, "no absences", json, limit)


def referrals(
    crn: Crn = None,
    area: Area = None,
    unanswered: Annotated[
        bool,
        typer.Option("--open", help="Only referrals waiting for screening, or sent back and not yet resubmitted."),
    ] = False,
    limit: Limit = ROWS_SHOWN,
    json: Json = False,
) -> None:
    """List referrals (MAPPA A).

    Shows whether each is complete and what screening decided. The table counts what is missing. The JSON says what.
    """
    from views.referrals import ReferralView
    from views.referrals import referrals as find

    with looking(area) as session:
        found = find(session, crn=crn, area=area, unanswered=unanswered)
        show_views(found, ReferralView, "no referrals", json, limit)


@listing(drafts_group)
def drafts(
    context: typer.Context,
    crn: Crn = None,
    unsettled: Annotated[
        bool, typer.Option("--open", help="Only drafts that nobody has recorded or replaced since.")
    ] = False,
    limit: Limit = ROWS_SHOWN,
    json: Json = False,
) -> None:
    """List forms that were refused and kept as drafts.

    The table counts the reasons. The JSON has them in full. To print a form: mappa drafts show N.
    """
    if context.invoked_subcommand is not None:
        return
    from views.drafts import DraftView
    from views.drafts import drafts as find

    with looking() as session:
        found = find(session, crn=crn, unsettled=unsettled)
        show_views(found, DraftView, "no drafts", json, limit)


@command(drafts_group, "show")
def draft_show(
    number: Annotated[int, typer.Argument(metavar="N", help="The number of the draft.")],
    as_typed: Annotated[
        Path | None,
        typer.Option(
            "--as-typed", metavar="FILE", help="Write what was typed to this file, byte for byte, if it is no form."
        ),
    ] = None,
) -> None:
    """Print a draft as JSON.

    Save it to a file, correct it and record it: mappa record KIND --crn CRN --file FILE.json. What could not be read as
    a form is kept too: write it to a file with --as-typed.
    """
    from views.drafts import draft_form

    with looking() as session:
        form, typed = draft_form(session, number)
    if as_typed is None:
        print_json(form)
        if typed is not None:
            complain(f"this is not all that was typed: mappa drafts show {number} --as-typed FILE writes it to a file")
        return
    if typed is None:
        raise WrongUsageError("the form shows all that was typed", to_do=f"mappa drafts show {number}")
    as_typed.touch(mode=0o600)
    as_typed.write_bytes(typed)
    say(f"what was typed, {len(typed):,} bytes: {as_typed}")


def minutes(
    crn: WhoseMeeting,
    meeting: Number,
    version: Version = None,
    html: Page = None,
    text: Annotated[bool, typer.Option("--text", help="Print as text. This is the default.")] = False,
    json: Json = False,
) -> None:
    """Print the minutes of a meeting.

    Or write them to a file as a web page. Prints the newest version unless you choose one. Minutes show
    the person's name.
    """
    from views.documents import minutes_view

    one_form_only(html, text, json)
    with looking() as session:
        found = minutes_view(session, crn, meeting, version)
    if json:
        print_view(found)
    else:
        hand_over(found.text, found.html, html, f"version {found.version} of the minutes, {found.state}")


def papers(crn: WhoseMeeting, meeting: Number, html: Page = None, json: Json = False) -> None:
    """Print the papers of a meeting.

    Or write them to a file as a web page. They are made from the record as it is now. Papers show the person's name.
    """
    from views.documents import papers_view

    one_form_only(html, False, json)
    with looking() as session:
        found = papers_view(session, crn, meeting)
    if json:
        print_view(found)
    else:
        hand_over(found.text, found.html, html, "papers")


def one_form_only(html: Path | None, text: bool, json: bool) -> None:
    """Refuse two forms at once, and a folder that is not there, before anything is read."""
    if sum((html is not None, text, json)) > 1:
        raise WrongUsageError("use only one of --html, --text and --json")
    if html is not None and not html.absolute().parent.is_dir():
        raise WrongUsageError(f"there is no folder {html.parent}", where="--html")


def hand_over(text: str, page: str, file: Path | None, what: str) -> None:
    """Print the text of a document, or write its page to a file that only its owner can read."""
    if file is None:
        say(text.rstrip("\n"))
        return
    file.touch(mode=0o600)
    file.write_text(page, encoding="utf-8")
    say(f"{file}: {what}")
