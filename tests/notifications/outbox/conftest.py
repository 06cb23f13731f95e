"""One round of the outbox, with settings of its own."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from models.record import Record
from notifications.outbox.claims import waiting
from notifications.outbox.deliver import deliver
from notifications.outbox.outcomes import Delivery
from notifications.settings import MailSettings
from tests.notifications.outbox.box import Box
from tests.support.factories import EIGHT


@pytest.fixture
def settings() -> MailSettings:
    return MailSettings(allowed_domains=("probation.example", ".police.example"), lease_minutes=15, max_tries=3)


@pytest.fixture
def poll(record: Record, settings: MailSettings) -> Callable[..., list[Delivery]]:
    """Do what the stage does: ask what waits, and deliver it."""

    def poll(box: Box, after: timedelta = timedelta(0)) -> list[Delivery]:
        as_at = EIGHT + after
        with record.reading() as session:
            ids = waiting(session, as_at, max_tries=settings.max_tries)
        with record.writing() as session:
            return deliver(session, ids, as_at, box, settings)

    return poll
