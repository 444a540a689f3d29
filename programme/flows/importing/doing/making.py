"""Making what is new: series and events in few statements, however many rows there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from programme.core.audit import AuditEntry
from programme.engines.calendar.actions import series as series_actions
from programme.engines.calendar.models import Contribution, Event, ImportedEvent, Series, Venue
from programme.engines.calendar.states import EventState
from programme.engines.reminders.actions import give_default_rules
from programme.flows.importing.taking import COLUMNS, Ground, columns_of, folded, state_of
from programme.people.models import Organisation

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.orm import Session

    from programme.flows.importing.values import Hand, PlannedRow


def ground_for(session: Session, titles: Iterable[str], *, hand: Hand) -> Ground:
    """Return the places there are, and the series by title, those that are missing made."""
    lead, strand = hand.plan.organisation_id, hand.plan.strand
    mine = (Series.lead_organisation_id == lead, Series.strand == strand)
    rows = session.execute(select(Series.id, Series.title).where(*mine).order_by(Series.id.desc()))
    series = {folded(title): series_id for series_id, title in rows}
    for name, title in {folded(title): title for title in titles if title}.items():
        if name not in series:
            details = series_actions.SeriesDetails(title=title, strand=strand)
            series[name] = series_actions.create(session, details, lead_id=lead, actor=hand.actor, now=hand.now).id
    return Ground(series, venues(session, lead), session.get_one(Organisation, lead).short_name)


def venues(session: Session, organisation_id: int) -> dict[str, int]:
    """Return the places that the organisation may name, by folded name; a name that two bear says neither."""
    theirs = Venue.organisation_id.is_(None) | (Venue.organisation_id == organisation_id)
    found: dict[str, list[int]] = {}
    for venue_id, name in session.execute(select(Venue.id, Venue.name).where(theirs)):
        found.setdefault(folded(name), []).append(venue_id)
    return {name: ids[0] for name, ids in found.items() if name and len(ids) == 1}


def make(session: Session, rows: Sequence[PlannedRow], ground: Ground, *, hand: Hand) -> list[EventState]:
    """Make an event of each row and return the state each is in; no mail, and no reminder for what is over."""
    made = [event_values(row, ground, hand=hand) for row in rows]
    ids = list(session.scalars(insert(Event).returning(Event.id, sort_by_parameter_order=True), made)) if made else []
    numbered = list(zip(ids, rows, made, strict=True))
    put(session, Contribution, [line for event_id, row, _ in numbered for line in speakers(row, event_id)])
    put(session, ImportedEvent, [remembered(row, event_id, hand=hand) for event_id, row, _ in numbered])
    put(session, AuditEntry, [trail(event_id, row, hand=hand) for event_id, row, _ in numbered])
    ahead = {event_id: one["strand"] for event_id, _, one in numbered if one["published_at"] and not one["is_archive"]}
    give_default_rules(session, ahead, now=hand.now)
    return [one["state"] for one in made]


def put(session: Session, table: Any, rows: list[dict[str, Any]]) -> None:
    """Insert rows, if there are any."""
    if rows:
        session.execute(insert(table), rows)


def event_values(row: PlannedRow, ground: Ground, *, hand: Hand) -> dict[str, Any]:
    """Return all columns of a new event."""
    state = state_of(row.row, publish=hand.publish)
    return {
        **columns_of(row.row, COLUMNS, ground),
        "strand": hand.plan.strand,
        "state": state,
        "lead_organisation_id": hand.plan.organisation_id,
        "is_archive": row.is_past,
        "date_is_known": state is not EventState.POSTPONED,
        "created_at": hand.now,
        "changed_at": hand.now,
        "published_at": None if state is EventState.DRAFT or not hand.publish else hand.now,
        "cancelled_at": hand.now if state is EventState.CANCELLED else None,
    }


def speakers(row: PlannedRow, event_id: int) -> list[dict[str, Any]]:
    """Return the speakers of a row as lines of the programme."""
    return [{"event_id": event_id, "position": at, "name": name} for at, name in enumerate(row.row.speakers)]


def remembered(row: PlannedRow, event_id: int, *, hand: Hand) -> dict[str, Any]:
    """Return how the row is known again."""
    return {
        "organisation_id": hand.plan.organisation_id,
        "identity": row.identity,
        "digest": row.digest,
        "title": row.row.title,
        "series_title": row.row.series,
        "starts_at": row.row.starts,
        "event_id": event_id,
        "told": dict(row.told),
        "source": hand.plan.source,
        "imported_at": hand.now,
    }


def trail(event_id: int, row: PlannedRow, *, hand: Hand) -> dict[str, Any]:
    """Return the entry of the audit trail."""
    return {
        "at": hand.now,
        "person_id": hand.actor.person_id,
        "verb": "imported",
        "subject_kind": "event",
        "subject_id": event_id,
        "organisation_id": hand.plan.organisation_id,
        "before": None,
        "after": {"title": row.row.title, "file": hand.plan.source, "line": row.row.line},
    }
