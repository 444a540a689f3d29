"""Making a row fit what an event holds, and saying what that took."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from programme.engines.calendar.reading.rows import Oddity
from programme.people.roles import STRAND_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from programme.engines.calendar.reading.rows import ReadRow
    from programme.people.models import Strand

LONGEST_LINE = 500
"""As the columns of an event."""
LONGEST_PRICE = 200
LONGEST_LINK = 1_000
LINES = {"title": LONGEST_LINE, "series": LONGEST_LINE, "venue": LONGEST_LINE, "price": LONGEST_PRICE}
MOST_SPEAKERS = 100
NO_LINK = "Taken as online; enter the link on the event’s page."


def fit(row: ReadRow, *, strand: Strand) -> tuple[ReadRow, list[Oddity]]:
    """Return the row as an event can hold it, and what had to be done about it."""
    said = [*other_strand(row, strand), *long_lines(row), *long_link(row), *long_speakers(row)]
    fitted = replace(
        row,
        title=shortened(row.title),
        series=shortened(row.series),
        venue=shortened(row.venue),
        price=shortened(row.price, LONGEST_PRICE) if row.price else row.price,
        online_url=row.online_url if len(row.online_url or "") <= LONGEST_LINK else None,
        speakers=tuple(shortened(name) for name in row.speakers[:MOST_SPEAKERS]),
    )
    return fitted, [Oddity(row.line, *words) for words in said]


def restated(oddities: Iterable[Oddity]) -> list[Oddity]:
    """Return the reader's oddities with the one default that is ours: a link that is none is not kept."""
    return [replace(odd, default_taken=NO_LINK) if odd.field == "online_url" else odd for odd in oddities]


def shortened(text: str, most: int = LONGEST_LINE) -> str:
    """Cut a text to what one line holds."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def other_strand(row: ReadRow, strand: Strand) -> list[tuple[str, str, str]]:
    """Say that the row names another strand than the one chosen for the file."""
    ours = {strand.value, STRAND_WORDS[strand].casefold()}
    if not row.strand or row.strand.casefold().strip() in ours:
        return []
    return [("strand", f"The strand is “{row.strand[:60]}”.", f"Taken into {STRAND_WORDS[strand]}, as chosen.")]


def long_lines(row: ReadRow) -> list[tuple[str, str, str]]:
    """Say which lines are longer than an event can hold them."""
    found = [(name, getattr(row, name) or "", most) for name, most in LINES.items()]
    return [
        (name, f"The {name} is {len(text):,} characters long.", f"Shortened to {most}.")
        for name, text, most in found
        if len(text) > most
    ]


def long_link(row: ReadRow) -> list[tuple[str, str, str]]:
    """Say that the joining link is too long to keep."""
    return (
        [("online_url", "The link is too long to keep.", NO_LINK)] if len(row.online_url or "") > LONGEST_LINK else []
    )


def long_speakers(row: ReadRow) -> list[tuple[str, str, str]]:
    """Say that not everybody, or not all of a name, is taken."""
    found = [
        ("speakers", f"“{name[:60]}…” is {len(name):,} characters long.", f"Shortened to {LONGEST_LINE}.")
        for name in row.speakers[:MOST_SPEAKERS]
        if len(name) > LONGEST_LINE
    ]
    if len(row.speakers) > MOST_SPEAKERS:
        found.append(
            ("speakers", f"There are {len(row.speakers):,} speakers.", f"The first {MOST_SPEAKERS} are taken.")
        )
    return found
