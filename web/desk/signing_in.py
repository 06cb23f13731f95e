"""Signing in: an address, then the code that was sent to it; and one's own sessions, to look at and to end."""

import secrets
from contextlib import suppress
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from urllib.parse import quote, unquote, urlsplit

from starlette.responses import RedirectResponse, Response

from models.clock import now
from notifications.letters.headers import POLICY
from notifications.outbox.addresses import AddressRefused, writable_address
from notifications.outbox.transports import open_transport
from notifications.settings import MailSettings
from policy.addresses import email_address
from policy.errors import NotAllowedError, NotFoundError
from web.access import codes, sessions
from web.access.hats import reader_of
from web.access.provider import SignInRefusedError, check_state, discovered, where_to, who_signed_in
from web.access.rights import Action
from web.pages import go, page, rendered
from web.routes import Pages
from web.visit import COOKIE, Visit, number_in

PAGES = Pages()
ASKED_COOKIE = "desk_asked"
PROVIDER_COOKIE = "desk_provider"
TEN_MINUTES = 600


def local(path: str) -> str:
    """Return a path of the desk to go to after signing in; Today for anything else."""
    parts = urlsplit(path)
    inside = path.startswith("/") and not path.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    return path if inside and "\n" not in path and "\r" not in path else "/today"


@PAGES.get("/", Action.ANYBODY)
def home(visit: Visit) -> Response:
    """Send whoever is signed in to Today, and anybody else to sign in."""
    return go("/today" if visit.known_reader else "/sign-in")


@PAGES.get("/sign-in", Action.ANYBODY)
def ask_for_address(visit: Visit) -> Response:
    """Show the form for the e-mail address."""
    if visit.known_reader:
        return go(local(visit.query.get("next", "/today")))
    return page(visit, "sign_in.html", next=local(visit.query.get("next", "/today")), email="", error="")


def back_from_provider(visit: Visit) -> str:
    """Return the address to which the provider sends the browser."""
    return f"{(visit.here.mail.desk_url or visit.here.desk.address).rstrip('/')}/sign-in/callback"


@PAGES.get("/sign-in/provider", Action.ANYBODY)
def to_provider(visit: Visit) -> Response:
    """Send the browser to the provider, with a secret for this one sign-in."""
    if not visit.here.desk.has_provider:
        raise NotFoundError("there is no such page")
    secret = secrets.token_urlsafe(32)
    response = RedirectResponse(where_to(discovered(visit.here.desk, back_from_provider(visit)), secret), 303)
    onward = quote(local(visit.query.get("next", "/today")), safe="")
    set_cookie(visit, response, PROVIDER_COOKIE, f"{secret}.{onward}", TEN_MINUTES)
    return response


@PAGES.get("/sign-in/callback", Action.ANYBODY)
def from_provider(visit: Visit) -> Response:
    """Sign in whom the provider names. It comes as a GET, as the provider sends the browser: good once, here alone."""
    if not visit.here.desk.has_provider:
        raise NotFoundError("there is no such page")
    secret, _, onward = visit.cookies.get(PROVIDER_COOKIE, "").partition(".")
    given = dict(visit.query)
    check_state(secret, given)
    with visit.record.writing() as session:
        fresh = codes.use_once(session, given["state"], visit.as_at)
    if not fresh:
        raise SignInRefusedError("this sign-in was used already", to_do="sign in again from the start")
    email = who_signed_in(discovered(visit.here.desk, back_from_provider(visit)), secret, given, visit.as_at)
    with visit.record.reading() as session:
        reader = reader_of(session, email, visit.today, visit.here.mail.operator_email)
    if reader is None:
        raise SignInRefusedError(f"{email} is not in the directory, and no case names it",
                                 to_do="ask the MAPPA coordinator of your area to add you")  # fmt: skip
    response = signed_in(visit, email, reader.name, "provider", local(unquote(onward)))
    response.delete_cookie(PROVIDER_COOKIE)
    return response


def refuse_codes(visit: Visit) -> None:
    """Raise ``NotAllowedError`` where people sign in with their organisation's account alone."""
    if not visit.here.desk.has_codes:
        raise NotAllowedError("no codes are sent here", to_do="sign in with your organisation's account")


@PAGES.post("/sign-in", Action.ANYBODY)
def send_code(visit: Visit) -> Response:
    """Send a code to an address that is known; the answer is the same for any other."""
    refuse_codes(visit)
    onward, typed = local(visit.text("next")), visit.text("email")
    try:
        email = email_address(typed)
    except ValueError:
        error = "Enter an e-mail address, such as name@probation.example"
        return page(visit, "sign_in.html", status=400, next=onward, email=typed, error=error)
    with visit.record.writing() as session:
        asked = codes.ask(session, email, visit.came_from, visit.as_at)
        reader = reader_of(session, email, visit.today, visit.here.mail.operator_email)
    if asked is None:
        error = "Too many codes were asked for. Wait an hour, then try again."
        return page(visit, "sign_in.html", status=429, next=onward, email=typed, error=error)
    if reader is not None:
        # After the answer has left: how long it took tells nobody whether the address is known.
        visit.later.append((mail_code, visit.here.mail, email, rendered(visit, "code_mail.txt", code=asked.code)))
    response = page(visit, "sign_in_code.html", next=onward, email=email, error="")
    set_cookie(visit, response, ASKED_COOKIE, asked.secret, TEN_MINUTES)
    return response


@PAGES.post("/sign-in/code", Action.ANYBODY)
def take_code(visit: Visit) -> Response:
    """Sign in whoever gives the code that was sent to their address."""
    refuse_codes(visit)
    onward, email = local(visit.text("next")), visit.text("email")
    secret = visit.cookies.get(ASKED_COOKIE, "")
    with visit.record.writing() as session:
        right = codes.redeem(session, email, secret, visit.text("code"), visit.as_at)
        reader = reader_of(session, email, visit.today, visit.here.mail.operator_email) if right else None
    if reader is None:
        error = "That code is not right, or it is more than ten minutes old. Check it, or ask for a new one."
        return page(visit, "sign_in_code.html", status=400, next=onward, email=email, error=error)
    response = signed_in(visit, email, reader.name, "code", onward)
    response.delete_cookie(ASKED_COOKIE)
    return response


def signed_in(visit: Visit, email: str, name: str, how: str, onward: str) -> Response:
    """Begin a session, and return the answer that sends its browser onward."""
    with visit.record.writing() as session:
        if visit.session_id:
            sessions.end(session, visit.session_id, visit.reader.email, visit.reader.name, visit.as_at)
        token = sessions.begin(session, email, name, how, visit.browser, visit.as_at)
    response = go(onward)
    set_cookie(visit, response, COOKIE, token, None)
    return response


def set_cookie(visit: Visit, response: Response, name: str, value: str, seconds: int | None) -> None:
    """Give the browser a cookie that no script reads and no other site's form carries."""
    # Lax, not strict: a link in an e-mail that is read in a browser opens the page, not the sign-in once more.
    response.set_cookie(name, value, max_age=seconds, httponly=True, secure=visit.here.secure, samesite="lax")


def mail_code(settings: MailSettings, email: str, text: str) -> None:
    """Send a code by e-mail, at once: it is no prompt and waits in no outbox; who gets none asks again."""
    message = EmailMessage(policy=POLICY)
    message["From"], message["To"] = settings.mail_from, email
    message["Subject"] = "Your code for signing in"
    message["Date"], message["Message-ID"] = format_datetime(now()), make_msgid(domain="mappa.invalid")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    with suppress(AddressRefused), open_transport(settings) as transport:
        transport.send(message, writable_address(email, settings.allowed_domains))


@PAGES.get("/you", Action.SIGNED_IN)
def you(visit: Visit) -> Response:
    """Show who the reader is here, and their sessions."""
    with visit.record.reading() as session:
        rows = sessions.own(session, visit.reader.email, visit.here.desk, visit.as_at)
        return page(visit, "you.html", sessions=rows)


@PAGES.post("/sign-out", Action.SIGNED_IN)
def sign_out(visit: Visit) -> Response:
    """End this session, or another of the reader's own."""
    number = number_in(visit.text("session")) or visit.session_id
    with visit.record.writing() as session:
        sessions.end(session, number, visit.reader.email, visit.reader.name, visit.as_at)
    return go("/sign-in" if number == visit.session_id else "/you")
