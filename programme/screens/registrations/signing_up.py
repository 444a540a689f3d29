"""Registering: the form of an opening, the choice among an event's openings, and "check your mail"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, current_app, g, redirect, render_template, request, url_for

from programme.core.database import go_on_writing
from programme.core.refusal import Refusal
from programme.core.web.answers import done, form_again, reading_first
from programme.core.web.converters import slug
from programme.core.web.limits import limiter, setting
from programme.engines.calendar.models import Event
from programme.engines.calendar.sight import may_see, sight_of
from programme.engines.calendar.states import Visibility
from programme.engines.registration.actions import Happened
from programme.engines.registration.queries import opening_to_register, openings_of
from programme.engines.registration.states import OpeningState
from programme.extensions import database_session
from programme.flows.registering import sign_up
from programme.people.guards import actor, public
from programme.screens.registrations.forms import registration_form, sign_up_of
from programme.screens.registrations.summary import Parties, days_of, parties, standing

if TYPE_CHECKING:
    from programme.engines.registration.links import Links
    from programme.engines.registration.models import Opening
    from programme.flows.registering import SignedUp
    from programme.screens.registrations.forms import RegistrationForm

blueprint = Blueprint("signing_up", __name__)
TEMPLATE = "registrations/form.html"


@dataclass(frozen=True, slots=True)
class Desk:
    """What the form's page is made of."""

    opening: Opening
    people: Parties

    def page(self, form: RegistrationForm) -> dict[str, Any]:
        """Return the variables of the form's page."""
        session = database_session()
        return {
            "opening": self.opening,
            "days": days_of(session, self.opening.events),
            "standing": standing(session, self.opening, self.people, now=g.now),
            "controllers": self.people.controllers,
            "form": form,
            "address": form_address(self.opening),
            "members_only": " or ".join(f"the {row.name}" for row in self.opening.members_of)
            if self.opening.eligibility.value == "members"
            else "",
        }


@blueprint.get("/openings/<slug:ref>/registration")
@public
def form(ref: tuple[int, str]) -> Any:
    """Show an opening's form."""
    desk = desk_for(ref[0])
    if ref[1] != slug(desk.opening.title, desk.opening.id):
        return redirect(form_address(desk.opening), 301)
    blank = registration_form(desk.opening, desk.people.universities, sent=None, actor=actor())
    return render_template(TEMPLATE, **desk.page(blank))


@blueprint.post("/openings/<slug:ref>/registration")
@reading_first
@public
@limiter.limit(lambda: setting("SIGN_UP_LIMIT"))  # type: ignore[untyped-decorator]
def register(ref: tuple[int, str]) -> Any:
    """Register somebody."""
    desk = desk_for(ref[0])
    sent = registration_form(desk.opening, desk.people.universities, sent=request.form, actor=actor())
    if not sent.validate():
        return form_again(TEMPLATE, **desk.page(sent))
    go_on_writing(database_session())
    try:
        found = sign_up(
            database_session(), ref[0], sign_up_of(sent, desk.people.universities), actor=actor(), now=g.now
        )
    except Refusal as refusal:
        return refused(refusal, ref[0], sent)
    database_session().commit()
    return answer(desk.opening, found)


@blueprint.get("/openings/<slug:ref>/registration/sent")
@public
def sent(ref: tuple[int, str]) -> Any:
    """Say that a letter is on its way: the same for everybody, whatever the letter says."""
    opening = opening_or_404(ref[0])
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
    shown = [(row, standing(database_session(), row, parties(database_session(), row), now=g.now)) for row in found]
    days = days_of(database_session(), [event])
    return render_template("registrations/choice.html", event=event, day=days[0], openings=shown)


def desk_for(opening_id: int) -> Desk:
    """Load what the form's page needs."""
    opening = opening_or_404(opening_id)
    return Desk(opening, parties(database_session(), opening))


def opening_or_404(opening_id: int) -> Opening:
    """Return an opening that whoever asks may see."""
    opening = opening_to_register(database_session(), opening_id)
    if opening is None or not may_see_opening(opening):
        abort(404)
    return opening


def may_see_opening(opening: Opening) -> bool:
    """Whether whoever asks may see an opening: not a draft, and one of its events, if it has any."""
    if opening.state is OpeningState.DRAFT:
        return False
    return not opening.events or any(map(may_register_at, opening.events))


def may_register_at(event: Event) -> bool:
    """Whether whoever asks may see an event; what is public needs no further question."""
    is_public = event.visibility is Visibility.PUBLIC and event.published_at is not None
    return (is_public and event.state.value != "draft") or may_see(sight_of(event), actor())


def refused(refusal: Refusal, opening_id: int, sent: RegistrationForm) -> Any:
    """Show the form as it was typed, with the rule's sentence."""
    database_session().rollback()
    sent.refuse(refusal)
    return form_again(TEMPLATE, **desk_for(opening_id).page(sent))


def answer(opening: Opening, found: SignedUp) -> Any:
    """Lead on: to the registration whoever is signed in under its address, everybody else to "check your mail"."""
    if not found.is_own:
        return redirect(url_for("signing_up.sent", ref=slug(opening.title, opening.id)), 303)
    words = {Happened.ALREADY: "You are registered already. Nothing has changed."}
    page = links().path(found.registration)
    return done(words[found.happened], page) if found.happened in words else redirect(page, 303)


def form_address(opening: Opening) -> str:
    """Return the address of an opening's form."""
    return url_for("signing_up.form", ref=slug(opening.title, opening.id))


def links() -> Links:
    """Return what makes manage links."""
    found: Links = current_app.extensions["links"]
    return found
