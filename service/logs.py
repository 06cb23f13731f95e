"""The log: one line an event on standard error, for people or as JSON, and never a name.

The text of an exception may quote a row, names included: a line tells its type and place only. Of other people's
libraries nothing below a warning is shown.
"""

import logging
import sys
from datetime import UTC, datetime
from pathlib import Path
from traceback import extract_tb
from types import TracebackType
from typing import Any, ClassVar, TextIO

import orjson

from models.settings import read
from service.log_settings import Level, LogSettings

ROOMS = frozenset({"policy", "models", "casework", "notifications", "tasks", "flows", "service"})
EXTRA = ("stage", "case")
"""What every JSON line has, null where it is not known."""
COUNTS = ("waited", "done", "skipped", "failed", "seconds", "dry_run")
"""What the line about a run of a stage has besides."""
ErrorInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def type_and_place(error: BaseException) -> str:
    """Return what may be said of an error whose text may quote a name."""
    frames = extract_tb(error.__traceback__)
    if not frames:
        return type(error).__name__
    place = Path(frames[-1].filename)
    return f"{type(error).__name__} at {place.parent.name}/{place.name}:{frames[-1].lineno}"


def moment_of(record: logging.LogRecord) -> str:
    """Return when a line was logged, in UTC."""
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


class TextLine(logging.Formatter):
    """A line for people: when, level, where, what; the case where one is known."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        error = f" ({self.formatException(record.exc_info)})" if record.exc_info else ""
        case = f" [{record.__dict__['case']}]" if record.__dict__.get("case") else ""
        return f"{moment_of(record)} {record.levelname} {record.name}: {record.getMessage()}{case}{error}"

    def formatException(self, ei: ErrorInfo) -> str:  # noqa: N802  the interface
        """Return the type of an exception and its place, never its text."""
        return type_and_place(ei[1]) if ei[1] is not None else ""


class JsonLine(TextLine):
    """A line for programs: one JSON object."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        given = record.__dict__
        line: dict[str, Any] = {
            "time": moment_of(record),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "flow_run_id": flow_run_id(),
            **{name: given.get(name) for name in EXTRA},
            **{name: given[name] for name in COUNTS if name in given},
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return orjson.dumps(line, default=str).decode()


def flow_run_id() -> str | None:
    """Return the id of the flow run in which this thread is at work, as Prefect knows it."""
    # Outside a flow run there is no reason to import Prefect.
    if "prefect.context" not in sys.modules:
        return None
    from prefect.runtime import flow_run

    return flow_run.get_id()


class Lines(logging.StreamHandler[TextIO]):
    """Writes the lines to what is standard error at the time; Prefect is told to use it, too."""

    settings: ClassVar[LogSettings | None] = None
    """Those that the log was set up with. In a worker's process, where only Prefect sets up a log, there are none."""

    def __init__(self, **_of_prefect: Any) -> None:
        """Write in the form the settings name; what Prefect would give its own handler is left aside."""
        logging.Handler.__init__(self)
        self.addFilter(is_told)
        settings = self.settings or read(LogSettings)
        super().setFormatter(JsonLine() if settings.log_format == "json" else TextLine())

    def setFormatter(self, fmt: logging.Formatter | None) -> None:  # noqa: N802  the interface
        """Keep the form: it is no matter of Prefect's configuration."""

    @property
    def stream(self) -> TextIO:  # type: ignore[override]
        """Return standard error as it stands now."""
        return sys.stderr


def is_told(record: logging.LogRecord) -> bool:
    """Tell whether a line is for the log: the program's own, and the warnings of others.

    Prefect shows a run that failed with its traceback; here the clock tells of it, in a sentence and once.
    """
    if record.name.startswith(("prefect.flow_runs", "prefect.task_runs")):
        return False
    return record.levelno >= logging.WARNING or record.name.partition(".")[0] in ROOMS


def set_up(settings: LogSettings, default: Level = "WARNING") -> None:
    """Log as the settings say, from ``default`` on where they name no level. The one place that sets it up."""
    Lines.settings = settings
    root = logging.getLogger()
    for handler in [one for one in root.handlers if isinstance(one, Lines)]:
        root.removeHandler(handler)
    root.addHandler(Lines())
    root.setLevel(settings.log_level or default)
    logging.captureWarnings(True)
    # It warns at every beat that finds the last one still at work, which is how it should be.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)


def prefect_environment() -> dict[str, str]:
    """Return the variables that keep Prefect, which sets up all logging when it is imported, to the same lines."""
    return {
        "PREFECT_LOGGING_HANDLERS_CONSOLE_CLASS": f"{Lines.__module__}.{Lines.__name__}",
        "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "NOTSET",
        "PREFECT_LOGGING_ROOT_LEVEL": logging.getLevelName(logging.getLogger().level),
    }
