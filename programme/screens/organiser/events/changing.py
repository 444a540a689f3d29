"""Moving, cancelling, postponing and reinstating an event: say what, see whom it reaches, confirm."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, g, render_template, request

from programme.core.refusal import Refusal
from programme.core.web.answers import done, form_again
from programme.core.web.words import plural
from programme.engines.calendar.forms.plans import ChangeForm, MoveForm, PutOffForm, ReasonForm, plan_data, version_of
from programme.engines.calendar.models import Event
from programme.engines.calendar.states import EventState
from programme.extensions import database_session
from programme.flows import scheduling
from programme.flows.reaching import reach_of
from programme.people.guards import actor, needs
from programme.people.permissions import Verb
from programme.screens.organiser.events import previews
from programme.screens.organiser.events.form import choices
from programme.screens.organiser.scopes import of_event

if TYPE_CHECKING:
    from collections.abc import Callable

    from programme.core.web.forms import Form

blueprint = Blueprint("organise_event_changing", __name__, url_prefix="/organise/events/<id:event_id>")
NOUNS = "<any(move, cancellation, postponement, reinstatement):noun>"
PAGE = "organiser/events/changes/change.html"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of change: its form, the flow that does it, the states it is for, and its words."""

    form: type[Form]
    flow: Callable[..., tuple[Any, int]]
    states: frozenset[EventState]
    title: str
    verb: str
    done: str


S = EventState
KINDS = {
    "move": Kind(MoveForm, scheduling.move, frozenset({S.PUBLISHED, S.POSTPONED}), "Move", "Move it", "is moved"),
    "cancellation": Kind(
        ReasonForm,
        scheduling.cancel,
        frozenset({S.DRAFT, S.PUBLISHED, S.POSTPONED}),
        "Cancel",
        "Cancel it",
        "is cancelled",
    ),
    "postponement": Kind(
        PutOffForm, scheduling.postpone, frozenset({S.PUBLISHED}), "Postpone", "Postpone it", "is postponed"
    ),
    "reinstatement": Kind(
        PutOffForm,
        scheduling.reinstate,
        frozenset({S.CANCELLED, S.POSTPONED}),
        "Reinstate",
        "Reinstate it",
        "takes place after all",
    ),
}


@blueprint.get(f"/{NOUNS}")
@needs(Verb.PUBLISH, of_event)
def ask(event_id: int, noun: str) -> Any:
    """Ask what is to change."""
    event = database_session().get_one(Event, event_id)
    if event.state not in KINDS[noun].states:
        abort(409)
    needs_date = noun == "reinstatement" and not event.date_is_known
    given = {**plan_data(event), "version": event.version, "has_date": needs_date}
    form = form_for(noun, given=given)
    return render_template(PAGE, **page(event, noun, form))


@blueprint.post(f"/{NOUNS}/preview")
@needs(Verb.PUBLISH, of_event)
def preview(event_id: int, noun: str) -> Any:
    """Show what changes and whom it reaches, and change nothing yet."""
    session = database_session()
    event = session.get_one(Event, event_id)
    form = form_for(noun, typed=request.form)
    if not form.validate():
        return form_again(PAGE, **page(event, noun, form))
    try:
        shown = previews.preview_of(session, event, noun, plan=plan_in(form), actor=actor(), now=g.now)
    except Refusal as refusal:
        form.refuse(refusal)
        return form_again(PAGE, **page(event, noun, form))
    return render_template(PAGE, **page(event, noun, form, preview=shown))


@blueprint.post(f"/{NOUNS}")
@needs(Verb.PUBLISH, of_event)
def change(event_id: int, noun: str) -> Any:
    """Do it, and tell everybody with a place."""
    session, form = database_session(), form_for(noun, typed=request.form)
    event = session.get_one(Event, event_id)
    if not form.validate():
        return form_again(PAGE, **page(event, noun, form))
    try:
        told = carry_out(event_id, noun, form)
    except Refusal as refusal:
        session.rollback()
        form.refuse(refusal)
        form["version"].data = str(session.get_one(Event, event_id).version)
        return form_again(PAGE, **page(event, noun, form))
    others = reach_of(session, event, actor=actor(), now=g.now).others
    session.commit()
    return done(sentence(event, noun, told, others=others), f"/organise/events/{event_id}")


def carry_out(event_id: int, noun: str, form: Form) -> int:
    """Do the change and return how many people are told."""
    known = {"version": version_of(form), "reason": form["reason"].data or "", "actor": actor(), "now": g.now}
    if noun != "cancellation":
        known["plan"] = plan_in(form)
    if isinstance(form, MoveForm):
        known["is_quiet"] = bool(form.is_quiet.data)
    _, told = KINDS[noun].flow(database_session(), event_id, **known)
    return told


def sentence(event: Event, noun: str, told: int, *, others: bool = False) -> str:
    """Say what was done; not how many are told where some are not the actor's to count."""
    whom = "Everybody concerned" if others else plural(told, "person", "people")
    reached = f"{whom} will get an e-mail." if told else "Nobody had to be told."
    return f"“{event.title}” {KINDS[noun].done}. {reached}"


def form_for(noun: str, *, typed: Any = None, given: dict[str, Any] | None = None) -> Form:
    """Return the form of a change."""
    kind = KINDS[noun].form
    if not issubclass(kind, ChangeForm):
        return kind(typed, data=given)
    form = choices.plan_form(database_session(), kind, typed=typed, **(given or {}))
    if noun == "reinstatement":
        form["has_date"].label.text = "Give it another date or place"
    return form


def plan_in(form: Form) -> Any:
    """Return the plan that was typed; None where none was asked for."""
    if not isinstance(form, ChangeForm) or (isinstance(form, PutOffForm) and not form.has_date.data):
        return None
    return form.plan()


def page(event: Event, noun: str, form: Form, *, preview: previews.Preview | None = None) -> dict[str, Any]:
    """Return what the page shows, before and after its form was sent."""
    reach = reach_of(database_session(), event, actor=actor(), now=g.now)
    return {"event": event, "noun": noun, "kind": KINDS[noun], "form": form, "reach": reach, "preview": preview}
