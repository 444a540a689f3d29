"""What goes out for a calendar: 200 with its bytes, or 304, under the same validators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from werkzeug.http import http_date, is_resource_modified

from programme.core.web.shield import HEADERS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from wsgiref.types import WSGIEnvironment

    from programme.engines.calendar.feeds.feed import Reading

Headers = list[tuple[str, str]]
MEDIA_TYPE = "text/calendar; charset=utf-8"
FOR_ALL = {"Cache-Control": "public, no-cache", "X-Robots-Tag": "noindex"}


def is_known(environ: WSGIEnvironment, reading: Reading) -> bool:
    """Whether the client's copy is current: its tag counts before its date, an unreadable date not at all."""
    if environ.get("HTTP_IF_NONE_MATCH") == reading.etag:
        return True
    date = reading.last_modified if reading.is_settled else None
    return not is_resource_modified(environ, etag=reading.etag.strip('"'), last_modified=date)


def headers_of_304(reading: Reading, more: Mapping[str, str] = FOR_ALL) -> Headers:
    """Return the headers that say what the client's copy is and how long it is good: no more is asked of a 304."""
    validators = [("ETag", reading.etag), ("Last-Modified", http_date(reading.last_modified))]
    return [*validators, ("Cache-Control", more["Cache-Control"])]


def headers_of_200(reading: Reading, more: Mapping[str, str] = FOR_ALL) -> Headers:
    """Return the headers of the whole calendar."""
    length = str(len(reading.content))
    named = {**HEADERS, **more, **dict(headers_of_304(reading, more))}
    return [("Content-Type", MEDIA_TYPE), ("Content-Length", length), *named.items()]
