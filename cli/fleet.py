"""The commands of a fleet: ``clock``, ``automations install``."""

from typing import Annotated

import typer

from cli.options import command, group, settings
from service.output import say, show_table

automations = group("What Prefect watches and tells by itself.")

ThroughWorkers = Annotated[
    bool,
    typer.Option(
        "--through-workers",
        help="Create flow runs of the deployments 'fleet' for workers to take, instead of running them here.",
    ),
]


def clock(through_workers: ThroughWorkers = False) -> None:
    """Let a clock beat, alone, for a fleet.

    It asks the record what waits, and runs the flows in this process, reported to the Prefect server of
    PREFECT_API_URL. Several clocks at once are safe. Where no server answers, or no worker comes, it does the work
    itself. Ctrl-C stops it.
    """
    from service.fleet import run_clock

    run_clock(settings(), through_workers)


@command(automations)
def install() -> None:
    """Install the automations, or bring them up to date.

    On the Prefect server of PREFECT_API_URL, or on that of mappa serve. With MAPPA_OPERATOR_EMAIL they send an
    e-mail by the flow operators_notice; without it they show in Prefect's feed of events.
    """
    from service.fleet import api_of
    from service.prefect.automations import NoPrefectError
    from service.prefect.automations import install as install_all
    from service.prefect.server import is_up

    api_url = api_of(settings())
    if not is_up(api_url, timeout=10):
        raise NoPrefectError(f"no Prefect server answers at {api_url}", to_do="start it, or set PREFECT_API_URL")
    tell_by_mail = settings().mail.operator_email is not None
    done = install_all(api_url, tell_by_mail)
    show_table(("automation", "done"), done.items())
    if not tell_by_mail:
        say("MAPPA_OPERATOR_EMAIL is not set: they show in Prefect, and tell nobody by e-mail")
