"""A record opened as the program opens it: with the settings of the environment at that moment."""

from pathlib import Path
from typing import Any

from assurance.settings import AssuranceSettings
from models.record import Record
from models.settings import read
from notifications.settings import MailSettings
from policy.book import PolicyBook, shipped_book


def opened(url: str, policies: PolicyBook | None = None) -> Record:
    """Open a record, under the shipped policy unless told otherwise."""
    return Record(url, policies or shipped_book(), read(MailSettings), read(AssuranceSettings))


def by_the_settings(record: Record) -> Record:
    """Return a record as a program that starts now would have it open."""
    return record.with_settings(read(MailSettings), read(AssuranceSettings))


def with_mail_in(record: Record, folder: Path, **more: Any) -> Record:
    """Return the record with its mail going to a folder."""
    return record.with_settings(read(MailSettings, transport="folder", mail_folder=folder, **more))
