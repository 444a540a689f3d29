"""What sending well is worth, as ratios, which hold on any machine: lasting connections, many at once, one body."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from benchmarks import letters
from benchmarks.places import installation, write
from benchmarks.sinks import swallowing
from programme.engines.mail.wire.messages import Body, Head, build
from programme.engines.mail.wire.stencils import marks_for, stencil
from programme.engines.mail.wire.transport import Relay
from programme.settings.mail import MailServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from benchmarks.letters import Figure

REPLY = "0.01"
"""Seconds that the far server takes to answer."""
ALONE, CROWD = 100, 600
SERIALISED = 2_000
LEAST_REUSED, LEAST_PARALLEL, LEAST_COMMON = 1.5, 5.0, 3.0
TEXT = (
    "Dear {name},\n\n" + "The talk about the tides of the Mersey begins tomorrow at two o’clock. " * 12 + "\n\n{link}\n"
)
HTML = '<html><body><p>Dear {name},</p><p>The tides begin tomorrow.</p><a href="{link}">Your place</a></body></html>'


def measure(kind: str) -> Iterator[Figure]:
    """Give each ratio as (what, words, whether it is good enough)."""
    with installation(kind) as (_, folder):
        reused = rate_of(folder, messages_a_connection=100) / rate_of(folder, messages_a_connection=1)
        yield f"{kind}: connections kept, 10 ms a reply", f"{reused:.1f} times", reused >= LEAST_REUSED
        parallel = through(kind, 10) / through(kind, 1)
        yield f"{kind}: ten connections beside one, 10 ms a reply", f"{parallel:.1f} times", parallel >= LEAST_PARALLEL
    common = seconds_for(alone()) / seconds_for(from_one_body())
    yield f"{kind}: one body serialised for all", f"{common:.1f} times", common >= LEAST_COMMON


def rate_of(folder: Path, *, messages_a_connection: int) -> float:
    """Return messages a second over one relay's connections, of which each takes so many."""
    message = build(head(1), Body("Tides", TEXT.format(name="Person 1", link=link(1)), ""))
    with swallowing(folder, "--delay", REPLY) as sink:
        server = MailServer("127.0.0.1", sink.port)
        relay = Relay(server, {"messages_a_connection": messages_a_connection})
        for number in range(ALONE):
            relay.deliver(sender="programme@example.ac.uk", recipient=f"person{number}@example.ac.uk", data=message)
        relay.close()
        return sink.rate()


def through(kind: str, connections: int) -> float:
    """Return letters a second of the whole path to a far server over so many connections."""
    with installation(kind) as (url, folder):
        number = CROWD if connections > 1 else ALONE
        write(url, lambda session: letters.crowd(session, number))
        return letters.delivered(url, folder, "--delay", REPLY, connections=connections)[0]


def seconds_for(serialise: Callable[[int], bytes]) -> float:
    """Return how long it takes to serialise many letters."""
    began = time.perf_counter()
    for number in range(SERIALISED):
        serialise(number)
    return time.perf_counter() - began


def alone() -> Callable[[int], bytes]:
    """Return what writes each letter by itself, from its finished texts on."""

    def serialise(number: int) -> bytes:
        words = {"name": f"Person {number}", "link": link(number)}
        return build(head(number), Body("Tides", TEXT.format(**words), HTML.format(**words)))

    return serialise


def from_one_body() -> Callable[[int], bytes]:
    """Return what fills one serialised body with each person's words."""
    marks = marks_for(["name", "link"])
    common = stencil(
        Body("Tides", TEXT.format(**marks.by_blank), HTML.format(**marks.by_blank)), marks=marks, head=head(0)
    )

    def serialise(number: int) -> bytes:
        return common.filled(head(number), {"name": f"Person {number}", "link": link(number)})

    return serialise


def head(number: int) -> Head:
    """Return the headers of one letter."""
    return Head(
        sender="programme@example.ac.uk",
        sender_name="Measured Organiser",
        reply_to="organiser@example.ac.uk",
        recipient=f"person{number}@example.ac.uk",
        recipient_name=f"Person {number}",
        message_id=f"<{number}@example.ac.uk>",
        date=datetime(2027, 2, 15, 14, tzinfo=UTC),
    )


def link(number: int) -> str:
    """Return a personal link."""
    return f"https://programme.example.ac.uk/registrations/{number}-{'abcDEF_' * 6}"
