"""A calendar beside the events that follow it: what is new, what changed on which side, and what is gone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from programme.engines.calendar.models import Event, ImportedEvent
from programme.engines.calendar.reading.rows import Oddity, RowStatus
from programme.engines.calendar.states import EventState
from programme.engines.calendar.subscribed.merging import STATUS, Merged, Version, are_too_many, is_stale, merged
from programme.engines.calendar.subscribed.models import FollowedEvent, SubscribedAddress
from programme.engines.calendar.subscribed.states import Upstream
from programme.flows.following.values import Compared, Pair, as_json, from_json
from programme.flows.importing.doing.making import venues
from programme.flows.importing.plan import changed, known_events, prepared
from programme.flows.importing.taking import Ground, columns_of, state_of, summed, told_of
from programme.flows.importing.values import ImportPlan, PlannedRow, RowKind, Was
from programme.people.models import Organisation

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from programme.engines.calendar.reading.rows import Reading, ReadRow
    from programme.flows.importing.values import Known

SPEAKERS = "speakers"
FIELDS = ("title", "time", "place", "abstract", SPEAKERS, STATUS)
"""What calendars say of an event; series, audience and price are ours alone."""
BEFORE = timedelta(days=31)
AHEAD = timedelta(days=2 * 366)
ELSEWHERE = "Its event belongs to another strand, organisation or subscribed address."
LEFT_ALONE = "Left as it is there."


def compared(session: Session, address: SubscribedAddress, reading: Reading, *, now: datetime) -> Compared:
    """Compare a calendar with the events that follow it; nothing is written, but what was imported once is followed."""
    ground = ground_of(session, address)
    odd = list(reading.oddities)
    rows = {row.identity: row for row in prepared(reading, address.strand, odd)}
    entries = entries_of(session, address)
    known = {one.identity: one for one in known_events(session, address.organisation_id, address.strand)}
    taken = set(session.scalars(others(address)))
    new: list[PlannedRow] = []
    pairs: list[Pair] = []
    outside = 0
    for identity, row in rows.items():
        entry, imported = entries.get(identity), known.get(identity)
        if is_elsewhere(address, entry, imported, taken):
            odd.append(Oddity(row.row.line, "event", ELSEWHERE, LEFT_ALONE))
        elif entry is not None:
            pairs.append(paired(entry, row, ground, publishes=address.publishes))
        elif not now - BEFORE < row.row.ends < now + AHEAD:
            outside += 1
        elif imported is not None:
            adopted = adopt(session, address, row, imported, ground)
            pairs.append(paired(adopted, row, ground, publishes=address.publishes))
        else:
            new.append(replace(row, is_past=row.row.ends <= now))
    ours = [one for one in entries.values() if is_ours(address, one.event)]
    upcoming = [one for one in ours if one.event.ends_at > now and one.upstream is Upstream.HERE]
    vanished = [one for one in upcoming if one.identity not in rows]
    is_sure = not reading.refused_rows and not are_too_many(len(vanished), len(upcoming))
    plan = plan_of(address, [*new, *(pair.row for pair in pairs)], reading, odd)
    return Compared(plan, ground, new, pairs, vanished, is_sure, outside)


def others(address: SubscribedAddress) -> Select[int]:
    """Return the events of the organisation that follow another address."""
    theirs = (SubscribedAddress.organisation_id == address.organisation_id, SubscribedAddress.id != address.id)
    return select(FollowedEvent.event_id).join(SubscribedAddress).where(*theirs)


def is_elsewhere(
    address: SubscribedAddress, entry: FollowedEvent | None, imported: Known | None, taken: Collection[int]
) -> bool:
    """Whether the event of a row is not this address's to change."""
    if entry is not None:
        return not is_ours(address, entry.event)
    return imported is not None and (not imported.is_ours or imported.event_id in taken)


def is_ours(address: SubscribedAddress, event: Event) -> bool:
    """Whether an event still belongs to the organisation and strand of its address."""
    return (event.lead_organisation_id, event.strand) == (address.organisation_id, address.strand)


def ground_of(session: Session, address: SubscribedAddress) -> Ground:
    """Return what rows name and the database has; no row names a series."""
    lead = address.organisation_id
    return Ground({}, venues(session, lead), session.get_one(Organisation, lead).short_name)


def entries_of(session: Session, address: SubscribedAddress) -> dict[str, FollowedEvent]:
    """Return the events that follow an address, by identity."""
    loaded = (joinedload(FollowedEvent.event).selectinload(Event.contributions),)
    found = select(FollowedEvent).where(FollowedEvent.address_id == address.id).options(*loaded)
    return {one.identity: one for one in session.scalars(found)}


def adopt(
    session: Session, address: SubscribedAddress, row: PlannedRow, imported: Known, ground: Ground
) -> FollowedEvent:
    """Follow an event that a file brought in: what the file said otherwise than this is a conflict, never lost."""
    event = session.get_one(Event, imported.event_id, options=[selectinload(Event.contributions)])
    news = changed(row.told, imported.told)
    sums = sums_of(row.row, ground, publishes=address.publishes)
    entry = FollowedEvent(
        address_id=address.id,
        identity=row.identity,
        event_id=event.id,
        event=event,
        said=as_json(row.row),
        taken={name: "" if name in news else told for name, told in sums.items() if name != STATUS},
        conflicts=[name for name in news if name in FIELDS],
        upstream=Upstream.HERE,
        sequence=0,
    )
    entry.taken[STATUS] = event.state.value
    session.add(entry)
    return entry


def paired(entry: FollowedEvent, row: PlannedRow, ground: Ground, *, publishes: bool) -> Pair:
    """Put a row beside the event that follows it, and say what it takes."""
    read = row
    if entry.upstream is Upstream.HERE and not entry.conflicting and as_json(row.row) == entry.said:
        return Pair(read, replace(row, kind=RowKind.SAME, event_id=entry.event_id), entry, {}, Merged((), ()))
    event, sums = entry.event, sums_of(row.row, ground, publishes=publishes or entry.event.published_at is not None)
    found = Version(row.row.sequence, row.row.stamp)
    known = Version(entry.sequence, entry.stamp)
    if is_stale(found, known):
        row, sums = replace(row, row=from_json(entry.said)), {}
    news = changed(row.told, told_of(from_json(entry.said))) if sums else ()
    is_back = entry.upstream is Upstream.CALLED_OFF
    if STATUS in news or is_back:
        news = FIELDS
    here = here_of(event, entry)
    decided = merged(news, taken=entry.taken, here=here, theirs=sums, conflicts=entry.conflicts)
    if STATUS in decided.conflicts and row.row.status is RowStatus.CANCELLED:
        decided = Merged((*decided.take, STATUS), tuple(name for name in decided.conflicts if name != STATUS))
    if not sums:
        decided = Merged((), tuple(entry.conflicts))
    was = Was(event.state, is_announced=event.published_at is not None)
    kind = RowKind.CHANGED if decided.take else RowKind.SAME
    told = replace(row, kind=kind, event_id=event.id, fields=decided.take, was=was)
    return Pair(read, told, entry, sums, decided)


def sums_of(row: ReadRow, ground: Ground, *, publishes: bool) -> dict[str, str]:
    """Sum up each field of a row as its event would take it."""
    plain = {
        name: summed(list(columns_of(row, [name], ground).values()))
        for name in FIELDS
        if name not in {SPEAKERS, STATUS}
    }
    return {**plain, SPEAKERS: summed(list(row.speakers)), STATUS: state_of(row, publish=publishes).value}


def here_of(event: Event, entry: FollowedEvent) -> dict[str, str]:
    """Sum up each field of an event; a draft that organisers published is what its source calls it."""
    found = {name: summed([getattr(event, column) for column in columns]) for name, columns in COLUMNS.items()}
    names = [who.name for who in event.contributions if who.role == "speaker"]
    was_draft = entry.taken.get(STATUS) == EventState.DRAFT and event.state is EventState.PUBLISHED
    return {**found, SPEAKERS: summed(list(names)), STATUS: EventState.DRAFT.value if was_draft else event.state.value}


COLUMNS: Mapping[str, Sequence[str]] = {
    "title": ("title", "title_is_known"),
    "time": ("starts_at", "ends_at", "all_day"),
    "place": ("venue_id", "room", "is_online", "online_link"),
    "abstract": ("description",),
}
"""Which columns of an event a field is, in the order in which rows give them."""


def plan_of(
    address: SubscribedAddress, rows: Iterable[PlannedRow], reading: Reading, odd: Sequence[Oddity]
) -> ImportPlan:
    """Return what importing needs to know to make and to change events."""
    return ImportPlan(
        organisation_id=address.organisation_id,
        strand=address.strand,
        source=address.title,
        rows=tuple(rows),
        questions=(),
        oddities=tuple(sorted(odd, key=lambda one: one.line)),
        refused=reading.refused_rows,
        columns=reading.columns_seen,
        missing=0,
    )


def event_ids(session: Session, address: SubscribedAddress, identities: Sequence[str]) -> dict[str, int]:
    """Return the events that rows were made into, by identity."""
    ours = ImportedEvent.organisation_id == address.organisation_id
    found: dict[str, int] = {}
    for begin in range(0, len(identities), 500):
        some = ImportedEvent.identity.in_(identities[begin : begin + 500])
        found.update(
            {
                row[0]: row[1]
                for row in session.execute(select(ImportedEvent.identity, ImportedEvent.event_id).where(ours, some))
            }
        )
    return found
