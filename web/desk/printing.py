"""Documents to read and to print: as a page of their own, and as PDF where the machine can make one.

The reference and the number of the page stand on each sheet of a PDF, by the document's own style.
"""

from starlette.responses import HTMLResponse, Response

from figures.pdf import pdf_of

DOCUMENT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"
"""A document for printing carries its own style, and nothing else."""


def document(html: str) -> Response:
    """Return a document as a page of its own."""
    return HTMLResponse(html, headers={"Content-Security-Policy": DOCUMENT_POLICY})


def as_pdf(html: str, name: str) -> Response:
    """Return a document as a PDF to download. ``name``: that of the file, without its ending."""
    headers = {"Content-Disposition": f'attachment; filename="{name.replace(" ", "-")}.pdf"'}
    return Response(pdf_of(html), media_type="application/pdf", headers=headers)
