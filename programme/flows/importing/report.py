"""What is said and kept of an import: counts, and each odd row with its line, reason and the default taken."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from programme.core.web.words import plural
from programme.engines.calendar.models import Event
from programme.engines.calendar.reading.rows import RowStatus
from programme.engines.calendar.states import EventState
from programme.flows.importing.taking import state_of
from programme.flows.importing.values import Stays

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.calendar.reading.rows import ReadRow
    from programme.flows.importing.values import ImportPlan, Outcome, PlannedRow

LEFT_OUT = "Left out."
AT_ONCE = 500
STAY_WORDS = {
    Stays.NO_LEAVE: "publishing was not asked for",
    Stays.FILE: "the file calls them drafts",
    Stays.UNKNOWN: "their status is not a known word",
    Stays.HERE: "they were made drafts again here",
}


def drafts_that_stay(
    session: Session, plan: ImportPlan, rows: Iterable[PlannedRow], *, publish: bool
) -> Counter[Stays]:
    """Count the events of the file that are drafts now, by the reason; `rows` were carried out."""
    found: Counter[Stays] = Counter()
    by_event = {}
    for row in rows:
        if row.event_id:
            by_event[row.event_id] = row.row
        elif state_of(row.row, publish=publish) is EventState.DRAFT:
            found[why_draft(row.row)] += 1
    for event_id, published_at in drafts_among(session, plan, sorted(by_event)):
        found[Stays.HERE if published_at else why_draft(by_event[event_id])] += 1
    return found


def why_draft(row: ReadRow) -> Stays:
    """Return why the event of a row is a draft that never was public."""
    if row.status is not RowStatus.DRAFT:
        return Stays.NO_LEAVE
    return Stays.UNKNOWN if "status" in row.extra else Stays.FILE


def drafts_among(session: Session, plan: ImportPlan, ids: Sequence[int]) -> Iterator[tuple[int, datetime | None]]:
    """Give those of the events that are ours and drafts, and when they were first published, if ever."""
    ours = (Event.lead_organisation_id == plan.organisation_id, Event.strand == plan.strand)
    for begin in range(0, len(ids), AT_ONCE):
        some = select(Event.id, Event.published_at).where(Event.id.in_(ids[begin : begin + AT_ONCE]), *ours)
        rows = session.execute(some.where(Event.state == EventState.DRAFT))
        yield from ((row[0], row[1]) for row in rows)


def staying(told: Mapping[str, int]) -> str:
    """Say how many are drafts, and why; nothing where none is."""
    why = [f"{count:,} as {STAY_WORDS[Stays(reason)]}" for reason, count in told.items() if count]
    return (
        f"{plural(sum(told.values()), 'event stays a draft', 'events stay drafts')}: {', '.join(why)}." if why else ""
    )


def report(plan: ImportPlan, outcome: Outcome) -> dict[str, Any]:
    """Return all that is told of an import that was carried out, as JSON holds it."""
    return {
        "file": plan.source,
        "read": plan.read,
        "new": outcome.new,
        "changed": outcome.changed,
        "moved": outcome.followed,
        "same": outcome.same,
        "refused": len(plan.refused),
        "missing": plan.missing,
        "published": outcome.published,
        "drafts": outcome.drafts,
        "archived": outcome.archived,
        "drafts_that_stay": {why.value: outcome.stay[why] for why in Stays if outcome.stay[why]},
        "told": outcome.told,
        "odd_rows": plan.odd,
        "odd": odd_rows(plan),
        "columns_left_out": left_out(plan),
        "series": [[series_id, title] for series_id, title in outcome.series],
    }


def odd_rows(plan: ImportPlan) -> list[dict[str, Any]]:
    """Return what is odd, by line; a row that cannot be taken among them."""
    found = [(odd.line, odd.field, odd.reason, odd.default_taken) for odd in plan.oddities]
    found += [(row.line, row.field, row.reason, LEFT_OUT) for row in plan.refused]
    names = ("line", "field", "reason", "default")
    return [dict(zip(names, words, strict=True)) for words in sorted(found, key=lambda words: words[0])]


def left_out(plan: ImportPlan) -> list[str]:
    """Return the headings that were not understood, whose columns are not taken."""
    return [column.heading for column in plan.columns if column.field is None and column.heading]
