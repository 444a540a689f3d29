"""What My programme asks of the rooms and flows that know of steps: handed to it once, at start."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.registration.links import Links
    from programme.flows.steps.step import Step


class StepSource(Protocol):
    """Something that knows what somebody has or must do."""

    def steps(self, session: Session, person_id: int, *, links: Links, now: datetime) -> Iterable[Step]:
        """Return a person's steps that are not over, in a number of statements that does not grow."""
