"""Lanes: letters handed over side by side, each on a connection of its own that is kept for the next one."""

from __future__ import annotations

from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic
from typing import TYPE_CHECKING, Generic, TypeVar

import structlog

from programme.engines.mail.wire.outcomes import RelayFault, Unanswered
from programme.engines.mail.wire.transport import Capture, Relay

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import TypeAlias

    from programme.engines.mail.ports import MailRoom
    from programme.engines.mail.wire.transport import Transport

Answer = TypeVar("Answer")
if TYPE_CHECKING:
    Door: TypeAlias = SimpleQueue[tuple[int, Callable[[Transport], Answer]] | None]
log = structlog.get_logger(__name__)

CAPTURED_AT_ONCE = 25
MOMENT_SECONDS = 0.03
"""How long the answers behind the first one are waited for."""


class Lanes(Generic[Answer]):
    """Hands letters over in parallel, and gives their answers as they come.

    One lane goes first: a relay that is at fault is met by one connection, not by all. With its first answer that is no
    fault the others open. What is captured needs no threads: it is answered at once.
    """

    def __init__(self, room: MailRoom, count: int) -> None:
        self.is_threaded = not room.server.captures
        self.transports: tuple[Transport, ...] = (
            tuple(Relay(room.server, room.limits) for _ in range(count)) if self.is_threaded else (Capture(),)
        )
        self.doors: tuple[Door[Answer], ...] = tuple(SimpleQueue() for _ in self.transports)
        self.free = list(self.doors)
        self.answers: SimpleQueue[tuple[int, Answer | RelayFault | Unanswered, Door[Answer]]] = SimpleQueue()
        places = zip(self.transports, self.doors, strict=True)
        self.threads = [Thread(target=self.serve, args=place, daemon=True) for place in places if self.is_threaded]
        self.under_way = 0
        self.is_trusted = not self.is_threaded

    def __enter__(self) -> Lanes[Answer]:
        """Open the lanes."""
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Wait for what is under way, and say goodbye to the peer."""
        for door in self.doors:
            door.put(None)
        for thread in self.threads:
            thread.join()

    @property
    def room_for(self) -> int:
        """How many letters may be handed over now."""
        if not self.is_threaded:
            return CAPTURED_AT_ONCE - self.under_way
        return len(self.free) if self.is_trusted else min(1, len(self.free)) if not self.under_way else 0

    def start(self, row_id: int, work: Callable[[Transport], Answer]) -> None:
        """Hand one letter over; its answer comes by `wait`."""
        self.under_way += 1
        if self.is_threaded:
            self.free.pop().put((row_id, work))
        else:
            self.answers.put((row_id, self.said(row_id, work, self.transports[0]), self.doors[0]))

    def serve(self, transport: Transport, door: Door[Answer]) -> None:
        """Hand letters over, one after the other, in a thread of its own until there are no more."""
        for row_id, work in iter(door.get, None):
            self.answers.put((row_id, self.said(row_id, work, transport), door))
        transport.close()

    def said(
        self, row_id: int, work: Callable[[Transport], Answer], transport: Transport
    ) -> Answer | RelayFault | Unanswered:
        """Hand one letter over; what nobody foresaw leaves it unanswered, which is bounded."""
        try:
            return work(transport)
        except RelayFault as fault:
            return fault
        except BaseException as error:
            with suppress(Exception):
                log.exception("lane_failed", letter=row_id)
            return Unanswered(f"Handing this letter over failed: {type(error).__name__}: {error}")

    def left(self) -> dict[int, Answer | RelayFault | Unanswered]:
        """Give the answers that came and were not waited for."""
        return self.wait(0) if self.under_way else {}

    def wait(self, seconds: float) -> dict[int, Answer | RelayFault | Unanswered]:
        """Wait for an answer, and give it with those that come with it; nothing where none comes in that time.

        Those right behind the first are waited for, a moment: what is written down together costs as much as one.
        """
        found: dict[int, Answer | RelayFault | Unanswered] = {}
        until = monotonic() + seconds
        while self.under_way:
            try:
                row_id, answer, door = self.answers.get(timeout=max(0.0, until - monotonic()))
            except Empty:
                break
            self.under_way -= 1
            self.is_trusted = self.is_trusted or not isinstance(answer, RelayFault)
            if self.is_threaded:
                self.free.append(door)
            until = until if found else monotonic() + MOMENT_SECONDS
            found[row_id] = answer
        return found
