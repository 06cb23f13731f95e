"""``mappa``: the command line. Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done but some input was rejected.

A command is imported when it is asked for: a list of cases waits for no other command, nor for what only that needs.
"""

import gc
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from typing import Annotated, Any, cast

import typer
from typer.core import TyperGroup
from typer.main import get_group

from cli.options import Database, begin, command, group
from service.output import say, write_any_name
from service.private_files import write_for_the_owner_alone

WHERE = {
    "load": "load:app",
    "take-on": "take_on:take_on",
    "taken-on": "take_on:taken_on",
    "record": "record:record",
    "tick": "run:tick",
    "run": "run:run",
    "simulate": "run:simulate",
    "case": "look:cases",
    "timescales": "look:timescales",
    "prompts": "look:prompts",
    "messages": "messages:app",
    "problems": "look:problems",
    "referrals": "meetings:referrals",
    "meetings": "meetings:meetings",
    "papers": "meetings:papers",
    "minutes": "meetings:minutes",
    "actions": "meetings:actions",
    "absences": "meetings:absences",
    "disclosures": "between_meetings:disclosures",
    "plan": "between_meetings:plan",
    "events": "between_meetings:events",
    "orders": "between_meetings:orders",
    "transfers": "between_meetings:transfers",
    "board-meetings": "meetings:board_meetings",
    "board-agenda": "board_business:agenda",
    "board-actions": "board_business:actions",
    "training": "board_business:training",
    "drafts": "meetings:drafts_group",
    "data-quality": "maintain:data_quality",
    "report": "report:app",
    "published": "maintain:published",
    "policy": "policy:app",
    "audit": "audit:app",
    "doctor": "doctor:doctor",
    "confirm": "confirm:app",
    "serve": "run:serve",
    "desk": "run:desk",
    "token": "tokens:app",
    "metrics": "maintain:metrics",
    "backup": "maintain:backup",
    "restore": "maintain:restore",
    "retention": "maintain:retention",
    "clock": "fleet:clock",
    "automations": "fleet:automations",
    "demo": "run:demo",
    "recompute": "maintain:recompute",
}
"""Where each command or group is, in the order in which people come to need them."""

INSIDE = {
    "load": {"domain-events": "domain_events:domain_events"},
    "report": {
        "kpi": "measures:kpi",
        "outcomes": "measures:outcomes",
        "outlook": "outlook:outlook",
        "board": "board:board",
    },
    "policy": {"try": "policy_change:try_out", "adopt": "policy_change:adopt"},
}
"""Where the commands of a group are that its own module does not register."""

READS_ITS_OWN_SETTINGS = ("doctor",)

OBJECTS_BETWEEN = 50_000
"""How many objects come to be between two looks for garbage: a start makes hundreds of thousands that all stay."""


def found_at(place: str) -> Any:
    """Return what stands at ``module:name`` in this room."""
    module, _, name = place.partition(":")
    return getattr(import_module(f"cli.{module}"), name)


@cache
def built(name: str) -> Any:
    """Return a command or a group by its name, with everything in it."""
    found, alone = found_at(WHERE[name]), group(None)
    if isinstance(found, typer.Typer):
        for inner, place in INSIDE.get(name, {}).items():
            command(found, inner)(found_at(place))
        alone.add_typer(found, name=name)
    else:
        command(alone, name, checked=name not in READS_ITS_OWN_SETTINGS)(found)
    return get_group(alone).commands[name]


class Commands(Mapping[str, Any]):
    """Every command by its name."""

    def __getitem__(self, name: str) -> Any:
        """Return a command; ``KeyError`` where there is none of that name."""
        return built(name)

    def __contains__(self, name: object) -> bool:
        """Tell whether there is such a command, which need not be imported for that."""
        return name in WHERE

    def __iter__(self) -> Iterator[str]:
        """Yield the names, in order."""
        return iter(WHERE)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(WHERE)


class Mappa(TyperGroup):
    """The group of all commands."""

    def __init__(self, **attributes: Any) -> None:
        """Take the commands from where they are, instead of those that were registered: none were."""
        super().__init__(**attributes | {"commands": None})
        self.commands = cast(Any, Commands())


app = group(
    "Keep track of MAPPA cases: what is due, who must do it, and who has been reminded. Settings come "
    "from environment variables named MAPPA_... Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done but some input was "
    "rejected.",
    cls=Mappa,
)


def print_version(asked: bool) -> None:
    """Print the version and end, where it is asked for."""
    if asked:
        from importlib.metadata import version

        say(f"mappa {version('mappa')}")
        raise typer.Exit


Version = Annotated[bool, typer.Option("--version", help="Print the version.", is_eager=True, callback=print_version)]


@app.callback()
def mappa(database: Database = None, version: Version = False) -> None:  # noqa: ARG001  it was printed by now
    """Take over the database for every command."""
    write_any_name()
    write_for_the_owner_alone()
    begin(database)


def main() -> None:
    """Run the command line."""
    gc.set_threshold(OBJECTS_BETWEEN)
    app()
