"""What an address asks for: filters, and the addresses made from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode, urlsplit

from flask import current_app, request

from programme.core.web.limits import count_against
from programme.core.web.lists import note_unread
from programme.core.web.words import long_date
from programme.engines.calendar.queries import filters as asked_for
from programme.engines.calendar.queries.filters import AUDIENCES, LABELS, ONLINE, SITES, Asked, Filters
from programme.engines.calendar.states import FOCUS_AREAS

if TYPE_CHECKING:
    from programme.config import Settings
    from programme.people.states import Strand

STRANDS = {
    "cohorts": "Doctoral cohorts",
    "placements": "Placements",
    "entrepreneurship": "Entrepreneurship",
    "exchange": "Knowledge exchange",
}
EVERYTHING = "Liverpool–Oxford programme"


@dataclass(frozen=True, slots=True)
class FeedAddress:
    """One feed in the ways calendars take it."""

    title: str
    https: str

    @property
    def webcal(self) -> str:
        """Return the address that opens the computer's own calendar."""
        return f"webcal://{self.https.partition('://')[2]}"

    @property
    def google(self) -> str:
        """Return the address that adds the feed to Google Calendar, which asks for it by http itself."""
        return f"https://calendar.google.com/calendar/r?cid={quote(self.webcal, safe='')}"

    @property
    def outlook(self) -> str:
        """Return the address that adds the feed to Outlook on the web, for accounts of an employer or a university."""
        return f"https://outlook.office.com/{self.in_outlook}"

    @property
    def outlook_at_home(self) -> str:
        """Return the same for accounts of one's own."""
        return f"https://outlook.live.com/{self.in_outlook}"

    @property
    def in_outlook(self) -> str:
        """Return what both take; the new Outlook loses the scheme of webcal, so it is given https."""
        asked = {"url": self.https, "name": self.title}
        return f"calendar/0/addfromweb?{urlencode(asked, quote_via=quote)}"


def base_url() -> str:
    """Return the address people use, without a trailing slash."""
    settings: Settings = current_app.extensions["settings"]
    return settings.base_url


def asked() -> Asked:
    """Read the filters of this request; what makes no sense is noted."""
    found = asked_for.read({name: request.args[name] for name in request.args})
    for name in found.left_out:
        note_unread(LABELS[name])
    return found


def count_search(filters: Filters | None) -> None:
    """Count a search for words that is about to be made, against `SEARCH_LIMIT`; other filters are cheap, and few."""
    if filters is not None and filters.words:
        count_against("SEARCH_LIMIT")


def feed_of(filters: Filters, title: str = "") -> FeedAddress:
    """Return the feed that holds what `filters` ask for."""
    query = urlencode(asked_for.parameters(filters))
    return FeedAddress(title or feed_title(filters), f"{base_url()}/calendar.ics{'?' if query else ''}{query}")


def feed_title(filters: Filters) -> str:
    """Return what a calendar calls the feed."""
    told = [words for _, words in said(filters)]
    return f"{EVERYTHING}: {', '.join(told)}" if told else EVERYTHING


def said(filters: Filters) -> list[tuple[str, str]]:
    """Say each filter in words, with the parameter that it is."""
    told = {
        "q": f"“{filters.words}”" if filters.words else "",
        "strand": STRANDS[filters.strand.value] if filters.strand else "",
        "university": f"run by {filters.university.capitalize()}" if filters.university else "",
        "at": "online" if filters.site == ONLINE else f"in {SITES[filters.site]}" if filters.site else "",
        "focus": FOCUS_AREAS.get(filters.focus, ""),
        "who": AUDIENCES[filters.audience] if filters.audience else "",
        "from": f"from {long_date(filters.first_day)}" if filters.first_day else "",
        "to": f"until {long_date(filters.last_day)}" if filters.last_day else "",
    }
    return [(parameter, words) for parameter, words in told.items() if words]


def page_address(path: str, filters: Filters, **more: str) -> str:
    """Return a page of ours with filters."""
    query = urlencode({**asked_for.parameters(filters), **more})
    return f"{path}?{query}" if query else path


def removals(path: str, filters: Filters) -> list[tuple[str, str]]:
    """Return each active filter in words, and the address without it."""
    given = asked_for.parameters(filters)
    return [
        (words, f"{path}?{urlencode({key: value for key, value in given.items() if key != parameter})}".rstrip("?"))
        for parameter, words in said(filters)
    ]


def host_of(url: str) -> str:
    """Return the host of an address, for people to see where a link leads."""
    return urlsplit(url).hostname or url


def strand_name(strand: Strand) -> str:
    """Return a strand's name on screen."""
    return STRANDS[strand.value]
