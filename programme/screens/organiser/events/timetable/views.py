"""Laying out an event's timetable: its parts and breaks in order, with a form for one more of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, g, render_template, request

from programme.core.refusal import Refusal
from programme.core.web.answers import button, done, form_again
from programme.core.web.words import join_words
from programme.engines.calendar.actions import breaks, events
from programme.engines.calendar.actions.values import Details, Plan
from programme.engines.calendar.forms.several.timetable import BreakForm, PartForm
from programme.engines.calendar.models import Event, TimetableBreak
from programme.engines.calendar.queries.days.timetables import breaks_of, names_at
from programme.engines.calendar.sight import event_scope
from programme.engines.calendar.states import EventState
from programme.engines.calendar.timetable.spans import span
from programme.extensions import database_session
from programme.flows import scheduling
from programme.people.guards import actor, needs
from programme.people.permissions import Verb, may, may_create_for
from programme.screens.organiser.events.queries import parts_of
from programme.screens.organiser.scopes import of_event

if TYPE_CHECKING:
    from collections.abc import Sequence

    from programme.core.web.forms import Form

blueprint = Blueprint("organise_timetable", __name__, url_prefix="/organise/events/<id:event_id>/timetable")
PAGE = "organiser/events/timetable/page.html"
BREAK = "organiser/events/timetable/break.html"


def home(event_id: int, **rest: object) -> str:
    """Return the page of the timetable."""
    del rest
    return f"/organise/events/{event_id}/timetable"


def part_form(typed: Any = None, **given: Any) -> PartForm:
    """Return the form of a part, which shares its page with that of a break."""
    return PartForm(typed, prefix="part-", **given)


def break_form(typed: Any = None, **given: Any) -> BreakForm:
    """Return the form of a break beside that of a part."""
    return BreakForm(typed, prefix="break-", **given)


def whole(event_id: int) -> Event:
    """Return the event; a part has no timetable."""
    event = database_session().get_one(Event, event_id)
    return event if event.part_of_id is None else abort(409)


@blueprint.get("")
@needs(Verb.EDIT, of_event)
def timetable(event_id: int) -> Any:
    """Show what there is, and forms for more."""
    event = whole(event_id)
    first = {"starts": next_start(event)}
    shown = page(
        event, part_form(data={**first, "publishes": event.state is not EventState.DRAFT}), break_form(data=first)
    )
    return render_template(PAGE, **shown)


@blueprint.post("/parts")
@needs(Verb.EDIT, of_event)
def add_part(event_id: int) -> Any:
    """Add a part: an event of its own, at the whole's venue and led as it is, where the actor may."""
    session, event, form = database_session(), whole(event_id), part_form(request.form)
    if not form.validate():
        return form_again(PAGE, **page(event, form, break_form(data={"starts": next_start(event)})))
    try:
        row = part_of(event, form)
    except Refusal as refusal:
        session.rollback()
        form.refuse(refusal)
        return form_again(PAGE, **page(whole(event_id), form, break_form(data={"starts": next_start(event)})))
    session.commit()
    state = "published" if row.state is EventState.PUBLISHED else "a draft"
    return done(f"“{row.title}” is in the timetable; it is {state}.", home(event_id))


def part_of(event: Event, form: PartForm) -> Event:
    """Make the part that a valid form tells."""
    session, (starts_at, ends_at) = database_session(), form.span
    details = Details(
        title=form.title.data,
        strand=event.strand,
        visibility=event.visibility,
        audience=event.audience,
        audience_note=event.audience_note,
        contact_name=event.contact_name,
        contact_address=event.contact_address,
        part_of_id=event.id,
        contributions=form.contributors,
    )
    plan = Plan(
        starts_at=starts_at,
        ends_at=ends_at,
        venue_id=event.venue_id,
        room=form.room.data or "",
        is_online=event.is_online,
    )
    row = events.create(session, details, plan=plan, lead_id=lead_of(event), actor=actor(), now=g.now)
    row.co_owners = sharers_of(event, row)
    session.flush()
    if form.publishes.data:
        scheduling.publish(session, row.id, actor=actor(), now=g.now)
    return row


def lead_of(event: Event) -> int:
    """Return who leads a new part: whoever leads the whole, else the actor's own organisation among its sharers."""
    every = (event.lead_organisation_id, *(owner.id for owner in event.co_owners))
    mine = [one for one in every if may_create_for(actor(), one, event.strand)]
    if not mine:
        raise Refusal("You may change this event, but make none in its strand.")
    return mine[0]


def sharers_of(event: Event, part: Event) -> list[Any]:
    """Return who shares a new part: everybody else who runs the whole."""
    return [row for row in (event.lead_organisation, *event.co_owners) if row.id != part.lead_organisation_id]


@blueprint.post("/breaks")
@needs(Verb.EDIT, of_event)
def add_break(event_id: int) -> Any:
    """Add a break."""
    session, event, form = database_session(), whole(event_id), break_form(request.form)
    shown = part_form(data={"starts": next_start(event)})
    if not form.validate():
        return form_again(PAGE, **page(event, shown, form))
    try:
        row = breaks.add(session, event_id, form.details(), actor=actor(), now=g.now)
    except Refusal as refusal:
        session.rollback()
        form.refuse(refusal)
        return form_again(PAGE, **page(whole(event_id), shown, form))
    session.commit()
    return done(f"“{row.title}” is in the timetable.", home(event_id))


@blueprint.get("/breaks/<id:break_id>")
@needs(Verb.EDIT, of_event)
def one_break(event_id: int, break_id: int) -> Any:
    """Show one break to change it."""
    event, row = whole(event_id), break_of(event_id, break_id)
    starts_at, ends_at = span(event.starts_at, begins_after=row.begins_after, minutes=row.minutes)
    form = BreakForm(data={"title": row.title, "place": row.place, "starts": starts_at, "ends": ends_at})
    return render_template(BREAK, form=form, event=event, row=row)


@blueprint.post("/breaks/<id:break_id>")
@needs(Verb.EDIT, of_event)
def change_break(event_id: int, break_id: int) -> Any:
    """Change a break."""
    session, event, form = database_session(), whole(event_id), BreakForm(request.form)
    row = break_of(event_id, break_id)
    if not form.validate():
        return form_again(BREAK, form=form, event=event, row=row)
    try:
        row = breaks.change(session, event_id, break_id, form.details(), actor=actor(), now=g.now)
    except Refusal as refusal:
        session.rollback()
        form.refuse(refusal)
        return form_again(BREAK, form=form, event=whole(event_id), row=break_of(event_id, break_id))
    session.commit()
    return done(f"“{row.title}” is saved.", home(event_id))


@blueprint.post("/breaks/<id:break_id>/removal")
@needs(Verb.EDIT, of_event)
@button(home)
def remove_break(event_id: int, break_id: int) -> Any:
    """Take a break out."""
    title = breaks.remove(database_session(), event_id, break_id, actor=actor(), now=g.now)
    database_session().commit()
    return done(f"“{title}” is out of the timetable.", home(event_id))


def break_of(event_id: int, break_id: int) -> TimetableBreak:
    """Return a break of the event, or 404."""
    row = database_session().get(TimetableBreak, break_id)
    return row if row is not None and row.event_id == event_id else abort(404)


def next_start(event: Event) -> Any:
    """Return when the next thing may start: when the last one ends, else with the event."""
    ends = [row["ends_at"] for row in rows_of(event)]
    return max((end for end in ends if end < event.ends_at), default=event.starts_at)


def page(event: Event, part: Form, pause: Form) -> dict[str, Any]:
    """Return what the page shows."""
    return {"event": event, "rows": rows_of(event), "part": part, "pause": pause}


def rows_of(event: Event) -> list[dict[str, Any]]:
    """Return parts and breaks in order of time; parts that the actor may not see are not told."""
    session = database_session()
    parts = [row for row in parts_of(session, event.id) if may(actor(), Verb.SEE_DRAFT, event_scope(row))]
    names = names_at(session, [row.id for row in parts])
    found = [row_of_part(row, names.get(row.id, ())) for row in parts]
    for row in breaks_of(session, event.id):
        starts_at, ends_at = span(event.starts_at, begins_after=row.begins_after, minutes=row.minutes)
        found.append(
            {
                "title": row.title,
                "starts_at": starts_at,
                "ends_at": ends_at,
                "where": row.place,
                "pause": row,
                "who": "",
            }
        )
    return sorted(found, key=lambda row: (row["starts_at"], row["ends_at"], row["title"]))


def row_of_part(part: Event, names: Sequence[str]) -> dict[str, Any]:
    """Return one part as a line."""
    where = part.room or (part.venue.name if part.venue else "")
    return {
        "title": part.title,
        "starts_at": part.starts_at,
        "ends_at": part.ends_at,
        "where": where,
        "part": part,
        "who": join_words(names),
    }
