"""The list of events inside a page of another site: without cookies and script, and the page that makes the frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, g, render_template, request
from markupsafe import Markup

from programme.core.web.lists import note_unread, one_of, unread_sentence
from programme.engines.calendar.term_weeks.term_dates import terms
from programme.engines.calendar.times import london_day
from programme.extensions import database_session
from programme.people.guards import public
from programme.screens.calendar.asking import asked, base_url, count_search, page_address, said
from programme.screens.calendar.elsewhere.alike import alike, public_page
from programme.screens.calendar.listing import choices
from programme.screens.calendar.shown.drawing import kept, page
from programme.screens.calendar.shown.lines import Sources, shown

if TYPE_CHECKING:
    from programme.engines.calendar.queries.filters import Filters

blueprint = Blueprint("frame", __name__)

HERE = "/embed/events"
POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"
"""As everywhere, but that any site may frame it, and that nothing in it runs or is sent."""
COUNTS = (3, 5, 10, 20, 50)
USUAL_COUNT = 10
THEMES = {"": "As the reader’s browser says", "light": "Light", "dark": "Dark"}
HEAD_PIXELS, EVENT_PIXELS, MOST_PIXELS = 150, 104, 720


@dataclass(frozen=True, slots=True)
class Wish:
    """What a frame shows, and how."""

    filters: Filters
    count: int
    theme: str

    @property
    def path(self) -> str:
        """Return the frame's address; what is usual is left out of it."""
        more = {"count": str(self.count)} if self.count != USUAL_COUNT else {}
        return page_address(HERE, self.filters, **more, **({"theme": self.theme} if self.theme else {}))

    @property
    def title(self) -> str:
        """Say what is listed."""
        words = [words for _, words in said(self.filters)]
        return f"Events: {', '.join(words)}" if words else "Events of the Liverpool–Oxford programme"

    @property
    def height(self) -> int:
        """Say how high a frame is in which most of it fits; it scrolls."""
        return min(HEAD_PIXELS + EVENT_PIXELS * self.count, MOST_PIXELS)


@blueprint.get(HERE)
@public
def frame() -> Any:
    """Give the list as a page that others may frame; it is the same for everybody."""
    wanted = wish()
    response: Response = alike(lambda: drawn(wanted), mimetype="text/html")
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@blueprint.get("/embed")
@public
@kept
def embed() -> Any:
    """Let a webmaster choose what the frame shows, and see it, and the same for programs."""
    wanted = wish()
    return page(
        "calendar/elsewhere/embed.html",
        wish=wanted,
        filters=wanted.filters,
        choices=choices(database_session()),
        counts=COUNTS,
        themes=THEMES,
        snippet=snippet(wanted),
        json_address=base_url() + page_address("/events.json", wanted.filters),
        list_address=page_address("/events", wanted.filters),
    )


def wish() -> Wish:
    """Read what is wanted; what makes no sense is noted."""
    return Wish(
        filters=asked().filters,
        count=count_asked(request.args.get("count", "")),
        theme=one_of(request.args.get("theme", ""), THEMES, label="theme"),
    )


def count_asked(text: str) -> int:
    """Read how many events are shown, at most 50."""
    if text.isascii() and text.isdecimal() and len(text) <= len(str(COUNTS[-1])) and 0 < int(text) <= COUNTS[-1]:
        return int(text)
    if text:
        note_unread("number of events")
    return USUAL_COUNT


def drawn(wanted: Wish) -> str:
    """Draw the framed page."""
    count_search(wanted.filters)
    found, session = public_page(wanted.filters, size=wanted.count), database_session()
    sources = Sources(london_day(g.now), terms(session), {}, {})
    return render_template(
        "calendar/elsewhere/framed.html",
        wish=wanted,
        events=[shown(line, sources) for line in found.rows],
        undated={line.id for line in found.rows if not line.date_is_known},
        total=found.total,
        base=base_url(),
        all_address=base_url() + page_address("/events", wanted.filters),
        unread=unread_sentence(),
    )


def snippet(wanted: Wish) -> str:
    """Return what a webmaster pastes."""
    return str(
        Markup(
            '<iframe src="{}" title="{}" loading="lazy" width="100%" height="{}" style="border: 0"></iframe>\n'
            '<p><a href="{}">{}</a></p>'
        ).format(
            base_url() + wanted.path,
            wanted.title,
            wanted.height,
            base_url() + page_address("/events", wanted.filters),
            "All events between Liverpool and Oxford",
        )
    )
