"""The pages: what is due, the cases, and the forms in which people record what happened."""

from web.desk import (
    away,
    calendar_feed,
    case,
    case_parts,
    cases,
    directory,
    drafts,
    due,
    loading,
    looking_on,
    meetings,
    messages,
    minutes,
    news,
    recording,
    signing_in,
    today,
)
from web.desk.room import pages as room
from web.routes import Page

PAGES: tuple[Page, ...] = tuple(
    page
    for module in (
        signing_in, today, due, cases, case, case_parts, recording, drafts, meetings, room, minutes, messages,
        looking_on, directory, loading, away, news, calendar_feed,
    )
    for page in module.PAGES
)  # fmt: skip
"""Every page of the desk."""
