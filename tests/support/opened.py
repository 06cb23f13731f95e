"""A record opened as the program opens it: with the settings of the environment at that moment."""

from pathlib import Path
from typing import Any

from assurance.settings import AssuranceSettings
from figures.settings import FigureSettings
from models.record import Record
from models.settings import RecordSettings, read
from notifications.settings import MailSettings
from policy.book import PolicyBook, shipped_book

KEY_VARIABLE = "MAPPA_AUDIT_KEY_FILE"
"""Names the key of every record of a test run: copies of one record share it, as they share their first seal."""


def opened(url: str, policies: PolicyBook | None = None) -> Record:
    """Open a record for work as at any moment, under the shipped policy unless told otherwise."""
    of_the_record = read(RecordSettings, database_url=url, any_moment=True, policy_dir=None, bank_holidays=None)
    settings = of_the_record, read(MailSettings), read(AssuranceSettings), read(FigureSettings)
    return Record(url, policies or shipped_book(), *settings, key_file=of_the_record.audit_key_file)


def by_the_settings(record: Record) -> Record:
    """Return a record as a program that starts now would have it open."""
    return record.with_settings(read(MailSettings), read(AssuranceSettings), read(FigureSettings))


def with_mail_in(record: Record, folder: Path, **more: Any) -> Record:
    """Return the record with its mail going to a folder."""
    return record.with_settings(read(MailSettings, transport="folder", mail_folder=folder, **more))
