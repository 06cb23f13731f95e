"""The style sheet as it is served: read once, compressed once, under a name that changes with its content."""

import gzip
from functools import cache
from hashlib import sha256
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from policy.errors import UnavailableError

BUILT = Path(__file__).parent / "built" / "desk.css"
STYLE_SHEET = "/assets/desk.css"
DAY = 86_400


@cache
def style_sheet() -> tuple[bytes, bytes, str]:
    """Return the style sheet, the same compressed, and the mark by which a browser knows that it has it.

    ``UnavailableError`` where it was not built: the installation does it.
    """
    if not BUILT.is_file():
        raise UnavailableError("the style sheet of the desk was not built", to_do="run make install")
    text = BUILT.read_bytes()
    return text, gzip.compress(text, 9), f'"{sha256(text).hexdigest()[:16]}"'


def serve(request: Request) -> Response:
    """Return the style sheet, or that the browser has it already."""
    text, compressed, mark = style_sheet()
    headers = {"ETag": mark, "Cache-Control": f"max-age={DAY}", "Vary": "Accept-Encoding"}
    if request.headers.get("if-none-match") == mark:
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(compressed, media_type="text/css", headers=headers | {"Content-Encoding": "gzip"})
    return Response(text, media_type="text/css", headers=headers)
