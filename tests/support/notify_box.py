"""GOV.UK Notify on this machine for tests: only what is used of its API, over real sockets; it misbehaves too."""

import json
import threading
from collections import deque
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal, Self
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

from notifications.settings import MailSettings

HOST = "127.0.0.1"
SERVICE, SECRET = "5e1b6c1a-7d5a-4b0e-9a44-0a5c1f0d2b3c", "0f9a7c52-3b1d-4c6e-8f2a-6d4b1e7a9c05"
TEMPLATE = "d7a3f2c1-9b8e-4f6d-a5c4-3b2a1f0e9d8c"
Mode = Literal["ok", "drop_before", "drop_after", "fail_after", "hang_after", "busy", "wrong_key", "no_service"]
REFUSALS: dict[str, tuple[int, str, str]] = {
    "busy": (429, "RateLimitError", "Exceeded rate limit for key type LIVE of 3000 requests per 60 seconds"),
    "wrong_key": (403, "AuthError", "Invalid token: API key not found"),
    "no_service": (500, "Exception", "Internal server error"),
}


class NotifyBox:
    """GOV.UK Notify inside a ``with`` block. ``modes`` are used up one a message, the last one stays.

    ``taken`` are the messages it has, whether or not it managed to say so; their state may be set. ``refusals`` are
    what it answers to these recipients: the kind of the error and its words.
    """

    def __init__(self, *modes: Mode) -> None:
        self.modes: deque[Mode] = deque(modes or ("ok",))
        self.taken: list[dict[str, Any]] = []
        self.refusals: dict[str, tuple[str, str]] = {}
        self.template = {"id": TEMPLATE, "type": "email", "subject": "((subject))", "body": "((body))"}
        self.over = threading.Event()
        self.server = ThreadingHTTPServer((HOST, 0), self.handler())
        self.server.daemon_threads = True

    def __enter__(self) -> Self:
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.server.shutdown()
        self.server.server_close()

    def settings(self, **values: Any) -> MailSettings:
        """The settings that lead here."""
        return MailSettings(**(self.variables | values))

    @property
    def variables(self) -> dict[str, Any]:
        """The same by the names of the settings."""
        return {
            "transport": "notify", "notify_url": f"http://{HOST}:{self.server.server_port}",
            "notify_api_key": f"mappa-{SERVICE}-{SECRET}", "notify_template_id": TEMPLATE,
            "notify_timeout_seconds": 1.0, "allowed_domains": "probation.example,mappa.example",
        }  # fmt: skip

    @property
    def references(self) -> list[str]:
        """What the messages that were taken are called, in the order in which they came."""
        return [one["reference"] for one in self.taken]

    def set_state(self, status: str, number: int = -1) -> None:
        """Let something have become of a message."""
        self.taken[number]["status"] = status

    def handler(self) -> type[BaseHTTPRequestHandler]:
        """What answers one request."""
        box = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the interface
                """Say nothing."""

            def do_GET(self) -> None:
                box.asked(self)

            def do_POST(self) -> None:
                box.given(self)

        return Handler

    def asked(self, request: BaseHTTPRequestHandler) -> None:
        """Answer what is only looked at."""
        url = urlsplit(request.path)
        wanted = {name: values[0] for name, values in parse_qs(url.query).items()}
        last = url.path.rpartition("/")[2]
        if not self.lets_in(request):
            self.refuse(request, *REFUSALS["wrong_key"])
        elif self.modes[0] == "no_service":
            self.refuse(request, *REFUSALS["no_service"])
        elif url.path.startswith("/v2/template/"):
            known = last == self.template["id"]
            self.say(request, 200, self.template) if known else self.refuse(request, 404, "NoResultFound", "None found")
        elif last == "notifications":
            found = [one for one in self.taken if one["reference"] == wanted["reference"]]
            self.say(request, 200, {"notifications": found, "links": {}})
        else:
            one = next((one for one in self.taken if one["id"] == last), None)
            self.say(request, 200, one) if one else self.refuse(request, 404, "NoResultFound", "No result found")

    def given(self, request: BaseHTTPRequestHandler) -> None:
        """Take a message, or not."""
        told = json.loads(request.rfile.read(int(request.headers["Content-Length"])))
        mode = self.modes.popleft() if len(self.modes) > 1 else self.modes[0]
        if mode in REFUSALS or not self.lets_in(request):
            self.refuse(request, *REFUSALS[mode if mode in REFUSALS else "wrong_key"])
            return
        if told["email_address"] in self.refusals:
            self.refuse(request, 400, *self.refusals[told["email_address"]])
            return
        if mode == "drop_before":
            request.close_connection = True
            return
        one = told | {"id": str(uuid4()), "status": "created", "type": "email"}
        self.taken.append(one)
        if mode == "hang_after":
            self.over.wait(30)
        elif mode == "fail_after":
            self.refuse(request, *REFUSALS["no_service"])
        elif mode == "drop_after":
            request.close_connection = True
        else:
            self.say(request, 201, {"id": one["id"], "reference": one["reference"]})

    def lets_in(self, request: BaseHTTPRequestHandler) -> bool:
        """Tell whether a request was signed with the secret of the service."""
        from notifications_python_client.authentication import decode_jwt_token, get_token_issuer

        token = request.headers["Authorization"].removeprefix("Bearer ")
        try:
            return bool(get_token_issuer(token) == SERVICE and decode_jwt_token(token, SECRET))
        except Exception:  # noqa: BLE001  it has an error for each thing that may be wrong
            return False

    def refuse(self, request: BaseHTTPRequestHandler, code: int, kind: str, words: str) -> None:
        """Answer with an error as the service words it."""
        self.say(request, code, {"status_code": code, "errors": [{"error": kind, "message": words}]})

    def say(self, request: BaseHTTPRequestHandler, code: int, told: Any) -> None:
        """Send an answer."""
        content = json.dumps(told).encode()
        with suppress(OSError):
            request.send_response(code)
            request.send_header("Content-Type", "application/json")
            request.send_header("Content-Length", str(len(content)))
            request.end_headers()
            request.wfile.write(content)
