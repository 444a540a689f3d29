"""Letting our events follow a calendar: made, changed, called off, asked about; the caller commits."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import selectinload

from programme.core import audit
from programme.core.refusal import Refusal
from programme.engines.calendar.actions.series import lock as lock_series
from programme.engines.calendar.feeds.renewing import in_one_go
from programme.engines.calendar.models import Event
from programme.engines.calendar.reading.rows import Oddity
from programme.engines.calendar.states import EventState
from programme.engines.calendar.subscribed.merging import STATUS
from programme.engines.calendar.subscribed.models import FollowedEvent
from programme.engines.calendar.subscribed.states import Upstream
from programme.flows import scheduling
from programme.flows.following.comparing import compared, event_ids, here_of, paired, sums_of
from programme.flows.following.values import Refreshed, as_json
from programme.flows.importing.doing.carrying_out import in_parts
from programme.flows.importing.doing.changing import AT_ONCE, change, lock_openings, remember
from programme.flows.importing.doing.making import make
from programme.flows.importing.plan import take_turn
from programme.flows.importing.report import LEFT_OUT
from programme.flows.importing.values import Hand

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.calendar.reading.rows import Reading
    from programme.engines.calendar.subscribed.models import SubscribedAddress
    from programme.flows.following.values import Compared, Pair
    from programme.flows.importing.values import PlannedRow
    from programme.people.permissions import Actor

MOST_NEW, MOST_CHANGED = 2_000, 200
"""In one transaction; those that change may each have people to be told."""
FIRST_TOLD = 20
"""Of so many new events a report tells each."""
STAYS = "It stays as it is here."
NOT_OURS = "The series for new events belongs to another organisation or strand by now."
IN_NONE = "New events go into no series."


def take_in(
    session: Session, address: SubscribedAddress, reading: Reading, *, actor: Actor, now: datetime
) -> Refreshed:
    """Let the events of an address follow what its calendar says now; the transaction must not have written before.

    Whatever a rule forbids is told, and stops nothing else.
    """
    take_turn(session, address.organisation_id)
    series_id = series_for(session, address)
    found = compared(session, address, reading, now=now)
    done = Refreshed(outside=found.outside, read=found.plan.read, odd=list(found.plan.oddities))
    done.odd += [Oddity(row.line, row.field, row.reason, LEFT_OUT) for row in found.plan.refused]
    hand = Hand(found.plan, actor, address.publishes, now)
    found = cut(found, done)
    with in_one_go(session):
        pairs = locked(session, address, found)
        make_new(session, address, found, series_id=series_id, hand=hand, done=done)
        if found.new and series_id != address.series_id:
            done.odd.append(Oddity(found.new[0].row.line, "series", NOT_OURS, IN_NONE))
        for pair in sorted(pairs, key=lambda pair: pair.entry.event_id):
            follow(session, pair, found, hand=hand, done=done)
        for entry in sorted(found.vanished, key=lambda entry: entry.event_id):
            let_go(session, entry, is_sure=found.is_sure, hand=hand, done=done)
    note(session, address, done, hand=hand)
    session.flush()
    return done


def cut(found: Compared, done: Refreshed) -> Compared:
    """Leave what is beyond measure for the next turn: others write meanwhile, and nobody waits for long."""
    news = [pair for pair in found.pairs if pair.has_news]
    late = {id(pair) for pair in news[MOST_CHANGED:]}
    done.left = len(found.new[MOST_NEW:]) + len(late) + len(found.vanished[MOST_CHANGED:])
    pairs = [pair for pair in found.pairs if id(pair) not in late]
    return replace(found, new=found.new[:MOST_NEW], pairs=pairs, vanished=found.vanished[:MOST_CHANGED])


def locked(session: Session, address: SubscribedAddress, found: Compared) -> list[Pair]:
    """Lock what will change, openings before events, and compare it once more: somebody may just have edited it."""
    news = [pair for pair in found.pairs if pair.has_news or list(pair.merged.conflicts) != pair.entry.conflicts]
    ids = sorted({*(pair.entry.event_id for pair in news), *(entry.event_id for entry in found.vanished)})
    lock_openings(session, ids)
    for begin in range(0, len(ids), AT_ONCE):
        some = select(Event).where(Event.id.in_(ids[begin : begin + AT_ONCE])).order_by(Event.id)
        afresh = some.options(selectinload(Event.contributions)).execution_options(populate_existing=True)
        session.scalars(afresh.with_for_update(of=Event)).all()
    again = set(map(id, news))
    return [
        paired(pair.entry, pair.read, found.ground, publishes=address.publishes) if id(pair) in again else pair
        for pair in found.pairs
    ]


def series_for(session: Session, address: SubscribedAddress) -> int | None:
    """Return the series that new events go into, locked before any event: none where it is another's by now."""
    if address.series_id is None:
        return None
    series = lock_series(session, address.series_id)
    is_ours = (series.lead_organisation_id, series.strand) == (address.organisation_id, address.strand)
    return series.id if is_ours else None


def make_new(
    session: Session,
    address: SubscribedAddress,
    found: Compared,
    *,
    series_id: int | None,
    hand: Hand,
    done: Refreshed,
) -> None:
    """Make the events that are new, in a series if there is one for them, and follow them."""
    for some in in_parts(found.new):
        make(session, some, found.ground, hand=hand)
        ids = event_ids(session, address, [row.identity for row in some])
        if series_id and ids:
            session.execute(update(Event).where(Event.id.in_(ids.values())).values(series_id=series_id))
        entries = [entry_values(address, row, ids[row.identity], found, hand=hand) for row in some]
        session.execute(insert(FollowedEvent), entries)
    done.new = len(found.new)
    for row, event_id in zip(found.new, first_ids(session, address, found), strict=False):
        told = {"event": event_id, "title": row.row.title, "starts": row.row.starts.isoformat()}
        done.lately.append({**told, "what": "new", "fields": []})


def entry_values(
    address: SubscribedAddress, row: PlannedRow, event_id: int, found: Compared, *, hand: Hand
) -> dict[str, Any]:
    """Return what is kept of a row that became an event."""
    return {
        "address_id": address.id,
        "identity": row.identity,
        "event_id": event_id,
        "said": as_json(row.row),
        "taken": sums_of(row.row, found.ground, publishes=hand.publish),
        "conflicting": "",
        "sequence": row.row.sequence,
        "stamp": row.row.stamp,
        "upstream": Upstream.HERE,
    }


def first_ids(session: Session, address: SubscribedAddress, found: Compared) -> list[int]:
    """Return the events of the first new rows, to tell of them."""
    some = [row.identity for row in found.new[:FIRST_TOLD]]
    ids = event_ids(session, address, some)
    return [ids[identity] for identity in some]


def follow(session: Session, pair: Pair, found: Compared, *, hand: Hand, done: Refreshed) -> None:
    """Let one event take what its source changed, and keep what organisers did."""
    entry = pair.entry
    is_back = entry.upstream is not Upstream.HERE
    if pair.has_news and not taken(session, pair, found, hand=hand, done=done):
        return
    if pair.sums:
        entry.said, entry.sequence, entry.stamp = as_json(pair.row.row), pair.row.row.sequence, pair.row.row.stamp
    if set(pair.merged.conflicts) - set(entry.conflicts):
        done.conflicts += 1
        done.tell(entry, "conflict", pair.merged.conflicts)
    if list(pair.merged.conflicts) != entry.conflicts:
        entry.conflicts = list(pair.merged.conflicts)
    if is_back:
        entry.upstream, entry.vanished_at = Upstream.HERE, None
        done.back += 1
        done.tell(entry, "back" if entry.event.state is not EventState.CANCELLED else "back_but_off")
    done.same += not pair.has_news and not is_back


def taken(session: Session, pair: Pair, found: Compared, *, hand: Hand, done: Refreshed) -> bool:
    """Take the fields of one event; False, and told, where a rule forbids it."""
    entry, row = pair.entry, pair.row
    may_show = hand.publish or entry.event.published_at is not None
    leave = Hand(hand.plan, hand.actor, may_show, hand.now)
    try:
        with session.begin_nested():
            told = change(session, row, entry.event_id, found.ground, hand=leave)[0]
            told += change(session, row, entry.event_id, found.ground, hand=leave)[0] if STATUS in row.fields else 0
            remember(session, row.identity, row, hand=hand)
    except Refusal as refusal:
        done.odd.append(Oddity(row.row.line, "event", refusal.sentence, STAYS))
        session.expire(entry.event)
        return False
    session.flush()
    now_here = here_of(fresh(session, entry), entry)
    entry.taken = {**entry.taken, **{name: now_here[name] for name in row.fields}, STATUS: status_of(entry, row.fields)}
    done.told += told
    done.changed += 1
    done.tell(entry, "changed", row.fields)
    return True


def fresh(session: Session, entry: FollowedEvent) -> Event:
    """Return the event as it is by now."""
    loaded = [selectinload(Event.contributions)]
    return session.get_one(Event, entry.event_id, options=loaded, populate_existing=True)


def status_of(entry: FollowedEvent, fields: tuple[str, ...]) -> str:
    """Return the state that counts as taken."""
    return entry.event.state.value if STATUS in fields else entry.taken.get(STATUS, "")


def let_go(session: Session, entry: FollowedEvent, *, is_sure: bool, hand: Hand, done: Refreshed) -> None:
    """Call off what its source has no more, where nobody comes and nobody worked on it; else ask the organisers."""
    entry.vanished_at = hand.now
    here = here_of(entry.event, entry)
    is_ours = any(here[name] != entry.taken.get(name) for name in here)
    if not is_sure or is_ours or scheduling.reach(session, entry.event_id):
        entry.upstream = Upstream.ASKED
        done.asked += 1
        done.tell(entry, "asked")
        return
    call_off(session, entry, actor=hand.actor, now=hand.now)
    done.called_off += 1
    done.tell(entry, "called_off")


def call_off(session: Session, entry: FollowedEvent, *, actor: Actor, now: datetime) -> int:
    """Cancel an event that its source has no more, and return how many people are told."""
    told = 0
    if entry.event.state is not EventState.CANCELLED:
        told = scheduling.cancel(session, entry.event_id, actor=actor, now=now)[1]
    entry.upstream = Upstream.CALLED_OFF
    entry.taken = {**entry.taken, STATUS: EventState.CANCELLED.value}
    return told


def note(session: Session, address: SubscribedAddress, done: Refreshed, *, hand: Hand) -> None:
    """Write a refresh that changed something into the trail."""
    if not done.has_news:
        return
    counts = {"new": done.new, "changed": done.changed, "called off": done.called_off, "back": done.back}
    audit.record(
        session,
        person_id=hand.actor.person_id,
        verb="followed a calendar",
        subject=("organisation", address.organisation_id),
        now=hand.now,
        organisation_id=address.organisation_id,
        after={"calendar": address.title, "strand": address.strand.value, **counts},
    )
