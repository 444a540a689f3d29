"""What a file would do, before anything is done: rows compared with what earlier imports made."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import false, select, update

from programme.engines.calendar.models import Event, ImportedEvent
from programme.engines.calendar.reading.rows import Oddity, digest, identities
from programme.flows.importing.fitting import fit, restated, shortened
from programme.flows.importing.matching import questions
from programme.flows.importing.taking import folded, told_of
from programme.flows.importing.values import ImportPlan, Known, PlannedRow, RowKind, Was
from programme.people.models import Organisation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.calendar.reading.rows import Reading
    from programme.people.models import Strand

LEFT_ALONE = "Left as it is there."


def take_turn(session: Session, organisation_id: int) -> None:
    """Let imports of one organisation follow each other: the first write of the transaction, before the plan.

    No row is written: the database would note every entry of the organisation as changed, and hold them all, while
    others edit one (decision 0022). SQLite is content with a writer that changes nothing.
    """
    its = Organisation.id == organisation_id
    nothing = update(Organisation).where(its, false()).values(position=Organisation.position)
    session.execute(nothing, execution_options={"synchronize_session": False})
    session.execute(select(Organisation.id).where(its).with_for_update(key_share=True))


def plan(
    session: Session, reading: Reading, *, organisation_id: int, strand: Strand, source: str, now: datetime
) -> ImportPlan:
    """Compare a reading with what was imported for the organisation before; nothing is written.

    `source` is the file's name. Raises nothing: whatever is odd is in the plan.
    """
    known = {event.identity: event for event in known_events(session, organisation_id, strand)}
    oddities = restated(reading.oddities)
    rows = [planned(row, known, now=now) for row in prepared(reading, strand, oddities)]
    oddities += left_alone(rows, known)
    source = shortened(source)
    absent = missing(rows, known.values(), now=now)
    asked = questions([row for row in rows if row.kind is RowKind.NEW and not row.is_past], absent)
    found_again = {question.known.identity for question in asked}
    return ImportPlan(
        organisation_id=organisation_id,
        strand=strand,
        source=source,
        rows=tuple(rows),
        questions=tuple(asked),
        oddities=tuple(sorted(oddities, key=lambda oddity: oddity.line)),
        refused=reading.refused_rows,
        columns=reading.columns_seen,
        missing=sum(event.identity not in found_again for event in expected(absent, rows, source=source)),
    )


def known_events(session: Session, organisation_id: int, strand: Strand) -> list[Known]:
    """Return what earlier imports of the organisation made, as values."""
    row, event = ImportedEvent, Event
    statement = (
        select(row.identity, row.digest, row.series_title, row.title, row.starts_at, row.told, row.source, row.event_id)
        .add_columns(event.strand, event.lead_organisation_id, event.state, event.published_at)
        .join(event, event.id == row.event_id)
        .where(row.organisation_id == organisation_id)
    )
    return [
        Known(
            identity=found.identity,
            digest=found.digest,
            series=found.series_title,
            title=found.title,
            starts=found.starts_at,
            told=found.told,
            source=found.source,
            event_id=found.event_id,
            is_ours=(found.strand, found.lead_organisation_id) == (strand, organisation_id),
            was=Was(found.state, is_announced=found.published_at is not None),
        )
        for found in session.execute(statement)
    ]


def prepared(reading: Reading, strand: Strand, oddities: list[Oddity]) -> Iterable[PlannedRow]:
    """Give each row its name and sums, and make it fit; what that takes is added to `oddities`."""
    for row, identity in zip(reading.rows, identities(reading.rows), strict=True):
        fitted, odd = fit(row, strand=strand)
        oddities += odd
        yield PlannedRow(fitted, identity, digest(row), told_of(row), is_past=False)


def planned(row: PlannedRow, known: Mapping[str, Known], *, now: datetime) -> PlannedRow:
    """Say whether a row is new, changed or the same; events that are no longer ours are left alone."""
    event = known.get(row.identity)
    is_past = row.row.ends <= now
    if event is None:
        return replace(row, is_past=is_past)
    fields = () if not event.is_ours or event.digest == row.digest else changed(row.told, event.told)
    kind, was = RowKind.CHANGED if fields else RowKind.SAME, event.was if event.is_ours else None
    return replace(row, is_past=is_past, kind=kind, event_id=event.event_id, fields=fields, was=was)


def changed(now: Mapping[str, str], before: Mapping[str, str]) -> tuple[str, ...]:
    """Name the fields of which the file says something else than it did."""
    return tuple(name for name, said in now.items() if before.get(name) != said)


def left_alone(rows: Iterable[PlannedRow], known: Mapping[str, Known]) -> list[Oddity]:
    """Say which rows belong to events that were handed to another strand or organisation since."""
    reason = "Its event was imported before and belongs to another strand or organisation now."
    return [
        Oddity(row.row.line, "event", reason, LEFT_ALONE)
        for row in rows
        if row.identity in known and not known[row.identity].is_ours
    ]


def missing(rows: Iterable[PlannedRow], known: Iterable[Known], *, now: datetime) -> list[Known]:
    """Return the upcoming events of ours that the file does not have."""
    here = {row.identity for row in rows}
    return [event for event in known if event.is_ours and event.starts > now and event.identity not in here]


def expected(absent: Iterable[Known], rows: Sequence[PlannedRow], *, source: str) -> list[Known]:
    """Return those of the absent that one would look for in this file: of its name, or of one of its series."""
    series = {folded(row.row.series) for row in rows if row.row.series}
    return [event for event in absent if event.source == source or folded(event.series) in series]
