"""Every kind of file that is loaded, with its columns and its loader: for whoever offers all of them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from casework.loading import (
    board_business,
    board_meetings,
    directory,
    directory_entries,
    offences,
    population,
    registration_columns,
    registrations,
    reported_events,
    sentence_columns,
    sentences,
    training,
)
from casework.loading.columns import Columns
from casework.loading.report import LoadReport
from policy.book import shipped_book


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file: what it holds, its columns as on a day, whatever the area, and what loads it."""

    title: str
    columns: Callable[[date], Columns]
    load: Callable[..., LoadReport]


FILES: dict[str, FileKind] = {
    "sentences": FileKind(
        "Sentences, orders and cautions",
        sentence_columns.columns,
        sentences.load_sentences,
    ),
    "directory": FileKind(
        "Directory: who holds which role",
        lambda _: directory_entries.columns(shipped_book().agencies),
        directory.load_directory,
    ),
    "registrations": FileKind(
        "Registrations: a caseload that already runs, with its history",
        lambda _: registration_columns.columns(),
        registrations.load_registrations,
    ),
    "events": FileKind(
        "Events that the annual report counts", lambda _: reported_events.COLUMNS, reported_events.load_events
    ),
    "population": FileKind(
        "Population: people aged ten and over", lambda _: population.columns(), population.load_population
    ),
    "board-meetings": FileKind(
        "Board meetings: who was invited, and who came",
        lambda _: board_meetings.columns(shipped_book().agencies),
        board_meetings.load_board_meetings,
    ),
    "board-agenda": FileKind(
        "Agenda of the board's meetings, and what was decided",
        lambda _: board_business.agenda_columns(),
        board_business.load_board_agenda,
    ),
    "board-actions": FileKind(
        "Actions of the board, with their outcomes",
        lambda _: board_business.action_columns(shipped_book().agencies),
        board_business.load_board_actions,
    ),
    "training": FileKind(
        "Training of police offender managers (MOSAVO)", lambda _: training.columns(), training.load_training
    ),
    "offences": FileKind("Offence codes and their schedules", lambda _: offences.COLUMNS, offences.load_offences),
}
"""By the word that ``mappa load`` knows them by."""
