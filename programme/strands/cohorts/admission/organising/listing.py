"""The list of applications as its address asks for it: which of them, in which order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from programme.core.web.lists import one_of
from programme.engines.registration.states import RegistrationState

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from werkzeug.datastructures import MultiDict

    from programme.strands.cohorts.admission.applications import Application

LONGEST_WORDS, LAST = 200, "\uffff"
UNDECIDED = frozenset({RegistrationState.PENDING})
ENDED = frozenset({RegistrationState.CANCELLED, RegistrationState.LAPSED})

SHOWS: Mapping[str, tuple[str, Callable[[Application], bool]]] = {
    "referees": ("References missing", lambda one: one.state in UNDECIDED and not one.has_references),
    "review": ("To be reviewed", lambda one: one.state in UNDECIDED and not one.is_reviewed),
    "decide": ("To be decided", lambda one: one.state in UNDECIDED and one.is_reviewed),
    "offered": ("Offered", lambda one: one.state is RegistrationState.OFFERED),
    "admit": ("To be admitted", lambda one: one.state is RegistrationState.CONFIRMED and one.candidature_id is None),
    "admitted": ("Admitted", lambda one: one.candidature_id is not None),
    "refused": ("Not admitted", lambda one: one.state is RegistrationState.REFUSED),
    "ended": ("Withdrawn or lapsed", lambda one: one.state in ENDED),
}
SORTS: Mapping[str, Callable[[Application], Any]] = {
    "name": lambda one: one.name.casefold(),
    "wished": lambda one: one.wished.short_name if one.wished else LAST,
    "references": lambda one: one.received,
    "mean": lambda one: -1.0 if one.judged.mean is None else one.judged.mean,
    "spread": lambda one: -1.0 if one.judged.spread is None else one.judged.spread,
    "joined": lambda one: one.joined_at,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks of the list; `sort` begins with a minus where the largest comes first."""

    words: str = ""
    show: str = ""
    wished: str = ""
    sort: str = "joined"

    @property
    def is_narrowed(self) -> bool:
        """Whether not everybody is meant."""
        return bool(self.words or self.show or self.wished)


def asked_in(args: MultiDict[str, str], universities: Sequence[str]) -> Asked:
    """Read an address; what makes no sense is left out, and noted."""
    sorts = {*SORTS, *(f"-{one}" for one in SORTS)}
    return Asked(
        words=args.get("q", "").strip()[:LONGEST_WORDS],
        show=one_of(args.get("show", ""), SHOWS, label="stage"),
        wished=one_of(args.get("wished", ""), universities, label="university"),
        sort=one_of(args.get("sort", ""), sorts, label="order") or "joined",
    )


def listed(every: Sequence[Application], asked: Asked) -> list[Application]:
    """Return the applications that are asked for, in the order that is asked for."""
    found = [one for one in every if fits(one, asked)]
    key = SORTS[asked.sort.removeprefix("-")]
    return sorted(found, key=key, reverse=asked.sort.startswith("-"))


def fits(one: Application, asked: Asked) -> bool:
    """Whether an application is asked for."""
    if asked.words and asked.words.casefold() not in one.name.casefold():
        return False
    if asked.wished and (one.wished is None or one.wished.slug != asked.wished):
        return False
    return not asked.show or SHOWS[asked.show][1](one)


def heads(asked: Asked, address_of: Callable[[str], str]) -> list[dict[str, object]]:
    """Return the heads of the table, each with where it leads and how it is sorted now."""
    words = (
        ("name", "Applicant", False),
        ("wished", "Wishes", False),
        ("references", "References", True),
        ("mean", "Mean", True),
        ("spread", "Spread", True),
    )
    return [head(key, word, asked.sort, address_of, is_number=number) for key, word, number in words]


def head(key: str, word: str, sort: str, address_of: Callable[[str], str], *, is_number: bool) -> dict[str, object]:
    """Return one head; a second press turns the order round, and numbers begin with the largest."""
    ways = {key: "ascending", f"-{key}": "descending"}
    first, other = (f"-{key}", key) if is_number else (key, f"-{key}")
    return {"word": word, "url": address_of(other if sort == first else first), "direction": ways.get(sort, "")}
