"""``mappa token``: the tokens by which other systems use the API."""

from datetime import date
from typing import Annotated

import typer

from cli.look import looking, show_views
from cli.options import AsAt, By, Json, Limit, actor_of, as_at_or_now, command, group, one_of, settings, wrong_usage
from policy.roles import DIRECTORY_ROLES
from service.output import ROWS_SHOWN, print_view, say
from views.times import parse_day

app = group("Make, list or revoke the tokens by which other systems use the API.")
SCOPES = ("read", "record", "changes")
RoleOption = one_of(
    "ActingRole", [role.value for role in DIRECTORY_ROLES],
    typer.Option("--role", help="The role in which the system acts: it may do what its holder may."),
)  # fmt: skip
ScopeOption = Annotated[
    list[str],
    typer.Option(
        "--scope",
        metavar="SCOPE",
        help="What it may be used for: read, record or changes. Repeat it for several. Default: read.",
    ),
]


@command(app)
def add(
    name: Annotated[str, typer.Option("--name", metavar="NAME", help="Which system it is: the audit trail shows it.")],
    address: Annotated[
        str,
        typer.Option(
            "--address",
            metavar="E-MAIL",
            help="An e-mail address of the system's own. To let it read a restricted case, name it there.",
        ),
    ],
    role: RoleOption,  # type: ignore[valid-type]  # its words are known only when the program runs
    area: Annotated[list[str], typer.Option("--area", metavar="AREA", help="The MAPPA area. Repeat it for several.")],
    scope: ScopeOption = ("read",),  # type: ignore[assignment]  # Typer makes a list of it
    agency: Annotated[
        str, typer.Option("--agency", metavar="AGENCY", help="The agency, for a role that speaks for one.")
    ] = "",
    unit: Annotated[
        str, typer.Option("--unit", metavar="UNIT", help="The unit or prison, for a role that speaks for one.")
    ] = "",
    until: Annotated[
        date | None,
        typer.Option(
            "--until", metavar="DATE", parser=wrong_usage(parse_day), help="Its last day. Default: a year from now."
        ),
    ] = None,
    as_at: AsAt = None,
    by: By = None,
    json: Json = False,
) -> None:
    """Make a token for another system.

    The token is shown once and kept nowhere: hand it over by a safe way. The system then sees and records what a person
    in the same role would, but no restricted case, unless it is named among the readers of the case.
    """
    from policy.calendar import london_date
    from policy.roles import Role
    from service.open_record import area_as_written, open_ready_record, refuse_unknown_area
    from views.tokens import MadeTokenView
    from web.access.tokens import LONGEST, Scope, Wanted, make

    if unknown := [one for one in scope if one not in SCOPES]:
        raise typer.BadParameter(f"there is no scope {unknown[0]!r}: choose from {', '.join(SCOPES)}")
    when = as_at_or_now(as_at)
    record = open_ready_record(settings(), when)
    areas = [area_as_written(record, one) for one in area]
    for one in areas:
        refuse_unknown_area(record, one)
    wanted = Wanted(
        name=name, address=address, role=Role(str(getattr(role, "value", role))), areas=areas,
        scopes=[Scope(one) for one in scope], ends_on=until or london_date(when) + LONGEST, agency=agency, unit=unit,
    )  # fmt: skip
    with record.writing() as session:
        number, secret = make(session, wanted, actor_of(by), when)
    if json:
        print_view(MadeTokenView(token=number, secret=secret, ends_on=wanted.ends_on))
    else:
        say(f"token {number} is good until {wanted.ends_on}. It is not shown again:", secret)


@command(app, "list")
def list_tokens(limit: Limit = ROWS_SHOWN, json: Json = False) -> None:
    """List the tokens, also those that have ended or were revoked.

    Shows for whom each is, what it may do, when it ends and when it was last used.
    """
    from views.tokens import TokenView, tokens

    with looking() as session:
        show_views(tokens(session), TokenView, "no tokens", json, limit)


@command(app)
def revoke(
    token: Annotated[int, typer.Argument(metavar="N", min=1, help="The number of the token.")],
    as_at: AsAt = None,
    by: By = None,
    json: Json = False,
) -> None:
    """Revoke a token for good.

    The system that has it can do nothing any more from the next call on.
    """
    from service.open_record import open_ready_record
    from views.tokens import RevokedTokenView
    from web.access.tokens import revoke as end

    when = as_at_or_now(as_at)
    with open_ready_record(settings(), when).writing() as session:
        end(session, token, actor_of(by), when)
    if json:
        print_view(RevokedTokenView(token=token, revoked_at=when))
    else:
        say(f"token {token} is revoked")
