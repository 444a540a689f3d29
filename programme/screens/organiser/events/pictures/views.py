"""Giving an event a picture, describing it, taking it off and putting it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, g, render_template, request

from programme.core.database import begin_reading, go_on_writing
from programme.core.files.kinds import MEGABYTE
from programme.core.refusal import Refusal
from programme.core.web.answers import button, done, form_again, reading_first, seen_again
from programme.engines.calendar.models import Event
from programme.engines.calendar.pictures import actions
from programme.engines.calendar.pictures.actions import mark_of
from programme.engines.calendar.pictures.queries import former_of, picture_of
from programme.extensions import database_session
from programme.flows.picturing.taking import Taken, keep, let_go, let_wait, take, take_again
from programme.people.guards import actor, needs
from programme.people.permissions import Verb
from programme.screens.calendar.shown.picture import shown_picture
from programme.screens.organiser.events.pictures.forms import PictureForm
from programme.screens.organiser.scopes import of_event
from programme.screens.registrations.answering.handing_in import largest, shelf

if TYPE_CHECKING:
    from programme.engines.calendar.pictures.models import EventPicture

blueprint = Blueprint("organise_picture", __name__, url_prefix="/organise/events/<id:event_id>/picture")
PAGE = "organiser/events/picture.html"
REST_OF_FORM = MEGABYTE


def home(event_id: int, **rest: object) -> str:
    """Return the page of an event's picture."""
    del rest
    return f"/organise/events/{event_id}/picture"


@blueprint.get("")
@needs(Verb.EDIT, of_event)
def picture(event_id: int) -> Any:
    """Show the picture of an event, and ask for another or for other words."""
    shown = picture_of(database_session(), event_id)
    told = {"words": shown.words, "credit": shown.credit, "is_decoration": not shown.words} if shown else {}
    form = PictureForm(has_one=shown is not None, most=largest(), data={**told, "seen": mark_of(shown)})
    return render_template(PAGE, **page(event_id, shown, form))


@blueprint.post("")
@needs(Verb.EDIT, of_event)
@reading_first
def give(event_id: int) -> Any:
    """Give the event a picture, or its picture other words. It is drawn afresh before anything is locked."""
    session = database_session()
    request.max_content_length = max(request.max_content_length or 0, 2 * largest() + REST_OF_FORM)
    form = PictureForm(request.form, has_one=picture_of(session, event_id) is not None, most=largest())
    taken = taken_by(form)
    if not form.validate():
        return again(event_id, form, taken)
    go_on_writing(session)
    try:
        keep_as_typed(event_id, form, taken)
    except Refusal as refusal:
        session.rollback()
        form.refuse(refusal)
        form.seen.data = seen_again(refusal, form.seen.data or "", now=mark_of(picture_of(session, event_id)))
        return again(event_id, form, taken)
    session.commit()
    if taken is None:
        return done("What is said of the picture is saved.", home(event_id))
    shelf().wipe(taken.laid.token)
    return done("The picture is on the page of the event.", home(event_id))


def keep_as_typed(event_id: int, form: PictureForm, taken: Taken | None) -> None:
    """Let the event show what a valid form says."""
    session, typed = database_session(), {"seen": form.seen.data or "", "actor": actor(), "now": g.now}
    kept = keep(session, taken.drawn, shelf(), now=g.now) if taken else None
    actions.give(session, event_id, form.caption, picture=kept, **typed)
    if taken:
        let_go(session, taken)


@blueprint.post("/removal")
@needs(Verb.EDIT, of_event)
@button(home)
def remove(event_id: int) -> Any:
    """Take the picture off."""
    actions.remove(database_session(), event_id, actor=actor(), now=g.now)
    database_session().commit()
    return done("The picture is off the page. For a day it can be put back.", home(event_id))


@blueprint.post("/restoration")
@needs(Verb.EDIT, of_event)
@button(home)
def put_back(event_id: int) -> Any:
    """Put the former picture back."""
    actions.put_back(database_session(), event_id, actor=actor(), now=g.now)
    database_session().commit()
    return done("The former picture is back on the page.", home(event_id))


def taken_by(form: PictureForm) -> Taken | None:
    """Return what came with a form, or what it holds since it was sent first; the form says why not."""
    session, field, file = database_session(), form.picture, request.files.get("picture")
    held = {} if request.form.get(field.left_out) else field.held
    if file is not None and file.filename:
        try:
            taken = take(session, file.stream, file.filename, shelf(), most=largest())
        except Refusal as refusal:  # what was held before stays where it is
            field.trouble = refusal.sentence
            return None
        finally:
            file.close()
        field.hold(taken.laid.token, taken.laid.size, taken.laid.name)
        return taken
    try:
        if held:
            return take_again(session, held["token"], held["name"], shelf())
        field.drop()
    except Refusal as refusal:
        field.drop(refusal.sentence)
    return None


def again(event_id: int, form: PictureForm, taken: Taken | None) -> Any:
    """Show the form as it was typed; a picture that came with it waits, and need not be chosen again."""
    session = database_session()
    if taken:
        go_on_writing(session)
        let_wait(session, taken, now=g.now)
        session.commit()
        begin_reading(session)
    return form_again(PAGE, **page(event_id, picture_of(session, event_id), form))


def page(event_id: int, shown: EventPicture | None, form: PictureForm) -> dict[str, Any]:
    """Return what the page shows."""
    session = database_session()
    former = former_of(session, event_id)
    may_put_back = former is not None and (former.removed_at or g.now) >= g.now - actions.FORMER_STAYS
    return {
        "event": session.get_one(Event, event_id),
        "form": form,
        "picture": shown_picture(shown),
        "may_put_back": may_put_back,
    }
