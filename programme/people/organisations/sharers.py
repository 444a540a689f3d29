"""Who shares a thing with its lead, as a form was made from it: the second of two who change that is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.core.tokens import mark_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from programme.people.models import Organisation


def seen_of(co_owners: Iterable[Organisation]) -> str:
    """Return a mark of who shares a thing."""
    return mark_of(sorted(row.id for row in co_owners))
