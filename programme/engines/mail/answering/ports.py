"""What the mail room asks of the rooms above about a message that is no report on a letter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.mail.addresses.reading.parts import Part
    from programme.engines.mail.models import OutboxMessage


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message, and the letters of ours that it answers by name.

    Nobody knows the name of a letter but whoever has the letter: it proves that much, and no more.
    """

    whole: Part
    letters: Sequence[OutboxMessage] = ()


class TakesAnswers(Protocol):
    """A room above that understands some messages."""

    def __call__(self, session: Session, message: Incoming, *, now: datetime) -> str | None:
        """Do what a message asks, and say in a sentence what came of it; None where it is no business of theirs."""
