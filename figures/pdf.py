"""A page as PDF, where the machine can make one: with tags for a screen reader, and nothing fetched."""

import logging

from policy.errors import UnavailableError

HOW = (
    "install Pango (on Debian or Ubuntu: apt-get install libpango-1.0-0 libpangoft2-1.0-0) and the extra 'pdf' "
    "(pip install 'mappa[pdf]'); until then open the page and print it from the browser"
)


class NoPdfError(UnavailableError):
    """The machine cannot make a PDF."""

    def __init__(self) -> None:
        """Say what to install, and what can be done meanwhile."""
        super().__init__("this machine cannot make a PDF", to_do=HOW)


def pdf_of(html: str) -> bytes:
    """Return a page as PDF; ``NoPdfError`` where the machine cannot make one."""
    try:
        # Here: it is large, and it needs libraries of the system.
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher
    except (ImportError, OSError) as error:
        raise NoPdfError from error
    # What a style says to screens alone is no news to whoever prints.
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    made: bytes = HTML(string=html, url_fetcher=URLFetcher(allowed_protocols=())).write_pdf(pdf_tags=True)
    return made
