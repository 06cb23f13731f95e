"""A case in June 2026 about which the auditor finds nothing."""

from pathlib import Path

import pytest

from figures.settings import FigureSettings
from models.record import Record
from models.settings import read
from tasks import deliver, reports
from tasks.stage import run_stage
from tests.assurance.breaking import MORNING, audit, broken
from tests.support.opened import with_mail_in
from tests.support.story import DARREN, MEETING_DIRECTORY, Story, at


@pytest.fixture
def story(record: Record, tmp_path: Path) -> Story:
    """Darren's case in June 2026: identified, prompted once, the message sent; and audited with nothing wrong."""
    published = read(FigureSettings, publish_reports=True, reports_dir=tmp_path / "reports")
    record = with_mail_in(record, tmp_path / "mail").with_settings(published)
    told = Story(record, tmp_path, MEETING_DIRECTORY)
    told.load("2026-06-01", DARREN)
    told.tick("2026-06-01")
    told.tick("2026-06-12")
    run_stage(record, deliver.STAGE, at("2026-06-12"))
    run_stage(record, reports.STAGE, at("2026-06-01"))
    assert broken(audit(record, MORNING)) == {}
    return told
