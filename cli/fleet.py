"""The commands of a fleet: ``clock``, ``automations install``."""

from typing import Annotated

import typer

from cli.options import command, group, settings
from service.output import say, show_table

automations = group("Let Prefect watch for faults and tell you.")

ThroughWorkers = Annotated[
    bool,
    typer.Option(
        "--through-workers",
        help="Leave the work to workers: create runs of the deployments named fleet.",
    ),
]


def clock(through_workers: ThroughWorkers = False) -> None:
    """Run the clock alone, for a fleet.

    It looks for work that is due and runs the flows in this process, reporting to the Prefect server of
    PREFECT_API_URL. You can run several clocks at once. If no server answers, or no worker takes the work, the clock
    does it itself. Press Ctrl-C to stop it.
    """
    from service.fleet import run_clock

    run_clock(settings(), through_workers)


@command(automations)
def install() -> None:
    """Install the automations, or update them.

    On the Prefect server of PREFECT_API_URL, or the one that mappa serve starts. If MAPPA_OPERATOR_EMAIL is set, the
    flow operators_notice e-mails that address. If not, you see them only in Prefect's event feed.
    """
    from service.fleet import api_of
    from service.prefect.automations import NoPrefectError
    from service.prefect.automations import install as install_all
    from service.prefect.redis import AWAY, MENDS, reaches_redis
    from service.prefect.secret import signed_in
    from service.prefect.server import is_up

    api_url = api_of(settings())
    if not is_up(api_url, timeout=10):
        raise NoPrefectError(f"no Prefect server answers at {api_url}", to_do="start it, or set PREFECT_API_URL")
    if not reaches_redis(api_url, signed_in()):
        raise NoPrefectError(f"the Prefect server at {api_url} {AWAY}", to_do=MENDS)
    tell_by_mail = settings().mail.operator_email is not None
    done = install_all(api_url, tell_by_mail)
    show_table(("automation", "done"), done.items())
    if not tell_by_mail:
        say("MAPPA_OPERATOR_EMAIL is not set: you see these in Prefect, and nobody gets an e-mail")
