"""Which new rows may be events that an earlier file had: pure, and only ever asked."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from programme.engines.calendar.reading.rows import KnownRow, is_placeholder, likely_moves
from programme.flows.importing.taking import folded
from programme.flows.importing.values import Likeness, Question

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence

    from programme.flows.importing.values import Known, PlannedRow

    Pairs = Iterator[tuple[PlannedRow, Known]]


def questions(new: Sequence[PlannedRow], missing: Sequence[Known]) -> list[Question]:
    """Pair new rows with known events that the file no longer has, each at most once, in the order of the file.

    At the same time in the same series it may have another place or another title; with the same title in the same
    series it may have another time.
    """
    found: list[Question] = []
    for likeness, pairs in FINDERS:
        rows, known = {id(one.row) for one in found}, {id(one.known) for one in found}
        left = [row for row in new if id(row) not in rows], [event for event in missing if id(event) not in known]
        found += [Question(likeness, row, event) for row, event in pairs(*left)]
    return sorted(found, key=lambda question: question.row.row.line)


def elsewhere(rows: Sequence[PlannedRow], known: Sequence[Known]) -> Pairs:
    """Pair what has the same series, title and start."""
    return alone(
        rows,
        known,
        of_row=lambda row: (folded(row.row.series), folded(row.row.title), row.row.starts),
        of_known=lambda event: (folded(event.series), folded(event.title), event.starts),
    )


def renamed(rows: Sequence[PlannedRow], known: Sequence[Known]) -> Pairs:
    """Pair what has the same series and start, if the title was still to come or the place is the same too."""
    pairs = alone(
        [row for row in rows if row.row.series],
        known,
        of_row=lambda row: (folded(row.row.series), row.row.starts),
        of_known=lambda event: (folded(event.series), event.starts),
    )
    return (
        (row, event)
        for row, event in pairs
        if is_placeholder(event.title) or row.told["place"] == event.told.get("place")
    )


def moved(rows: Sequence[PlannedRow], known: Sequence[Known]) -> Pairs:
    """Pair what has the same series and title, the nearest in time first."""
    by_row = {id(row.row): row for row in rows}
    by_known = {event.identity: event for event in known}
    told = [KnownRow(event.identity, event.series, event.title, event.starts) for event in known]
    for move in likely_moves([row.row for row in rows], told):
        yield by_row[id(move.row)], by_known[move.known.identity]


def alone(
    rows: Iterable[PlannedRow],
    known: Iterable[Known],
    *,
    of_row: Callable[[PlannedRow], Hashable],
    of_known: Callable[[Known], Hashable],
) -> Pairs:
    """Pair rows and events whose key nobody else has on either side: of several, none is likelier."""
    groups: defaultdict[Hashable, tuple[list[PlannedRow], list[Known]]] = defaultdict(lambda: ([], []))
    for row in rows:
        groups[of_row(row)][0].append(row)
    for event in known:
        groups[of_known(event)][1].append(event)
    for same_rows, same_known in groups.values():
        if len(same_rows) == len(same_known) == 1:
            yield same_rows[0], same_known[0]


FINDERS: tuple[tuple[Likeness, Callable[[Sequence[PlannedRow], Sequence[Known]], Pairs]], ...] = (
    (Likeness.ELSEWHERE, elsewhere),
    (Likeness.RENAMED, renamed),
    (Likeness.MOVED, moved),
)
