"""What every request and answer must be: same-site writes, whole text of bounded length, strict headers."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from io import BytesIO
from typing import IO, TYPE_CHECKING, Any, TypeVar
from urllib.parse import unquote_to_bytes, urlsplit

from flask import Request, abort, current_app, request
from werkzeug.exceptions import BadRequest
from werkzeug.formparser import FormDataParser

if TYPE_CHECKING:
    from flask import Flask, Response

View = TypeVar("View", bound=Callable[..., Any])
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; frame-src 'self'; base-uri 'none'; manifest-src 'self'"
)
LONGEST_QUERY = 4_000
LONGEST_HEADER = 8_000
"""Gunicorn takes twice as much (see `programme serve`), so that ours is the page people see."""
REPLACED = "\ufffd"
"""What Werkzeug puts where bytes are no text."""
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


class BrokenTextError(BadRequest):
    """The bytes of a form are no text."""

    sentence = (
        "Some letters of the form arrived broken, so nothing was kept. Go back, type them again, and send it once more."
    )


class WholeTextParser(FormDataParser):
    """Reads forms whose text is UTF-8, and refuses the others: Werkzeug would quote or replace what is broken."""

    def parse(
        self, stream: IO[bytes], mimetype: str, content_length: int | None, options: dict[str, str] | None = None
    ) -> Any:
        """Parse as usual; a file's own bytes may be anything."""
        if mimetype == "application/x-www-form-urlencoded":
            raw = stream.read()
            if not is_text(raw):
                raise BrokenTextError
            stream = BytesIO(raw)
        rest, form, files = super().parse(stream, mimetype, content_length, options)
        if mimetype == "multipart/form-data" and any(
            REPLACED in text for pair in form.items(multi=True) for text in pair
        ):
            for file in files.values():
                file.close()
            raise BrokenTextError
        return rest, form, files


class WholeTextRequest(Request):
    """A request whose form is whole text."""

    form_data_parser_class = WholeTextParser


def is_text(raw: bytes) -> bool:
    """Whether bytes of an address or a form are UTF-8 once their percent signs are read."""
    if b"%" not in raw and raw.isascii():
        return True
    try:
        unquote_to_bytes(raw).decode()
    except UnicodeDecodeError:
        return False
    return True


def raise_shield(app: Flask) -> None:
    """Check every request of `app` and put the headers on every answer."""
    app.request_class = WholeTextRequest
    app.before_request(refuse_boundless_head)
    app.before_request(refuse_foreign_writes)
    app.before_request(refuse_unstorable_text)
    app.after_request(put_headers)


def refuse_boundless_head() -> None:
    """Refuse a query or a header longer than any of ours, cookies among them."""
    if len(request.query_string) > LONGEST_QUERY:
        abort(414)
    if any(len(value) > LONGEST_HEADER for name, value in request.environ.items() if name.startswith("HTTP_")):
        abort(431)


def from_anywhere(view: View) -> View:
    """For the one view that mail programs post to from wherever they are (RFC 8058); a secret address is its guard."""
    view.is_from_anywhere = True  # type: ignore[attr-defined]
    return view


def may_come_from_anywhere(view: object) -> bool:
    """Whether a view takes writes that another site's page made the browser send."""
    return bool(getattr(view, "is_from_anywhere", False))


def refuse_foreign_writes() -> None:
    """Refuse a write that another site's page made the browser send.

    Browsers say where a request comes from (Sec-Fetch-Site, else Origin); clients that are not browsers send
    neither and carry no cookies of ours. Decision 0003 says why this and no token in the form.
    """
    if request.method in SAFE_METHODS or may_come_from_anywhere(current_app.view_functions.get(request.endpoint or "")):
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        if site not in {"same-origin", "none"}:
            abort(403)
        return
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        abort(403)


def refuse_unstorable_text() -> None:
    """Refuse what no database can hold, in the address: NUL, and bytes that are no text."""
    if "\0" in request.path or REPLACED in request.path:
        abort(400)
    if b"%00" in request.query_string or not is_text(request.query_string):
        abort(400)


def put_headers(response: Response) -> Response:
    """Put the strict headers on, except where the view set its own, or nothing is sent but "what you have is good"."""
    if response.status_code == HTTPStatus.NOT_MODIFIED:
        return response
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response
