"""Changing what is here already: only the fields that the file changed, by the verbs that tell people."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from programme.engines.calendar.actions.copies import details_of
from programme.engines.calendar.actions.values import PLAN_FIELDS, Contributor, Details, Plan, plan_of
from programme.engines.calendar.models import Event, ImportedEvent
from programme.engines.calendar.reading.rows import RowStatus
from programme.engines.calendar.states import EventState
from programme.engines.registration.actions import lock_all
from programme.engines.registration.models import OpeningEvent
from programme.flows import scheduling
from programme.flows.importing.making import remembered
from programme.flows.importing.taking import columns_of, state_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy.orm import Session

    from programme.flows.importing.taking import Ground
    from programme.flows.importing.values import Hand, PlannedRow

AT_ONCE = 500
SPEAKER = "speaker"
ANNOUNCED = frozenset({EventState.PUBLISHED, EventState.POSTPONED})


def lock_openings(session: Session, event_ids: Collection[int]) -> None:
    """Lock whatever admits to any of the events, before the first event: openings come first, always."""
    admitting: set[int] = set()
    wanted = sorted(set(event_ids))
    for begin in range(0, len(wanted), AT_ONCE):
        some = OpeningEvent.event_id.in_(wanted[begin : begin + AT_ONCE])
        admitting.update(session.scalars(select(OpeningEvent.opening_id).where(some)))
    lock_all(session, sorted(admitting))


def change(session: Session, row: PlannedRow, event_id: int, ground: Ground, *, hand: Hand) -> int:
    """Change an event as its row says and return how many people are told; raises Refusal where a rule forbids it."""
    event = session.get_one(Event, event_id)
    columns = columns_of(row.row, row.fields, ground)
    wanted = replace(plan_of(event), **{name: columns[name] for name in PLAN_FIELDS if name in columns})
    details = edited(event, row, columns)
    draft = wanted if event.state is EventState.DRAFT else None
    if draft or details != details_of(event):
        scheduling.edit(session, event_id, details, plan=draft, actor=hand.actor, now=hand.now)
    told = moved(session, event, wanted, hand=hand)
    event.is_archive = event.is_archive and event.ends_at <= hand.now
    return told + restated(session, event, row, hand=hand) if "status" in row.fields else told


def edited(event: Event, row: PlannedRow, columns: dict[str, Any]) -> Details:
    """Return the event's words with those that the file changed; chairs and hosts stay."""
    details = details_of(event)
    details = replace(details, **{name: value for name, value in columns.items() if name in Details.__slots__})
    if "speakers" not in row.fields:
        return details
    others = tuple(who for who in details.contributions if who.role != SPEAKER)
    known = {who.name: who for who in details.contributions if who.role == SPEAKER}
    named = tuple(known.get(name) or Contributor(name) for name in row.row.speakers)
    return replace(details, contributions=(*named, *others))


def moved(session: Session, event: Event, wanted: Plan, *, hand: Hand) -> int:
    """Move a public event where its time or place is another; a cancelled one stays as it was."""
    if event.state not in ANNOUNCED or wanted == plan_of(event):
        return 0
    return scheduling.move(session, event.id, wanted, actor=hand.actor, now=hand.now)[1]


def restated(session: Session, event: Event, row: PlannedRow, *, hand: Hand) -> int:
    """Let the state follow the file: nothing public becomes a draft again, nothing is published without leave."""
    if row.row.status is RowStatus.UNSTATED:
        return published_first(session, event, hand=hand)
    wanted = state_of(row.row, publish=True)
    if wanted is EventState.CANCELLED and event.state is not EventState.CANCELLED:
        return scheduling.cancel(session, event.id, actor=hand.actor, now=hand.now)[1]
    if wanted is EventState.POSTPONED and event.state is EventState.PUBLISHED:
        return scheduling.postpone(session, event.id, None, actor=hand.actor, now=hand.now)[1]
    if wanted is EventState.PUBLISHED and hand.publish:
        return brought_back(session, event, hand=hand)
    return 0


def published_first(session: Session, event: Event, *, hand: Hand) -> int:
    """Publish a draft that never was public; a file that says nothing of its state brings nothing back."""
    if hand.publish and event.state is EventState.DRAFT and event.published_at is None:
        scheduling.publish(session, event.id, actor=hand.actor, now=hand.now)
    return 0


def brought_back(session: Session, event: Event, *, hand: Hand) -> int:
    """Publish a draft, or let a cancelled or postponed event take place after all."""
    if event.state is EventState.DRAFT:
        scheduling.publish(session, event.id, actor=hand.actor, now=hand.now)
    elif event.state is not EventState.PUBLISHED:
        return scheduling.reinstate(session, event.id, plan_of(event), actor=hand.actor, now=hand.now)[1]
    return 0


def remember(session: Session, identity: str, row: PlannedRow, *, hand: Hand) -> None:
    """Keep what the row says now, under its name of now, for the event that was known as `identity`."""
    is_it = (ImportedEvent.organisation_id == hand.plan.organisation_id, ImportedEvent.identity == identity)
    known = session.scalars(select(ImportedEvent).where(*is_it)).one()
    for name, value in remembered(row, known.event_id, hand=hand).items():
        setattr(known, name, value)
