"""What people write for status, audience and booking, and the names in a cell of speakers."""

from __future__ import annotations

import re

from programme.engines.calendar.reading.rows import RowAudience, RowBooking, RowStatus

_STATUSES = {
    RowStatus.PUBLISHED: "published public live confirmed scheduled final open",
    RowStatus.DRAFT: "draft preparation unpublished tentative provisional pending hidden private planned",
    RowStatus.CANCELLED: "cancelled canceled withdrawn",
    RowStatus.POSTPONED: "postponed deferred",
}
_STATUS_OF = {word: status for status, words in _STATUSES.items() for word in words.split()}
_STATUS_OF |= {"in preparation": RowStatus.DRAFT, "not published": RowStatus.DRAFT}
_MEMBERS = re.compile(r"\b(?:members?|university|universities|staff|students?|internal|invit\w+|department\w*)\b")
_PUBLIC = re.compile(r"\b(?:public|all|every(?:one|body)|any(?:one|body)|open)\b")
_NOT_REQUIRED = re.compile(r"(?:not|no|none|n/?a|free|drop.?in|just|false|un)\b.*|unnecessary|optional")
_REQUIRED = re.compile(r"\b(?:required?|yes|essential|must|compulsory|mandatory|needed|necessary|true)\b")
_RECOMMENDED = re.compile(r"\b(?:recommended|advised|advisable|encouraged|preferred|suggested)\b")
_LETTERS = re.compile(r"(?:[A-Z]{2,6}|D?PhD|[DM]Phil|[BM]Sc|BA|MA)\.?")


def status_of(text: str) -> RowStatus | None:
    """Read a status; None if the word is not known."""
    return _STATUS_OF.get(" ".join(text.casefold().split()))


def audience_of(text: str) -> RowAudience | None:
    """Read who can attend; the narrower wins, "open to all members" is members. None if nothing is recognised."""
    plain = text.casefold()
    if _MEMBERS.search(plain) and "public" not in plain:
        return RowAudience.MEMBERS
    return RowAudience.PUBLIC if _PUBLIC.search(plain) else None


def booking_of(text: str) -> RowBooking | None:
    """Read whether one must book; None if nothing is recognised."""
    plain = text.casefold().strip()
    if _RECOMMENDED.search(plain):
        return RowBooking.RECOMMENDED
    if _NOT_REQUIRED.fullmatch(plain):
        return RowBooking.NOT_REQUIRED
    return RowBooking.REQUIRED if _REQUIRED.search(plain) else None


def names(text: str) -> tuple[str, ...]:
    """Take apart a cell of speakers: by semicolons and lines; commas belong to "Jane Roe, PhD"."""
    return tuple(name for part in re.split(r"[;\n]", text) if (name := part.strip(" ,\t")))


def names_by_comma(text: str) -> tuple[str, ...]:
    """Take apart a line of names by commas, letters after a name staying with it."""
    found: list[str] = []
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        if found and _LETTERS.fullmatch(part):
            found[-1] += f", {part}"
        else:
            found.append(part)
    return tuple(found)
