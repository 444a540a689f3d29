"""What an organiser may choose from on the form of an event or a series."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select
from wtforms import SelectChoice

from programme.core.refusal import Refusal
from programme.engines.calendar import sight
from programme.engines.calendar.forms.events import EventForm, event_data
from programme.engines.calendar.forms.plans import PLAN_PARTS
from programme.engines.calendar.models import Event, Series, SeriesCoOwner, Venue
from programme.engines.calendar.states import EventState
from programme.people.models import Organisation
from programme.people.permissions import Verb, may, may_create_for
from programme.people.states import Strand
from programme.screens.organiser.events.form import wholes

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.calendar.forms.plans import PlanForm
    from programme.people.permissions import Actor

Choices = list[SelectChoice]


def leads(session: Session, actor: Actor) -> Choices:
    """Return the organisations for which `actor` may make things, in at least one strand."""
    rows = session.scalars(select(Organisation).order_by(Organisation.position))
    return [
        SelectChoice(row.id, row.name)
        for row in rows
        if any(may_create_for(actor, row.id, strand) for strand in Strand)
    ]


def venues(session: Session) -> Choices:
    """Return every venue, by site."""
    rows = session.execute(select(Venue.id, Venue.name).order_by(Venue.site, Venue.name, Venue.id))
    return [SelectChoice("", "Not known yet"), *[SelectChoice(row.id, row.name) for row in rows]]


def series(session: Session, actor: Actor, *, current: int | None = None) -> Choices:
    """Return the series that `actor`'s organisations lead or share, and the one it is in already."""
    shared = select(SeriesCoOwner.series_id).where(SeriesCoOwner.organisation_id.in_(actor.organises_for))
    mine = or_(Series.lead_organisation_id.in_(actor.organises_for), Series.id.in_(shared), Series.id == (current or 0))
    rows = session.execute(select(Series.id, Series.title).where(mine).order_by(Series.title, Series.id))
    return [SelectChoice("", "None"), *[SelectChoice(row.id, row.title) for row in rows]]


def organisations(session: Session, *, apart_from: int) -> Choices:
    """Return every organisation but one."""
    rows = session.scalars(select(Organisation).order_by(Organisation.position))
    return [SelectChoice(row.id, row.name) for row in rows if row.id != apart_from]


def event_form(
    session: Session, actor: Actor, *, typed: Any = None, event: Event | None = None, now: datetime, **given: Any
) -> EventForm:
    """Return the form of an event, filled from it, with what may be chosen.

    Of a public event, time and place are left to “Move”; who leads is chosen once.
    """
    form = EventForm(typed, data={**(event_data(event) if event else {}), **given})
    form.series.choices = series(session, actor, current=event.series_id if event else None)
    form.venue.choices = venues(session)
    form.lead.choices = leads(session, actor)
    wholes.fill(session, actor, form, event=event, now=now)
    if event is not None:
        del form.lead
    if event is not None and event.state is not EventState.DRAFT:
        for name in PLAN_PARTS:
            del form[name]
    return form


def plan_form(session: Session, kind: type[PlanForm], *, typed: Any = None, **given: Any) -> PlanForm:
    """Return a form for another time or place."""
    form = kind(typed, data=given)
    form.venue.choices = venues(session)
    return form


def check_rights(session: Session, actor: Actor, form: EventForm, *, event: Event | None) -> None:
    """Refuse a strand or a whole that is not the actor's; the lead and the series are held by their menus."""
    strand = Strand(form.strand.data)
    if event is None and not may_create_for(actor, form.lead.data, strand):
        raise Refusal("You organise other strands for this organisation: choose one of those.", field="strand")
    if (
        event is not None
        and strand is not event.strand
        and not may_create_for(actor, event.lead_organisation_id, strand)
    ):
        raise Refusal("Only an organiser of the leading organisation moves an event to another strand.", field="strand")
    check_whole(session, actor, form.details().part_of_id, event=event)


def check_whole(session: Session, actor: Actor, whole_id: int | None, *, event: Event | None) -> None:
    """Refuse to become a part of an event that the actor may not edit."""
    if whole_id is None or (event is not None and event.part_of_id == whole_id):
        return
    whole = session.get(Event, whole_id)
    if whole is None or not may(actor, Verb.EDIT, sight.event_scope(whole)):
        raise Refusal(f"There is no event {whole_id} that you may add parts to.", field="part_of")
