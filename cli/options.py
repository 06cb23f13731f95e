"""What every command shares: its options, its errors, and how it is registered."""

import getpass
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from datetime import datetime, time
from enum import Enum
from functools import wraps
from inspect import Parameter, Signature, signature
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer
from typer.models import ParameterInfo

from cli.errors import complain, plain_errors
from policy.characters import unwritten
from policy.errors import WrongUsageError
from policy.identifiers import looked_up
from policy.texts import HIGHEST_NUMBER
from views.times import parse_time

if TYPE_CHECKING:
    from service.settings import Settings

Function = TypeVar("Function", bound=Callable[..., Any])
END_OF_DAY = time(23, 59, 59, 999999)


def group(help_text: str | None, **more: Any) -> typer.Typer:
    """Return an empty group of commands. Tracebacks never show local variables: they hold names."""
    more.setdefault("no_args_is_help", True)
    return typer.Typer(
        help=help_text, add_completion=False, rich_markup_mode=None, pretty_exceptions_show_locals=False, **more
    )


def wrong_usage(reader: Callable[[str], Any]) -> Callable[[str], Any]:
    """Return a reader of option values whose ``ValueError`` is shown as wrong usage, sentence and all."""

    def read(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        try:
            return reader(value)
        except ValueError as error:
            raise typer.BadParameter(str(error)) from None

    return read


def end_of(text: str) -> datetime:
    """Return the moment in ``text``; a bare date means the end of that day."""
    return parse_time(text, END_OF_DAY)


def start_of(text: str) -> datetime:
    """Return the moment in ``text``; a bare date means the beginning of that day."""
    return parse_time(text, time(0))


def crn_of(text: str) -> str:
    """Return a CRN (or case reference) as the record writes it."""
    return looked_up(text)


AsAt = Annotated[
    datetime | None,
    typer.Option(
        "--as-at",
        metavar="MOMENT",
        parser=wrong_usage(parse_time),
        show_default=False,
        help="Act as if it were this time (ISO 8601, in Europe/London unless it has an offset; a date alone means "
        "08:00). Default: now.",
    ),
]
Area = Annotated[
    str | None, typer.Option("--area", metavar="AREA", help="Only this MAPPA area, in capitals or small letters.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
By = Annotated[
    str | None,
    typer.Option("--by", metavar="NAME", help="Your name, for the audit trail. Default: your login name."),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would happen. Changes nothing and sends nothing.")]
Crn = Annotated[
    str | None,
    typer.Option("--crn", metavar="CRN", parser=wrong_usage(crn_of), help="Only this person: CRN or case reference."),
]
Limit = Annotated[
    int,
    typer.Option("--limit", metavar="N", min=0, help="Show at most this many rows. 0 shows all. JSON always has all."),
]
Database = Annotated[
    str | None,
    typer.Option(
        "--database",
        metavar="URL",
        help="The database: sqlite:///FILE or postgresql://HOST/NAME. Default: MAPPA_DATABASE_URL, "
        "else sqlite:///var/mappa.db.",
    ),
]


_DATABASE: ContextVar[str | None] = ContextVar("what --database gave", default=None)
_SETTINGS: "ContextVar[Settings]" = ContextVar("the settings of this command line")


def begin(database: str | None) -> None:
    """Begin a command line, with what stands before its command: ``--database``, or nothing."""
    _DATABASE.set(database)


def database_asked_for() -> str | None:
    """Return the URL that ``--database`` gave, before the command or after it."""
    return _DATABASE.get()


def settings() -> "Settings":
    """Return the settings of this command line, read when its command began. A command hands them on."""
    return _SETTINGS.get()


def command(app: typer.Typer, name: str | None = None, *, checked: bool = True) -> Callable[[Function], Function]:
    """Register a function as a command that also takes ``--database``, reads the settings, and fails in sentences.

    ``checked`` false: the command reads the settings by itself.

    Imports of the record stand inside the commands: help must not wait for SQLAlchemy, nor anything for Prefect.
    The function itself is returned unchanged, so it can be called like any other.
    """

    def register(function: Function) -> Function:
        app.command(name)(with_house_rules(function, checked=checked))
        return function

    return register


def listing(app: typer.Typer) -> Callable[[Function], Function]:
    """Register what a group does when it is called without one of its commands."""

    def register(function: Function) -> Function:
        app.callback(invoke_without_command=True)(with_house_rules(function))
        return function

    return register


def with_house_rules(function: Callable[..., Any], *, checked: bool = True) -> Callable[..., None]:
    """Return ``function`` with one more option, ``--database``, and with its errors told in sentences."""
    known = signature(function, eval_str=True)
    takes_area = "area" in known.parameters and known.parameters["area"].annotation == Area

    @wraps(function)
    def run(*args: Any, database: str | None = None, **options: Any) -> None:
        from service import logs
        from service.settings import read_settings, unknown_variables

        if database is not None:
            _DATABASE.set(database)
        with plain_errors():
            if checked:
                _SETTINGS.set(read_settings(database_asked_for()))
                logs.set_up(settings().log)
                complain(*unknown_variables())
            refuse_what_nobody_writes(known, options)
            if takes_area and options["area"] is not None:
                from service.open_record import area_as_written, record_of

                options["area"] = area_as_written(record_of(settings()), options["area"])
            function(*args, **options)

    extra = Parameter("database", Parameter.KEYWORD_ONLY, default=None, annotation=Database)
    run.__signature__ = known.replace(parameters=[*known.parameters.values(), extra])  # type: ignore[attr-defined]
    run.__annotations__ = {**function.__annotations__, "database": Database}
    return run


def refuse_what_nobody_writes(known: Signature, options: dict[str, Any]) -> None:
    """Raise ``WrongUsageError`` for a text with a control character, or that nobody sees, and for a number past all.

    It names the option. A file may be called anything: its name is no text of the record.
    """
    for name, value in options.items():
        for one in value if isinstance(value, list | tuple) else [value]:
            wrong = unwritten(one, lines=False) if isinstance(one, str) else ""
            if isinstance(one, int) and abs(one) > HIGHEST_NUMBER:
                wrong = f"the number is too large: {HIGHEST_NUMBER:,} is the most"
            if wrong:
                raise WrongUsageError(wrong, where=called(known.parameters[name]))


def called(parameter: Parameter) -> str:
    """Return how a command calls one of its options, or what stands for an argument."""
    for told in getattr(parameter.annotation, "__metadata__", ()):
        if isinstance(told, ParameterInfo):
            given = (told.default, *(told.param_decls or ()))
            options = [one for one in given if isinstance(one, str) and one.startswith("--")]
            return next(iter(options), told.metavar or f"--{parameter.name}")
    return f"--{parameter.name}"


def as_at_or_now(as_at: datetime | None) -> datetime:
    """Return the moment of the work: the one asked for, else now."""
    from models.clock import now

    return as_at or now()


def actor_of(name: str | None) -> str:
    """Return who acts: the name given, else the login name."""
    if name and name.strip():
        return name.strip()
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return "unknown"


def one_of(name: str, words: Iterable[str], option: Any) -> Any:
    """Return the type of an option that takes one of some words, as the help lists them; ``name``: of the list."""
    members: Any = {word: word for word in words}
    choice: Any = Enum(name, members, type=str)  # type: ignore[misc]  # its name and members are known only now
    return Annotated[choice | None, option]
