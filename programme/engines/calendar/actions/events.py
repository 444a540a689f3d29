"""Making and editing events: words, people, materials and owners."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from programme.core.audit import note
from programme.core.refusal import Refusal, refuse_if_changed
from programme.engines.calendar.actions.locking import lock
from programme.engines.calendar.actions.values import PLAN_FIELDS, Contributor, Details, Plan, plan_of
from programme.engines.calendar.actions.withdrawals import held_of, settle
from programme.engines.calendar.feeds.renewing import renew
from programme.engines.calendar.models import Contribution, Event, Material
from programme.engines.calendar.states import EventState, MaterialReach
from programme.people.models import Organisation
from programme.people.organisations.sharers import seen_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor

APART = frozenset({"contributions", "focus_areas"})
MOST_CONTRIBUTORS = 100
MOST_MATERIALS = 50
MOST_PARTS = 200


def create(session: Session, details: Details, *, plan: Plan, lead_id: int, actor: Actor, now: datetime) -> Event:
    """Make a draft led by an organisation."""
    check_plan(plan)
    event = Event(lead_organisation_id=lead_id, created_at=now, changed_at=now, **asdict(plan), **plain(details))
    event.contributions = contributions_of(details)
    check_part(session, event)
    session.add(event)
    session.flush()
    note(session, event, "created", actor=actor, now=now, after={"title": event.title})
    renew(session, [event.id])
    return event


def edit(
    session: Session,
    event_id: int,
    details: Details,
    *,
    plan: Plan | None = None,
    version: int | None = None,
    actor: Actor,
    now: datetime,
) -> Event:
    """Change an event; only a draft's plan, as people with places hear of any other by `move`.

    Words alone do not raise the SEQUENCE; the time of a draft that was public once does, and so does whatever takes
    the event out of public calendars or brings it back.
    """
    return write(session, lock(session, event_id, version=version), details, plan=plan, actor=actor, now=now)


def write(session: Session, event: Event, details: Details, *, plan: Plan | None, actor: Actor, now: datetime) -> Event:
    """Do the same to an event that is locked."""
    before, held = facts_of(event), held_of(event)
    apply(event, plain(details))
    write_contributions(session, event, contributions_of(details))
    replan(event, plan)
    check_part(session, event)
    after = facts_of(event)
    changed = sorted(name for name in after if before[name] != after[name])
    if changed:
        event.changed_at = now
        told = ({name: before[name] for name in changed}, {name: after[name] for name in changed})
        note(session, event, "edited", actor=actor, now=now, before=told[0], after=told[1])
    settle(session, event, held, now=now)
    renew(session, [event.id, *filter(None, [before["part_of_id"]])])
    return event


def replan(event: Event, plan: Plan | None) -> None:
    """Give a draft another time or place."""
    if plan is None or plan == plan_of(event):
        return
    if event.state is not EventState.DRAFT:
        raise Refusal("This event is public: use “Move” for its time and place, so that people with places are told.")
    check_plan(plan)
    is_retimed = (plan.starts_at, plan.ends_at, plan.all_day) != (event.starts_at, event.ends_at, event.all_day)
    apply(event, asdict(plan))
    event.sequence += 1 if event.published_at and is_retimed else 0


def check_plan(plan: Plan) -> None:
    """Refuse an event that ends before it starts."""
    if plan.ends_at <= plan.starts_at:
        raise Refusal("The end must be later than the start.", field="ends")


def check_part(session: Session, event: Event) -> None:
    """Refuse a part of itself, a part of a part, and a part with parts."""
    if event.part_of_id is None:
        return
    with session.no_autoflush:
        whole = session.get(Event, event.part_of_id)
        has_parts = event.id and session.scalar(select(Event.id).where(Event.part_of_id == event.id).limit(1))
    if whole is None or whole.id == event.id:
        raise Refusal("Choose another event that this one is part of.", field="part_of")
    if whole.part_of_id is not None or has_parts:
        raise Refusal("A part of an event cannot have parts of its own.", field="part_of")
    refuse_too_many(session, event, whole.id)


def refuse_too_many(session: Session, event: Event, whole_id: int) -> None:
    """Refuse one part more than a timetable holds; those that are there may be changed. Cancelled ones count.

    It bounds what pages and calendars tell, so nobody waits for a lock: of two at once both may be the last.
    """
    others = select(func.count()).where(Event.part_of_id == whole_id, Event.id != (event.id or 0))
    with session.no_autoflush:
        is_there = event.id and session.scalar(select(Event.part_of_id).where(Event.id == event.id)) == whole_id
        number = 0 if is_there else session.scalar(others) or 0
    if number >= MOST_PARTS:
        raise Refusal(f"A timetable holds {MOST_PARTS} parts at most: make a second event for more.", field="part_of")


def add_material(
    session: Session, event_id: int, *, title: str, url: str, reach: MaterialReach, actor: Actor, now: datetime
) -> Material:
    """Put something to read afterwards on the event's page."""
    event = lock(session, event_id)
    if len(event.materials) >= MOST_MATERIALS:
        raise Refusal(f"An event holds {MOST_MATERIALS} materials at most: remove one first.")
    material = Material(event_id=event.id, title=title, url=url, reach=reach, added_at=now)
    event.materials.append(material)
    event.changed_at = now
    session.flush()
    note(session, event, "material added", actor=actor, now=now, after={"title": title, "url": url, "reach": reach})
    renew(session, [event.id])
    return material


def remove_material(session: Session, event_id: int, material_id: int, *, actor: Actor, now: datetime) -> None:
    """Take a material off the event's page; nothing happens where it is gone."""
    event = lock(session, event_id)
    material = session.get(Material, material_id)
    if material is None or material.event_id != event.id:
        return
    note(session, event, "material removed", actor=actor, now=now, before={"title": material.title})
    session.delete(material)
    event.changed_at = now
    renew(session, [event.id])
    session.refresh(event)


def share(
    session: Session, event_id: int, organisations: Iterable[int], *, actor: Actor, now: datetime, seen: str = ""
) -> Event:
    """Say which organisations share the event with its lead; the lead itself is never among them.

    Refused where others share it meanwhile than those that the form was made from, of whom `seen` is the mark.
    """
    event = lock(session, event_id)
    session.expire(event, ["co_owners"])
    refuse_if_changed(seen, seen_of(event.co_owners))
    before = [row.short_name for row in event.co_owners]
    event.co_owners = sharers(session, organisations, lead_id=event.lead_organisation_id)
    after = [row.short_name for row in event.co_owners]
    if after != before:
        event.changed_at = now
        note(session, event, "shared", actor=actor, now=now, before={"with": before}, after={"with": after})
    renew(session, [event.id])
    return event


def sharers(session: Session, organisations: Iterable[int], *, lead_id: int) -> list[Organisation]:
    """Return the organisations by id, in their order, without the lead."""
    chosen = select(Organisation).where(Organisation.id.in_(set(organisations)), Organisation.id != lead_id)
    return list(session.scalars(chosen.order_by(Organisation.position)))


def plain(details: Details) -> dict[str, Any]:
    """Return the details that are columns."""
    columns = {name: value for name, value in asdict(details).items() if name not in APART}
    return {**columns, "focus_areas": list(details.focus_areas)}


def apply(event: Event, values: dict[str, Any]) -> None:
    """Write values onto the row."""
    for name, value in values.items():
        setattr(event, name, value)


def contributions_of(details: Details) -> list[Contribution]:
    """Return the rows for the people on the programme, in their order."""
    if len(details.contributions) > MOST_CONTRIBUTORS:
        raise Refusal(f"An event names {MOST_CONTRIBUTORS} people at most.", field="people")
    return [
        Contribution(position=position, name=who.name, affiliation=who.affiliation, role=who.role)
        for position, who in enumerate(details.contributions)
    ]


def write_contributions(session: Session, event: Event, wanted: list[Contribution]) -> None:
    """Replace the people on the programme where they differ; a person once known by account stays known."""
    known = {row.name: row.person_id for row in event.contributions if row.person_id}
    if [contributor_of(row) for row in event.contributions] == [contributor_of(row) for row in wanted]:
        return
    for row in list(event.contributions):
        event.contributions.remove(row)
        session.delete(row)
    for row in wanted:
        row.person_id = known.get(row.name)
    event.contributions.extend(wanted)


def contributor_of(row: Contribution) -> Contributor:
    """Return a row as a value."""
    return Contributor(row.name, row.affiliation, row.role)


def facts_of(event: Event) -> dict[str, Any]:
    """Return all that an edit may change, as the trail keeps it."""
    names = [name for name in Details.__slots__ if name != "contributions"]
    facts = {name: getattr(event, name) for name in [*names, *PLAN_FIELDS]}
    people = [f"{row.name}, {row.affiliation}, {row.role}" for row in event.contributions]
    return {name: in_words(value) for name, value in facts.items()} | {"contributions": people}


def in_words(value: Any) -> Any:
    """Return a value as JSON can hold it."""
    return value.isoformat() if isinstance(value, datetime) else value
