"""The stories that queue letters about offered places, and to those who are invited."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from programme.engines.registration.roll.pasted import people_in
from programme.engines.registration.states import Eligibility
from programme.flows import registering
from programme.flows.inviting.inviting import invite_people
from programme.flows.inviting.unlisted import tell_not_listed
from programme.flows.offering.answering import let_offer_go
from programme.flows.offering.giving import lapse_if_due
from programme.flows.reminding import queue_due_reminders, remind_of_offers
from tests.factories.cast import LONG_AGO

if TYPE_CHECKING:
    from programme.engines.registration.models import Opening, Registration
    from tests.factories.desk import Desk

HOURS = 48


def offered(desk: Desk) -> tuple[Opening, Registration]:
    """Whoever waits is offered the place that somebody gave back."""
    opening, alice, guest = desk.taken(offer_hours=HOURS)
    registering.cancel_registration(desk.session, alice.id, now=desk.now)
    return opening, guest


def offer_lapsed(desk: Desk) -> None:
    """Nobody answers."""
    opening, _ = offered(desk)
    lapse_if_due(desk.session, opening.id, now=desk.now + timedelta(hours=HOURS))


def let_go(desk: Desk) -> None:
    """Whoever is offered the place lets it go."""
    _, guest = offered(desk)
    let_offer_go(desk.session, guest.id, now=desk.now)


def offer_ends(desk: Desk) -> None:
    """The evening before the deadline."""
    opening, _ = offered(desk)
    remind_of_offers(desk.session, opening, now=LONG_AGO)
    desk.session.flush()
    queue_due_reminders(desk.session, desk.now + timedelta(hours=HOURS - 6))


def not_listed(desk: Desk) -> None:
    """Somebody types an address that was not invited."""
    opening = desk.opening(eligibility=Eligibility.INVITED, closes_at=desk.now + timedelta(days=9))
    tell_not_listed(desk.session, opening, "gwen@example.org", now=desk.now)


def invited(desk: Desk) -> None:
    """Two are invited, one without a name."""
    opening = desk.opening(closes_at=desk.now + timedelta(days=9))
    people = people_in("Gwen Guest <gwen@example.org>\nnobody.yet@example.org")
    invite_people(desk.session, opening.id, people, **desk.by(desk.olga))
    invite_people(desk.session, desk.opening(desk.event(), desk.event()).id, people, **desk.by(desk.olga))
