"""Files in: directory, offences, sentences, and a caseload with its history (docs/reference/files.md).

A file is read twice: the first time every row is checked and nothing is written, so that a file that
cannot be read whole loads nothing; the second time good rows go in and bad rows go to the rejects file.
"""

from casework.loading.board_business import load_board_actions, load_board_agenda
from casework.loading.board_meetings import load_board_meetings
from casework.loading.directory import load_directory
from casework.loading.offences import load_offences
from casework.loading.population import load_population
from casework.loading.registrations import load_registrations
from casework.loading.report import LoadReport, Reject
from casework.loading.reported_events import load_events
from casework.loading.sentences import load_sentences
from casework.loading.training import load_training

__all__ = [
    "LoadReport",
    "Reject",
    "load_board_actions",
    "load_board_agenda",
    "load_board_meetings",
    "load_directory",
    "load_events",
    "load_offences",
    "load_population",
    "load_registrations",
    "load_sentences",
    "load_training",
]
