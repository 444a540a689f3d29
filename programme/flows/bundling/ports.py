"""What the morning letter asks of the organisers' home: what needs somebody now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor


class Needed(Protocol):
    """One thing to do; `url` is a path of this site."""

    @property
    def title(self) -> str:
        """Return what it is."""

    @property
    def why(self) -> str:
        """Return why."""

    @property
    def url(self) -> str:
        """Return where it is done."""

    def words(self, now: datetime) -> str:
        """Say by when."""


class NeedsOf(Protocol):
    """Reckon what needs somebody."""

    def __call__(self, session: Session, actor: Actor, *, now: datetime) -> Sequence[Needed]:
        """Return everything that needs `actor`, the most pressing first."""
