"""The API as an application of its own, which the desk's mounts: its errors are problems, not pages."""

from fastapi import FastAPI
from fastapi.routing import APIRoute

from models.record import Record
from web.api import case_parts, cases, changes, domain_events, of_areas, recording
from web.api.description import described
from web.api.errors import HANDLERS

ROOT = "/api/v1"
DESCRIPTION = (
    "For other systems: the cases, what is due on them, and the facts that people record, with the rights that a "
    "person in the same role has at the desk. A call carries a token, made by `mappa token add`. Days are ISO 8601, "
    "moments carry the offset of Europe/London."
)
CALLS = (cases.CALLS, case_parts.CALLS, recording.CALLS, domain_events.CALLS, of_areas.CALLS, changes.CALLS)


def make_api(record: Record) -> FastAPI:
    """Return the application that answers below ``ROOT``."""
    api = FastAPI(
        title="mappa", version="1", description=DESCRIPTION, docs_url=None, redoc_url=None, redirect_slashes=False,
        servers=[{"url": ROOT}], root_path_in_servers=False, exception_handlers=HANDLERS,
        generate_unique_id_function=name_of,
    )  # fmt: skip
    api.state.record = record
    for calls in CALLS:
        api.include_router(calls)
    described(api)
    return api


def name_of(route: APIRoute) -> str:
    """Return the name of a call in the description: that of its function."""
    return route.name
