"""``mappa policy``: the numbers in force with their sources, and what a change of them would change."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.options import Json, command, group, settings, wrong_usage
from policy.errors import UnreadableError
from service.output import cell, print_view, say, show_table
from views.times import parse_day

if TYPE_CHECKING:
    from policy.book import PolicyBook
    from policy.numbers import Policy

app = group("Show the timescales and other numbers in force, or check a change.")

BESIDE_THE_POINT = ("version", "title", "area", "base", "in_force_from")
AreaOfPolicy = Annotated[
    str | None,
    typer.Option("--area", metavar="AREA", help="The numbers for this area. Default: for areas without their own."),
]
On = Annotated[
    date | None,
    typer.Option(
        "--on", metavar="DATE", parser=wrong_usage(parse_day), help="The numbers in force on this day. Default: today."
    ),
]


@command(app)
def show(area: AreaOfPolicy = None, on: On = None, json: Json = False) -> None:
    """Show the numbers in force.

    Shows the source of each number and its status: confirmed by a source, our default, or general knowledge that nobody
    has confirmed.
    """
    from models.clock import now
    from models.record import read_policies
    from policy.calendar import london_date
    from views.policy import policy_view

    book = read_policies(settings().record.policy_dir)
    day = on or london_date(now())
    policy = book.for_area(area or "", day)
    if json:
        print_view(policy_view(policy, area, day))
    else:
        print_policy(policy, book, day)


def print_policy(policy: "Policy", book: "PolicyBook", day: date) -> None:
    """Print a policy for people."""
    say(
        f"policy {policy.version}, in force from {policy.in_force_from}, for "
        + (f"the area {policy.area}" if policy.area else "every area without its own"),
        f"  {policy.title}".rstrip(),
    )
    others = [
        f"{p.version} ({p.area or 'every area'}, from {p.in_force_from})" for p in book.policies if p is not policy
    ]
    if others:
        say(f"  also known on {day}: {', '.join(others)}")
    show_table(
        ("timescale", "from", "due", "owner", "status", "source"),
        [
            (kind.value, rule.from_, rule.offset, f"{rule.owner} ({rule.owner_agency})", rule.status, rule.source)
            for kind, rule in policy.timescales.items()
        ],
        title="timescales (W: working days of England and Wales)",
    )
    show_table(
        ("timescale", "rung", "to", "weight"),
        [
            (kind.value + (f", {variant}" if variant else ""), rung.known_as, ", ".join(rung.to), rung.weight.value)
            for kind, rule in policy.timescales.items()
            for variant, ladder in (("", rule.rungs), *((name, one.rungs) for name, one in rule.variants.items()))
            for rung in ladder or ()
        ],
        title=f"prompts, from {policy.prompting.from_hour:02d}:00 Europe/London on the day",
    )
    show_table(
        ("event", "reader", "when", "source"),
        [
            (event.value, row.addressee, ", ".join(row.when), row.source)
            for event, rows in policy.concerns.items()
            for row in rows
        ],
        title="whom each event concerns, told at once ('concerned' above)",
    )
    show_table(
        ("role", "if it has nobody"),
        [(role.value, ", ".join(line)) for role, line in policy.fallback.items()],
        title="up the line",
    )
    other = {
        "prompting": policy.prompting,
        "messages": policy.messages,
        "retention": policy.retention,
        "dates": policy.dates,
        "silence": policy.silence,
        "clock": policy.clock,
        "attendance": policy.attendance,
        "eligibility": policy.eligibility,
        "notification": policy.notification,
    }
    rows = [row for name, part in other.items() for row in flat(part.model_dump(mode="json"), name)]
    show_table(("number", "value"), [(name, cell(value)) for name, value in rows], title="other numbers")


@command(app)
def check(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="The TOML file with your changes.", exists=True, dir_okay=False, readable=True
        ),
    ],
    json: Json = False,
) -> None:
    """Check a change before you make it.

    Shows what would change. Puts nothing in force.
    """
    from views.policy import ChangedNumberView, PolicyCheckView

    book, base = book_with(file, settings().record.policy_dir)
    policy = book.policies[-1]
    changes = list(differences(base, policy))
    if json:
        print_view(
            PolicyCheckView(
                version=policy.version,
                area=policy.area,
                in_force_from=policy.in_force_from,
                compared_with=base.version,
                changes=[ChangedNumberView(number=n, before=b, after=a) for n, b, a in changes],
            )
        )
        return
    say(
        f"{file.name} is valid. {policy.version}, for {policy.area or 'every area'}, in force from "
        f"{policy.in_force_from}, against {base.version}:"
    )
    show_table(("number", "before", "after"), [(n, cell(b), cell(a)) for n, b, a in changes], nothing="changes nothing")
    say(f"To see what it would do to what runs: mappa policy try {file}")


def book_with(file: Path, folder: Path | None) -> "tuple[PolicyBook, Policy]":
    """Return the policies with that of a file as the last, and the one it changes; it may build on those in force."""
    from policy.book import compile_book

    present = [path for path in sorted(folder.glob("*.toml")) if path.resolve() != file.resolve()] if folder else []
    # A file that stands in the folder builds on those before it by name, as at a start.
    if folder and file.resolve().parent == folder.resolve():
        present = [path for path in present if path.name < file.name]
    book = compile_book((path.name, text_of(path)) for path in (*present, file))
    policy = book.policies[-1]
    return book, book.version(policy.base) if policy.base else book.policies[0]


def text_of(path: Path) -> str:
    """Return the text of a policy file."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise UnreadableError("this is not UTF-8 text", where=path.name) from error


def differences(before: "Policy", after: "Policy") -> Iterator[tuple[str, Any, Any]]:
    """Yield each number that differs: its place in the file, before and after."""
    old = dict(flat(without_head(before)))
    new = dict(flat(without_head(after)))
    for name in dict.fromkeys((*old, *new)):
        if old.get(name) != new.get(name):
            yield name, old.get(name), new.get(name)


def without_head(policy: "Policy") -> dict[str, Any]:
    """Return the tables of a policy without what names it."""
    return policy.model_dump(mode="json", by_alias=True, exclude=set(BESIDE_THE_POINT))


def flat(tables: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every value with its dotted name; the rungs of a ladder go by their name, else by their moment."""
    for key, value in tables.items():
        name = f"{prefix}.{key}" if prefix else key
        if isinstance(value, Mapping):
            yield from flat(value, name)
        elif key == "rungs":
            for rung in value:
                letter = f", {rung['message']}" if "message" in rung else ""
                at = f"{rung['at']}: " if "name" in rung else ""
                yield (
                    f"{name}.{rung.get('name', rung['at'])}",
                    f"{at}{', '.join(rung['to'])} ({rung['weight']}{letter})",
                )
        else:
            yield name, value
