"""Changing what is here already: only the fields that the file changed, by the verbs that tell people."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from programme.engines.calendar.actions.plans.changes import announce_cancelled
from programme.engines.calendar.actions.plans.copies import details_of
from programme.engines.calendar.actions.values import PLAN_FIELDS, Contributor, Details, Plan, plan_of
from programme.engines.calendar.models import Event, ImportedEvent
from programme.engines.calendar.reading.standing import Step, step
from programme.engines.calendar.states import EventState
from programme.engines.registration.actions import lock_all
from programme.engines.registration.models import OpeningEvent
from programme.flows import scheduling
from programme.flows.importing.doing.making import remembered
from programme.flows.importing.taking import columns_of

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


def change(session: Session, row: PlannedRow, event_id: int, ground: Ground, *, hand: Hand) -> tuple[int, Step]:
    """Change an event as its row says; return how many people are told, and what became of its state.

    Its openings are locked before. Raises Refusal where a rule forbids it.
    """
    event = locked(session, event_id)
    columns = columns_of(row.row, row.fields, ground)
    wanted = replace(plan_of(event), **{name: columns[name] for name in PLAN_FIELDS if name in columns})
    details = edited(event, row, columns)
    draft = wanted if event.state is EventState.DRAFT else None
    told = 0
    if draft or details != details_of(event):
        _, told = scheduling.edit(session, event_id, details, plan=draft, actor=hand.actor, now=hand.now)
    told = moved(session, event, wanted, hand=hand) or told  # news of another link goes with that of the move
    event.is_archive = event.is_archive and event.ends_at <= hand.now
    more, done = restated(session, event, row, hand=hand)
    return told + more, done


def locked(session: Session, event_id: int) -> Event:
    """Lock an event and return it as it is now: what a row does not say stays as others have just written it."""
    its = select(Event).where(Event.id == event_id).options(selectinload(Event.contributions))
    afresh = its.with_for_update(of=Event).execution_options(populate_existing=True)
    return session.scalars(afresh).one()


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


def restated(session: Session, event: Event, row: PlannedRow, *, hand: Hand) -> tuple[int, Step]:
    """Let the state follow the file; return how many people are told, and what was done."""
    wanted = step(
        row.row.status,
        event.state,
        was_announced=event.published_at is not None,
        publish=hand.publish,
        is_changed="status" in row.fields,
    )
    return take(session, event, wanted, hand=hand), wanted


def take(session: Session, event: Event, wanted: Step, *, hand: Hand) -> int:
    """Do it, and return how many people are told; what is cancelled or postponed is never shown as taking place."""
    by: dict[str, Any] = {"actor": hand.actor, "now": hand.now}
    told = 0
    if wanted in {Step.PUBLISH, Step.SHOW_POSTPONED}:
        scheduling.publish(session, event.id, **by)
    if wanted is Step.CANCEL or (wanted is Step.SHOW_CANCELLED and event.state is not EventState.CANCELLED):
        told = scheduling.cancel(session, event.id, **by)[1]
    if wanted is Step.SHOW_CANCELLED:
        announce_cancelled(session, event.id, **by)
    if wanted in {Step.POSTPONE, Step.SHOW_POSTPONED}:
        told = scheduling.postpone(session, event.id, None, **by)[1]
    if wanted is Step.REINSTATE:
        told = scheduling.reinstate(session, event.id, plan_of(event), **by)[1]
    return told


def remember(session: Session, identity: str, row: PlannedRow, *, hand: Hand) -> None:
    """Keep what the row says now, under its name of now, for the event that was known as `identity`."""
    is_it = (ImportedEvent.organisation_id == hand.plan.organisation_id, ImportedEvent.identity == identity)
    known = session.scalars(select(ImportedEvent).where(*is_it)).one()
    for name, value in remembered(row, known.event_id, hand=hand).items():
        setattr(known, name, value)
