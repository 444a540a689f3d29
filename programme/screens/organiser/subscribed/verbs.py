"""The buttons of a subscribed address: refresh, pause, go on, stop; theirs or ours; keep or call off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, g, request

from programme.core.database import begin_writing
from programme.core.refusal import Refusal
from programme.core.web.answers import button, done
from programme.core.web.words import plural
from programme.engines.calendar.subscribed.models import SubscribedAddress
from programme.engines.calendar.subscribed.states import AddressState
from programme.extensions import database_session
from programme.flows.following import deciding, proposing
from programme.flows.following.refreshing import claim, got, sentence, settle
from programme.people.guards import actor, needs
from programme.people.permissions import Verb
from programme.screens.organiser.subscribed.views import HOME, fetcher, of_address, store

if TYPE_CHECKING:
    from collections.abc import Callable

blueprint = Blueprint("organise_subscribed_verbs", __name__, url_prefix=HOME)
BUSY = "It was looked at less than a minute ago. Wait a minute, then look again."
RESTS = "It is not followed at the moment. Follow it again first."
UNREAD = "Choose one of the two buttons."


def back(address_id: int, **rest: Any) -> str:
    """Return the page of an address."""
    del rest
    return f"{HOME}/{address_id}"


@blueprint.post("/<id:address_id>/refresh")
@needs(Verb.CREATE, of_address)
@button(back)
def refresh(address_id: int) -> Any:
    """Look at a calendar now; no transaction is open while it is fetched."""
    session = database_session()
    claimed = claim(session, address_id, now=g.now, is_asked=True)
    session.commit()
    if claimed is None:
        raise Refusal(BUSY if session.get_one(SubscribedAddress, address_id).state is AddressState.FOLLOWED else RESTS)
    came = got(fetcher(), claimed.url, claimed.marks, around=g.now.date())
    begin_writing(session)
    did = settle(session, address_id, came, actor=actor(), now=g.now)
    session.commit()
    if came.trouble:
        raise Refusal(came.trouble)
    return done(sentence(did), back(address_id))


@blueprint.post("/<id:address_id>/pause")
@needs(Verb.CREATE, of_address)
@button(back)
def pause(address_id: int) -> Any:
    """Leave a calendar alone for now."""
    session = database_session()
    deciding.pause(session, deciding.lock(session, address_id), actor=actor(), now=g.now)
    session.commit()
    return done("It is not looked at until you follow it again. Its events stay.", back(address_id))


@blueprint.post("/<id:address_id>/following")
@needs(Verb.CREATE, of_address)
@button(back)
def go_on(address_id: int) -> Any:
    """Follow a paused calendar again."""
    session = database_session()
    row = deciding.lock(session, address_id)
    if row.stored_as:
        raise Refusal("Look at it, and confirm it first.")
    deciding.follow(session, row, actor=actor(), now=g.now)
    session.commit()
    return done("It is followed again, and looked at within a minute.", back(address_id))


@blueprint.post("/<id:address_id>/removal")
@needs(Verb.CREATE, of_address)
@button(back)
def stop(address_id: int) -> Any:
    """Follow a calendar no more, or throw one away that was only looked at."""
    session = database_session()
    row = deciding.lock(session, address_id)
    title, stored_as = row.title, row.stored_as
    deciding.stop(session, row, actor=actor(), now=g.now)
    session.commit()
    proposing.wipe(store(), stored_as)
    kept = "nothing was made of it" if stored_as else "its events stay, and are yours alone"
    return done(f"“{title}” is not followed: {kept}.", HOME)


@blueprint.post("/<id:address_id>/events/<id:entry_id>/decision")
@needs(Verb.CREATE, of_address)
@button(back)
def decide(address_id: int, entry_id: int) -> Any:
    """Let what the source says, or what stands here, be it."""
    name, which = request.form.get("field", ""), answer("which", "theirs", "ours")
    return decided(
        address_id,
        entry_id,
        lambda entry: deciding.decide(
            database_session(), entry, name, theirs=which == "theirs", actor=actor(), now=g.now
        ),
    )


@blueprint.post("/<id:address_id>/events/<id:entry_id>/vanishing")
@needs(Verb.CREATE, of_address)
@button(back)
def vanished(address_id: int, entry_id: int) -> Any:
    """Keep an event that its source has no more, or call it off."""
    which = answer("which", "keep", "cancel")
    return decided(
        address_id,
        entry_id,
        lambda entry: deciding.decide_vanished(
            database_session(), entry, keeps=which == "keep", actor=actor(), now=g.now
        ),
    )


def decided(address_id: int, entry_id: int, verb: Callable[[Any], int]) -> Any:
    """Do what was decided about one event, and say who is told."""
    session = database_session()
    deciding.lock(session, address_id)
    told = verb(deciding.entry_of(session, address_id, entry_id))
    session.commit()
    letters = f" {plural(told, 'letter')} to people with places will go out." if told else ""
    return done(f"Decided.{letters}", back(address_id))


def answer(name: str, *known: str) -> str:
    """Return which of two buttons was pressed."""
    found = request.form.get(name, "")
    if found not in known:
        raise Refusal(UNREAD)
    return found
