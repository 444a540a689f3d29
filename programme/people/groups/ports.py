"""What is asked of whoever knows some people that belong together: who they are now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Select

    from programme.people.permissions import Scope


class Recipients(Protocol):
    """One kind of people: stored as its word and `params`, asked for when it is needed."""

    def __call__(self, params: Mapping[str, Any], *, scope: Scope, now: datetime) -> Select[int]:
        """Return the ids of people, as far as whoever leads `scope` has them on its own things; nobody for nonsense."""
