"""Files in: directory, offences and sentences (docs/reference/files.md).

A file is read twice: the first time every row is checked and nothing is written, so that a file that
cannot be read whole loads nothing; the second time good rows go in and bad rows go to the rejects file.
"""

from casework.loading.directory import load_directory
from casework.loading.offences import load_offences
from casework.loading.report import LoadReport, Reject
from casework.loading.sentences import load_sentences

__all__ = ["LoadReport", "Reject", "load_directory", "load_offences", "load_sentences"]
