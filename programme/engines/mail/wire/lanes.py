"""Lanes: letters handed over side by side, each on a connection of its own that is kept for the next one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from queue import Empty, SimpleQueue
from time import monotonic
from typing import TYPE_CHECKING, Generic, TypeVar

import structlog

from programme.engines.mail.wire.transport import Capture, Relay, RelayFault, Unanswered

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from programme.engines.mail.ports import MailRoom
    from programme.engines.mail.wire.transport import Transport

Answer = TypeVar("Answer")
log = structlog.get_logger(__name__)

CAPTURED_AT_ONCE = 25
MOMENT_SECONDS = 0.005
"""How long the answers behind the first one are waited for."""


class Lanes(Generic[Answer]):
    """Hands letters over in parallel, and gives their answers as they come.

    One lane goes first: a relay that is at fault is met by one connection, not by all. With its first answer that is no
    fault the others open. What is captured needs no threads: it is answered at once.
    """

    def __init__(self, room: MailRoom, count: int) -> None:
        self.is_threaded = not room.server.captures
        self.free: list[Transport] = (
            [Relay(room.server, room.limits) for _ in range(count)] if self.is_threaded else [Capture()]
        )
        self.transports = tuple(self.free)
        self.pool = ThreadPoolExecutor(max(1, len(self.transports)))
        self.answers: SimpleQueue[tuple[int, Answer | RelayFault | Unanswered, Transport | None]] = SimpleQueue()
        self.under_way = 0
        self.is_trusted = not self.is_threaded

    def __enter__(self) -> Lanes[Answer]:
        """Give the lanes."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Wait for what is under way, and say goodbye to the peer."""
        self.pool.shutdown()
        for transport in self.transports:
            transport.close()

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
            self.pool.submit(self.run, row_id, work, self.free.pop())
        else:
            self.answers.put((row_id, work(self.free[0]), None))

    def run(self, row_id: int, work: Callable[[Transport], Answer], transport: Transport) -> None:
        """Hand one letter over in its lane's thread; what nobody foresaw leaves it unanswered, which is bounded."""
        try:
            answer: Answer | RelayFault | Unanswered = work(transport)
        except RelayFault as fault:
            answer = fault
        except Exception as error:
            log.exception("lane_failed", letter=row_id)
            answer = Unanswered(f"Handing this letter over failed: {type(error).__name__}: {error}")
        self.answers.put((row_id, answer, transport))

    def wait(self, seconds: float) -> dict[int, Answer | RelayFault | Unanswered]:
        """Wait for an answer, and give it with those that come with it; nothing where none comes in that time.

        Those right behind the first are waited for, a moment: what is written down together costs as much as one.
        """
        found: dict[int, Answer | RelayFault | Unanswered] = {}
        until = monotonic() + seconds
        while self.under_way:
            try:
                row_id, answer, transport = self.answers.get(timeout=max(0.0, until - monotonic()))
            except Empty:
                break
            self.under_way -= 1
            self.is_trusted = self.is_trusted or not isinstance(answer, RelayFault)
            if transport is not None:
                self.free.append(transport)
            until = until if found else monotonic() + MOMENT_SECONDS
            found[row_id] = answer
        return found
