"""The stories that queue letters about registrations."""

from __future__ import annotations

from datetime import timedelta

from programme.engines.registration.states import PlacesBy
from programme.flows import admitting, registering
from programme.people.identity import actor_of
from programme.people.permissions import NOBODY
from tests.factories.desk import REASON, Desk


def confirmed(desk: Desk) -> None:
    """Somebody signed in, a guest who must keep the place, and one with several dates."""
    desk.taken(capacity=2)
    desk.enter(desk.opening(desk.event(), desk.event(), title="Two evenings by the river"))


def waitlisted(desk: Desk) -> None:
    """A guest comes too late, and somebody signed in after them."""
    opening, *_ = desk.taken()
    desk.enter(opening, actor=actor_of(desk.cast.bob))


def pending(desk: Desk) -> None:
    """The organisers decide."""
    desk.taken(places_by=PlacesBy.DECISION)


def already_registered(desk: Desk) -> None:
    """Both fill in the form a second time, as guests do."""
    opening, alice, _ = desk.taken()
    desk.enter(opening)
    sent = registering.SignUp(
        name=alice.name, address=alice.address, organisation_id=None, answers={}, form_key="again"
    )
    registering.sign_up(desk.session, opening.id, sent, actor=NOBODY, now=desk.now)


def cancelled(desk: Desk) -> None:
    """Whoever has a place gives it back, and whoever has none by then."""
    _, alice, guest = desk.taken(capacity=1)
    registering.cancel_registration(desk.session, guest.id, now=desk.now)
    registering.cancel_registration(desk.session, alice.id, now=desk.now)


def promoted(desk: Desk) -> None:
    """Whoever waits moves up."""
    _, alice, _ = desk.taken()
    registering.cancel_registration(desk.session, alice.id, now=desk.now)


def refused(desk: Desk) -> None:
    """The organisers say no, with a reason and without."""
    _, alice, guest = desk.taken()
    admitting.refuse_registration(desk.session, alice.id, reason=REASON, **desk.by(desk.olga))
    admitting.refuse_registration(desk.session, guest.id, reason="", **desk.by(desk.olga))


def lapsed(desk: Desk) -> None:
    """A guest does not keep the place in time."""
    desk.taken(capacity=2)
    registering.lapse_unproved_holds(desk.session, desk.now + timedelta(days=14))
