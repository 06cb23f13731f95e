"""Documents to read and to print: as a page of their own, and as PDF where the machine can make one.

A PDF has tags for a screen reader, and the reference and the page on each sheet, by the document's own style. Nothing
that a document names is fetched.
"""

from starlette.responses import HTMLResponse, Response

from policy.errors import UnavailableError

DOCUMENT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"
"""A document for printing carries its own style, and nothing else."""
HOW = (
    "install Pango (on Debian or Ubuntu: apt-get install libpango-1.0-0 libpangoft2-1.0-0) and the extra 'pdf' "
    "(pip install 'mappa[pdf]'); until then open the page and print it from the browser"
)


class NoPdfError(UnavailableError):
    """The machine cannot make a PDF."""

    def __init__(self) -> None:
        """Say what to install, and what can be done meanwhile."""
        super().__init__("this machine cannot make a PDF", to_do=HOW)


def document(html: str) -> Response:
    """Return a document as a page of its own."""
    return HTMLResponse(html, headers={"Content-Security-Policy": DOCUMENT_POLICY})


def as_pdf(html: str, name: str) -> Response:
    """Return a document as a PDF to download. ``name``: that of the file, without its ending."""
    headers = {"Content-Disposition": f'attachment; filename="{name.replace(" ", "-")}.pdf"'}
    return Response(pdf_of(html), media_type="application/pdf", headers=headers)


def pdf_of(html: str) -> bytes:
    """Return a document as PDF; ``NoPdfError`` where the machine cannot make one."""
    try:
        # Here: it is large, and it needs libraries of the system.
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher
    except (ImportError, OSError) as error:
        raise NoPdfError from error
    made: bytes = HTML(string=html, url_fetcher=URLFetcher(allowed_protocols=())).write_pdf(pdf_tags=True)
    return made
