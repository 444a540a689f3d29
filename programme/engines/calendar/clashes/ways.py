"""How long the ways between sites take. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

Pair = frozenset[str]
"""Two sites, or one where somebody goes from house to house there; the way back takes as long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How long a way takes from door to door: `least` where all runs to time, `planned` with what is left for luck."""

    least: timedelta
    planned: timedelta


@dataclass(frozen=True, slots=True)
class Ways:
    """Every way that is known."""

    known: Mapping[Pair, Way] = field(default_factory=lambda: MappingProxyType({}))

    def between(self, site: str, other: str) -> Way | None:
        """Return the way between two sites; None where nobody knows it."""
        return self.known.get(frozenset({site, other}))

    @property
    def longest(self) -> timedelta:
        """How long the longest way is planned to take: what is further apart in time clashes with nothing."""
        return max((way.planned for way in self.known.values()), default=timedelta())
