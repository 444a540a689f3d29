"""Answers that are the same whoever asks: public events alone, kept as drawn, with a tag and without a cookie."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, current_app, request

from programme.core.web.lists import Page, unread_names
from programme.engines.calendar.queries.lists import listed, listed_count
from programme.extensions import database_session
from programme.people.permissions import NOBODY
from programme.screens.calendar.listing import time_condition, wholes
from programme.screens.calendar.shown.drawing import key_of_request

if TYPE_CHECKING:
    from collections.abc import Callable

    from programme.core.web.answers import KeptPages
    from programme.engines.calendar.queries.filters import Filters
    from programme.engines.calendar.queries.lists import EventLine

KEPT_SECONDS = 60


def alike(draw: Callable[[], str], *, mimetype: str) -> Response:
    """Answer with what is drawn once for each version of everything and each minute, or with 304."""
    pages: KeptPages = current_app.extensions["kept_pages"]
    key = ("alike", key_of_request())
    found = pages.get(key)
    if found is None:
        found = draw().encode()
        if not unread_names():
            pages.keep(key, found)
    response = Response(found, mimetype=mimetype)
    response.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    response.add_etag()
    response.make_conditional(request)
    return response


def public_page(filters: Filters, *, is_past: bool = False, size: int, number: int = 1) -> Page[EventLine]:
    """Return one page of what everybody may see, whoever is signed in; past the end is the last page."""
    session = database_session()
    where = [*time_condition(filters, is_past=is_past), *wholes(filters)]
    total = listed_count(session, *where, actor=NOBODY, filters=filters)
    number = min(number, max(1, -(-total // size)))
    offset = (number - 1) * size
    rows = listed(session, *where, actor=NOBODY, filters=filters, limit=size, offset=offset, backwards=is_past)
    return Page(rows, number, size, total)
