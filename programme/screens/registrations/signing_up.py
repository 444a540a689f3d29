"""Registering: the form of an opening, the choice among an event's openings, and "check your mail"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, current_app, g, redirect, render_template, request, url_for

from programme.core.database import go_on_writing
from programme.core.refusal import Refusal
from programme.core.web.answers import done, form_again, reading_first
from programme.core.web.converters import slug
from programme.core.web.limits import limiter, setting
from programme.engines.calendar.models import Event
from programme.engines.calendar.sight import may_see, sight_of
from programme.engines.registration.actions import Happened
from programme.engines.registration.eligibility.checking import NotListedError
from programme.engines.registration.openings.known import is_announced_to_all, parties
from programme.engines.registration.openings.locking import StaleError
from programme.engines.registration.queries import openings_of
from programme.extensions import database_session
from programme.flows.registering import sign_up
from programme.people.guards import actor, public
from programme.screens.registrations.answering.handing_in import expect_files, take_files
from programme.screens.registrations.desk import (
    TEMPLATE,
    blank_page,
    desk_as_recalled,
    desk_for,
    form_address,
    known_openings,
    page_of,
)
from programme.screens.registrations.drafts.walking import walk_to_mend
from programme.screens.registrations.forms import registration_form, sign_up_of
from programme.screens.registrations.invited.links import invitation_here, token_here
from programme.screens.registrations.summary import days_of, standing

if TYPE_CHECKING:
    from programme.engines.registration.links import Links
    from programme.engines.registration.models import Opening
    from programme.engines.registration.openings.known import KnownOpening
    from programme.flows.registering import SignedUp
    from programme.screens.registrations.forms import RegistrationForm

blueprint = Blueprint("signing_up", __name__)
TRIES = 3
"""How often a sign-up begins again because its opening was changed that very moment."""


@blueprint.get("/openings/<slug:ref>/registration")
@public
def form(ref: tuple[int, str]) -> Any:
    """Show an opening's form."""
    known = desk_for(ref[0])
    if ref[1] != slug(known.opening.title, known.opening.id):
        return redirect(form_address(known.opening), 301)
    return blank_page(known)


@blueprint.post("/openings/<slug:ref>/registration")
@reading_first
@public
@limiter.limit(lambda: setting("SIGN_UP_LIMIT"))  # type: ignore[untyped-decorator]
def register(ref: tuple[int, str]) -> Any:
    """Register somebody."""
    for _ in range(TRIES):
        known = desk_as_recalled(ref[0])
        try:
            return registered(known)
        except StaleError:
            database_session().rollback()
            known_openings().forget(ref[0])
    return abort(503)


def registered(known: KnownOpening) -> Any:
    """Register somebody by what is known of the opening; StaleError where it has changed."""
    expect_files(known.asked)
    sent = registration_form(known, sent=request.form, actor=actor())
    take_files(sent)
    if not sent.validate():
        return refused(known, sent)
    go_on_writing(database_session())
    try:
        found = sign_up(
            database_session(),
            known.opening.id,
            sign_up_of(sent, known.people.universities, invitation_here(known.opening.id)),
            actor=actor(),
            now=g.now,
            known=known,
        )
    except NotListedError:
        database_session().commit()
        return check_mail(known.opening)
    except Refusal as refusal:
        sent.refuse(refusal)
        return refused(known, sent)
    database_session().commit()
    return answer(known.opening, found)


@blueprint.get("/openings/<slug:ref>/registration/sent")
@public
def sent(ref: tuple[int, str]) -> Any:
    """Say that a letter is on its way: the same for everybody, whatever the letter says."""
    opening = desk_for(ref[0]).opening
    days = days_of(database_session(), opening.events)
    return render_template("registrations/sent.html", opening=opening, days=days, address=form_address(opening))


@blueprint.get("/events/<slug:ref>/registration")
@public
def of_event(ref: tuple[int, str]) -> Any:
    """Show the form of an event's only opening, a choice of several, or that there is none."""
    event = database_session().get(Event, ref[0])
    if event is None or not may_register_at(event):
        abort(404)
    found = openings_of(database_session(), event.id)
    if len(found) == 1:
        return form(ref=(found[0].id, slug(found[0].title, found[0].id)))
    session = database_session()
    shown = [(row, standing(session, row, parties(session, row), actor=actor(), now=g.now)) for row in found]
    days = days_of(database_session(), [event])
    return render_template("registrations/choice.html", event=event, day=days[0], openings=shown)


def may_register_at(event: Event) -> bool:
    """Whether whoever asks may see an event; what is public needs no further question."""
    return is_announced_to_all(event) or may_see(sight_of(event), actor())


def refused(known: KnownOpening, sent: RegistrationForm) -> Any:
    """Show the form as it was typed, with what is wrong; with the questions as they are asked now."""
    database_session().rollback()
    now_known = desk_for(known.opening.id)
    if now_known.asked != known.asked:
        raise StaleError
    return form_again(TEMPLATE, **page_of(now_known, sent, walk_to_mend(now_known, sent)))


def answer(opening: Opening, found: SignedUp) -> Any:
    """Lead on: to the registration whoever is signed in under its address, everybody else to "check your mail"."""
    if not found.is_own:
        return check_mail(opening)
    words = {Happened.ALREADY: "You are registered already. Nothing has changed."}
    page = links().path(found.registration)
    return done(words[found.happened], page) if found.happened in words else redirect(page, 303)


def check_mail(opening: Opening) -> Any:
    """Lead to "check your mail", which says the same to everybody."""
    ref = slug(opening.title, opening.id)
    return redirect(url_for("signing_up.sent", ref=ref, invitation=token_here(opening.id)), 303)


def links() -> Links:
    """Return what makes manage links."""
    found: Links = current_app.extensions["links"]
    return found
