"""The list of events for other programs, as JSON: `docs/guides/embedding.md` says its shape, which stays."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, request

from programme.core.web.converters import slug
from programme.core.web.limits import limited
from programme.core.web.lists import note_unread, one_of, page_number, unread_names
from programme.core.web.words import join_words
from programme.engines.calendar.naming import audience_words, place_words, shown_title, status_of
from programme.engines.calendar.pictures.queries import pictures_of
from programme.engines.calendar.queries.told import told_of
from programme.engines.calendar.states import FOCUS_AREAS
from programme.engines.calendar.term_weeks.term_dates import terms, week_labels
from programme.engines.calendar.times import LONDON, london_day
from programme.extensions import database_session
from programme.people.guards import public
from programme.screens.calendar.asking import asked, base_url, feed_of, page_address, strand_name
from programme.screens.calendar.elsewhere.alike import alike, public_page
from programme.screens.calendar.listing import PAST
from programme.screens.calendar.shown.picture import shown_picture

if TYPE_CHECKING:
    from datetime import datetime

    from programme.core.web.lists import Page
    from programme.engines.calendar.pictures.models import EventPicture
    from programme.engines.calendar.queries.filters import Filters
    from programme.engines.calendar.queries.lists import EventLine
    from programme.engines.calendar.queries.told import Told
    from programme.engines.calendar.term_weeks.term_dates import TermDates

blueprint = Blueprint("programs", __name__)

HERE = "/events.json"
USUAL_SIZE, LARGEST_SIZE = 50, 100
DIGITS = 3
JSON = "application/json"


@blueprint.get(HERE)
@public
@limited("SEARCH_LIMIT")
def events() -> Any:
    """Give a page of the events that the filters ask for; what makes no sense is refused, never left out."""
    filters, is_past = asked().filters, one_of(request.args.get("when", ""), {PAST}, label="time") == PAST
    number, size = page_number(request.args.get("page")), page_size(request.args.get("per_page", ""))
    if unread_names():
        return for_anyone(refused())
    response = alike(lambda: body(filters, is_past=is_past, number=number, size=size), mimetype=JSON)
    return for_anyone(response)


def page_size(text: str) -> int:
    """Read how many events a page has; anything else than 1 to 100 is noted."""
    plain = text.isascii() and text.isdecimal() and len(text) <= DIGITS
    size = int(text) if plain else 0
    if 0 < size <= LARGEST_SIZE:
        return size
    if text:
        note_unread("number of events a page")
    return USUAL_SIZE


def refused() -> Response:
    """Say what could not be read."""
    sentence = f"We could not read the {join_words(unread_names())} in this address."
    return Response(json.dumps({"error": sentence}), status=400, mimetype=JSON)


def for_anyone(response: Response) -> Response:
    """Let scripts of any other site read the answer: nothing in it depends on who asks."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def body(filters: Filters, *, is_past: bool, number: int, size: int) -> str:
    """Write a page of the list; equal data give equal text."""
    session = database_session()
    found = public_page(filters, is_past=is_past, size=size, number=number)
    ids = [line.id for line in found.rows]
    told, pictures, dates = told_of(session, ids), pictures_of(session, ids), terms(session)
    return json.dumps(
        {
            "title": feed_of(filters).title,
            "total": found.total,
            "page": found.number,
            "per_page": found.size,
            "links": links(found, filters, is_past=is_past),
            "events": [event_of(line, told[line.id], pictures.get(line.id), dates) for line in found.rows],
        },
        ensure_ascii=False,
        indent=1,
    )


def links(found: Page[EventLine], filters: Filters, *, is_past: bool) -> dict[str, str | None]:
    """Return this page and those around it, the same as a page for people, and as a calendar."""
    more = {"when": PAST} if is_past else {}

    def address(number: int) -> str:
        given = more | ({"per_page": str(found.size)} if found.size != USUAL_SIZE else {})
        return base_url() + page_address(HERE, filters, **given, **({"page": str(number)} if number > 1 else {}))

    return {
        "self": address(found.number),
        "first": address(1),
        "prev": address(found.number - 1) if found.number > 1 else None,
        "next": address(found.number + 1) if found.number < found.last else None,
        "last": address(found.last),
        "page": base_url() + page_address("/events", filters, **more),
        "calendar": feed_of(filters).https,
    }


def event_of(line: EventLine, told: Told, picture: EventPicture | None, dates: TermDates) -> dict[str, Any]:
    """Return one event: what its page shows everybody, and neither whom to ask nor where to join online."""
    title = shown_title(line.title, is_known=line.title_is_known, series=line.series)
    address = f"{base_url()}/events/{slug(title, line.id)}"
    return {
        "id": line.id,
        "url": address,
        "calendar": f"{address}.ics",
        "title": title,
        "summary": told.summary,
        "status": status_of(line.state, date_is_known=line.date_is_known).value.lower(),
        **times(line),
        "weeks": weeks(line, dates),
        "strand": {"key": line.strand.value, "name": strand_name(line.strand)},
        "focus": [{"key": key, "name": FOCUS_AREAS[key]} for key in told.focus_areas if key in FOCUS_AREAS],
        "series": series_of(line),
        "run_by": [{"key": key, "name": name} for key, name in told.run_by],
        "place": place_words(line.room, line.venue, is_online=line.is_online),
        "is_online": line.is_online,
        "picture": picture_of(picture),
        "audience": {
            "key": line.audience.value,
            "words": audience_words(line.audience, line.lead, line.audience_note),
        },
    }


def picture_of(row: EventPicture | None) -> dict[str, Any] | None:
    """Return what the event shows: its largest size, what is said to those who do not see it, and whose it is."""
    shown = shown_picture(row)
    if shown is None:
        return None
    path, width, height = shown.large
    size = {"width": width, "height": height}
    return {"url": f"{base_url()}{path}", **size, "words": shown.words, "credit": shown.credit}


def times(line: EventLine) -> dict[str, Any]:
    """Return when it is, in UTC and as clocks in London show it; nothing where there is no date."""
    known = line.date_is_known
    return {
        "all_day": line.all_day,
        "time_zone": LONDON.key,
        "starts_at": utc(line.starts_at) if known else None,
        "ends_at": utc(line.ends_at) if known else None,
        "starts_at_london": line.starts_at.astimezone(LONDON).isoformat() if known else None,
        "ends_at_london": line.ends_at.astimezone(LONDON).isoformat() if known else None,
    }


def utc(moment: datetime) -> str:
    """Write an instant with a Z."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def weeks(line: EventLine, dates: TermDates) -> list[dict[str, str]]:
    """Return the week of each university that it starts in."""
    if not line.date_is_known:
        return []
    return [
        {"university": week.slug, "words": week.label.long, "short": week.label.short}
        for week in week_labels(dates, london_day(line.starts_at))
    ]


def series_of(line: EventLine) -> dict[str, Any] | None:
    """Return the series, where everybody may know of it."""
    if line.series_id is None or line.series is None:
        return None
    return {
        "id": line.series_id,
        "title": line.series,
        "url": f"{base_url()}/series/{slug(line.series, line.series_id)}",
    }
