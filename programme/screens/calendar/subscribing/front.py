"""The front: what calendars ask for again and again is answered before a session, an account or a page is thought of.

It knows no feed by itself: the view that read one hands it over, with the revision it was read at. Every worker reads
the revision for every answer, so an edit is seen at once; decision 0022 has the figures.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock
from time import perf_counter
from typing import TYPE_CHECKING

from programme.core import clock, journal
from programme.screens.calendar.subscribing.answers import Headers, headers_of_200, headers_of_304, is_known

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from programme.engines.calendar.feeds.feed import Reading, Revision
    from programme.screens.calendar.subscribing.revisions import Revisions

MOST_OCTETS = 24 * 1024 * 1024
MOST_ADDRESSES = 2_000
ASKED_OFTEN = frozenset({"GET", "HEAD"})
Address = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Kept:
    """A feed as it was read at a revision, with its headers."""

    number: int
    reading: Reading
    whole: Headers = field(default_factory=list)
    unchanged: Headers = field(default_factory=list)


class KeptFeeds:
    """Feeds by what they hold, up to so many octets, and the addresses that ask for them; shared by threads.

    There are never more feeds than addresses: those that hold nothing have hardly an octet, and cost memory as well.
    """

    def __init__(self, most: int = MOST_OCTETS, addresses: int = MOST_ADDRESSES) -> None:
        self.most, self.most_addresses = most, addresses
        self.octets = 0
        self.feeds: OrderedDict[Hashable, Kept] = OrderedDict()
        self.addresses: OrderedDict[Address, Hashable] = OrderedDict()
        self.lock = Lock()

    def at(self, address: Address) -> Kept | None:
        """Return what an address was answered with last."""
        with self.lock:
            feed = self.addresses.get(address)
            return None if feed is None else self.used(feed)

    def of(self, feed: Hashable) -> Kept | None:
        """Return a feed as it was read last."""
        with self.lock:
            return self.used(feed)

    def used(self, feed: Hashable) -> Kept | None:
        """Return a feed, and note that it is asked for."""
        if feed in self.feeds:
            self.feeds.move_to_end(feed)
        return self.feeds.get(feed)

    def keep(self, address: Address, feed: Hashable, kept: Kept) -> None:
        """Keep a feed and its address, and throw away the longest unused for it."""
        with self.lock:
            old = self.feeds.pop(feed, None)
            self.octets += len(kept.reading.content) - (len(old.reading.content) if old else 0)
            self.feeds[feed] = kept
            while self.octets > self.most or len(self.feeds) > self.most_addresses:
                self.octets -= len(self.feeds.popitem(last=False)[1].reading.content)
            self.addresses.pop(address, None)
            self.addresses[address] = feed
            while len(self.addresses) > self.most_addresses:
                self.addresses.popitem(last=False)


class Front:
    """Stands before the application and answers what it keeps, as long as that is true; hands on everything else."""

    def __init__(self, application: WSGIApplication, revisions: Revisions) -> None:
        self.application = application
        self.revisions = revisions
        self.kept = KeptFeeds()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        kept = self.kept.at(address_of(environ)) if environ["REQUEST_METHOD"] in ASKED_OFTEN else None
        if kept is None:
            return self.application(environ, start_response)
        began = perf_counter()
        if is_true(kept, self.revisions.number()):
            return answered(kept, environ, start_response, began=began)
        return self.application(environ, start_response)

    def known(self, feed: Hashable, revision: Revision) -> Reading | None:
        """Return a feed that another address has asked for, if it is still true."""
        kept = self.kept.of(feed)
        return kept.reading if kept and is_true(kept, revision.number) else None

    def has_kept(self, feed: Hashable) -> bool:
        """Whether somebody has asked for a feed before, whatever has changed since."""
        return self.kept.of(feed) is not None

    def keep(self, environ: WSGIEnvironment, feed: Hashable, revision: Revision, reading: Reading) -> None:
        """Keep what a view has read, for the next who asks."""
        kept = Kept(revision.number, reading, headers_of_200(reading), headers_of_304(reading))
        self.kept.keep(address_of(environ), feed, kept)


def is_true(kept: Kept, number: int | None) -> bool:
    """Whether a feed is still what it was when it was read."""
    return kept.number == number and clock.now() < kept.reading.until


def address_of(environ: WSGIEnvironment) -> Address:
    """Return what tells one address from another."""
    return environ.get("SCRIPT_NAME", ""), environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")


def answered(kept: Kept, environ: WSGIEnvironment, start_response: StartResponse, *, began: float) -> Iterable[bytes]:
    """Answer with 304 where the client has it, else with the feed."""
    if is_known(environ, kept.reading):
        start_response("304 NOT MODIFIED", list(kept.unchanged))
        journal.write_request(environ["REQUEST_METHOD"], "a kept feed", 304, began=began)
        return []
    start_response("200 OK", list(kept.whole))
    journal.write_request(environ["REQUEST_METHOD"], "a kept feed", 200, began=began)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [kept.reading.content]
