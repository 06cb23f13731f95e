"""The desk as a web application, with the API in it: who asks is found out, what they may is checked, then shown."""

import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from urllib.parse import quote, urlsplit

from fastapi import FastAPI
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import Response

from models.clock import now
from models.record import Record
from notifications.settings import MailSettings
from policy.characters import unwritten
from policy.errors import MappaError, NotAllowedError, NotFoundError, SignInNeededError, outcome_of
from web.access import form_key, reads, sessions
from web.access.asked import case_asked
from web.access.hats import reader_of
from web.access.rights import OPEN, why
from web.api.application import ROOT, make_api
from web.api.errors import of_the_router
from web.assets.served import STYLE_SHEET, serve
from web.desk import PAGES
from web.pages import go, page
from web.routes import Page
from web.settings import THIS_MACHINE, DeskSettings
from web.visit import COOKIE, Here, Visit

log = logging.getLogger(__name__)

MOST_FIELDS, MOST_FILES, LARGEST_FIELD = 3000, 2, 2 * 1024 * 1024
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
HSTS = "max-age=31536000"


def make_app(record: Record, desk: DeskSettings, mail: MailSettings, further: Iterable[Page] = ()) -> FastAPI:
    """Return the application. ``further``: pages that only a demo has."""
    here = Here(record, desk, mail)
    app = FastAPI(title="mappa", openapi_url=None, docs_url=None, redoc_url=None)
    app.add_route(STYLE_SHEET, serve, methods=["GET"])
    for one in (*PAGES, *further):
        app.add_route(one.path, endpoint(here, one), methods=[one.method])
    app.mount(ROOT, make_api(record))
    app.add_exception_handler(HTTPException, not_there(here))
    app.add_middleware(GZipMiddleware, minimum_size=1000)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(hosts(here)), www_redirect=False)
    app.middleware("http")(with_headers(here))
    return app


def hosts(here: Here) -> Sequence[str]:
    """Return the names by which browsers may call the desk: any other is refused before anything is read."""
    named = urlsplit(here.mail.desk_url or "").hostname
    own = here.desk.desk_hosts or (*THIS_MACHINE, here.desk.desk_host, *([named] if named else []))
    return tuple(dict.fromkeys(own))


def with_headers(here: Here) -> Callable[[Request, Callable[[Request], Awaitable[Response]]], Awaitable[Response]]:
    """Return what adds to each answer the headers that keep a browser from doing more than it should."""

    async def add(request: Request, answer: Callable[[Request], Awaitable[Response]]) -> Response:
        response = await answer(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if here.secure:
            response.headers["Strict-Transport-Security"] = HSTS
        # A page may name a person: no cache keeps it, nor the history of a shared computer.
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return add


def endpoint(here: Here, one: Page) -> Callable[[Request], Awaitable[Response]]:
    """Return what answers the requests of a page."""

    async def answer(request: Request) -> Response:
        given = FormData()
        if one.method == "POST":
            try:
                given = await request.form(max_files=MOST_FILES, max_fields=MOST_FIELDS, max_part_size=LARGEST_FIELD)
            except HTTPException as error:
                return await run_in_threadpool(refused, visit_of(here, request, given), str(error.detail), 413)
        try:
            return await run_in_threadpool(answered, visit_of(here, request, given), one, request)
        finally:
            await given.close()

    return answer


def visit_of(here: Here, request: Request, given: FormData) -> Visit:
    """Return a request as a visit of somebody who is not known yet."""
    return Visit(
        here=here,
        method=request.method,
        path=request.url.path,
        query=request.query_params,
        parts={name: str(value) for name, value in request.path_params.items()},
        given=given,
        as_at=now(),
        came_from=request.client.host if request.client else "",
        browser=request.headers.get("user-agent", ""),
        cookies=dict(request.cookies),
    )


def answered(visit: Visit, one: Page, request: Request) -> Response:
    """Return the answer of a page to a visit, or the page that says why there is none."""
    try:
        refuse_odd(visit)
        visit = known(visit)
        if visit.method == "POST":
            refuse_foreign_forms(visit, request)
        visit = allowed(visit, one)
        response = one.handler(visit)
        if visit.later:
            response.background = BackgroundTask(do_all, visit.later)
        return response
    except SignInNeededError:
        asked = visit.path + (f"?{visit.query}" if visit.query else "")
        back = quote(asked if visit.method == "GET" else "/today", safe="/")
        return go(f"/sign-in?next={back}")
    except MappaError as error:
        return refused(visit, str(error), outcome_of(type(error)).status)
    except Exception:
        log.exception("a page of the desk failed: %s %s", one.method, one.path)
        return refused(visit, "Something went wrong here. It was noted; what you had typed and saved is kept.", 500)


def do_all(later: Sequence[tuple[object, ...]]) -> None:
    """Do what was put off until the answer had left."""
    for function, *given in later:
        assert callable(function)
        function(*given)


def known(visit: Visit) -> Visit:
    """Return a visit with who asks; one whose session has ended is nobody's."""
    token = visit.cookies.get(COOKIE, "")
    if not token:
        return visit
    with visit.record.reading() as session:
        row = sessions.running(session, token, visit.here.desk, visit.as_at)
        if row is None:
            return visit
        reader = reader_of(session, row.email, visit.today, visit.here.mail.operator_email)
        found = replace(
            visit, token=token, session_id=row.id, visited_before=row.visited_before_at,
            known_reader=reader,
        )  # fmt: skip
        note = sessions.must_be_noted(row, visit.as_at)
    if note:
        with visit.record.writing() as session:
            sessions.note_seen(session, found.session_id, visit.as_at)
    # Whoever holds no role any more is nobody here, though their session still runs.
    return found if reader is not None else visit


def refuse_odd(visit: Visit) -> None:
    """Raise ``NotFoundError`` for an address with a character that nothing on record can have, such as a zero byte."""
    texts = (*visit.parts.values(), *(value for _, value in visit.query.multi_items()))
    if any(unwritten(text, lines=False) for text in texts):
        raise NotFoundError("there is no such page: its address holds a character that nothing on record has")


def refuse_foreign_forms(visit: Visit, request: Request) -> None:
    """Raise ``NotAllowedError`` for a form that no page of the desk gave to this session."""
    if not form_key.comes_from_here(request.headers.get("sec-fetch-site")):
        raise NotAllowedError("this form was sent from another site")
    if visit.token and not form_key.is_right(visit.token, visit.text(form_key.FIELD)):
        raise NotAllowedError("this form belongs to another session", to_do="open the page again, then send it")


def allowed(visit: Visit, one: Page) -> Visit:
    """Return a visit with the case it is about, once the reader may do what the page does."""
    if one.action not in OPEN and visit.known_reader is None:
        raise SignInNeededError("sign in first")
    if not one.of_case:
        if not (one.action in OPEN or visit.may(one.action)):
            raise NotAllowedError("your role does not open this page")
        return visit
    with visit.record.reading() as session:
        asked = case_asked(session, visit.reader, visit.parts["reference"].upper(), visit.as_at)
    if one.method == "GET":
        reads.note(
            visit.record, visit.reader, asked.id, asked.reference, one.path.removeprefix("/cases/{reference}") or "/",
            why(asked.access), visit.as_at,
        )  # fmt: skip
    return replace(visit, case_asked=asked)


def not_there(here: Here) -> Callable[[Request, Exception], Awaitable[Response]]:
    """Return what answers for an address that the desk does not have."""

    async def answer(request: Request, error: Exception) -> Response:
        if request.url.path.startswith(f"{ROOT}/"):
            # An address with a line break in it leads past the API.
            return of_the_router(request, error)
        status = error.status_code if isinstance(error, HTTPException) else 500
        words = "There is no such page." if status == 404 else "This page cannot be used in that way."
        visit = await run_in_threadpool(known, visit_of(here, request, FormData()))
        return await run_in_threadpool(refused, visit, words, status)

    return answer


def refused(visit: Visit, words: str, status: int) -> Response:
    """Return the page that says why something is not shown or done."""
    return page(visit, "refused.html", status=status, words=words, status_code=status)
