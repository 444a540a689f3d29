"""What is not known of a university's terms, for whoever reads that something has no day, and who enters it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from programme.people.permissions import Scope, Verb, may

if TYPE_CHECKING:
    from collections.abc import Iterable

    from programme.people.permissions import Actor
    from programme.strands.cohorts.rulebooks.queries import Book


@dataclass(frozen=True, slots=True)
class Lack:
    """Whose dates are not known, from when on, and whether the reader is one who enters them."""

    university: str
    words: str
    may_enter: bool


def lack_of(book: Book | None, undated: Iterable[int], *, actor: Actor) -> Lack | None:
    """Return what is not known where something falls in terms without dates; None where nothing does."""
    numbers = set(undated)
    if book is None or not numbers:
        return None
    university = book.row.organisation
    may_enter = may(actor, Verb.EDIT, Scope(lead=university.id))
    return Lack(university.short_name, book.units.unknown(numbers), may_enter)
