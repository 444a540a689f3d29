"""The desk that letters are queued at: who queues them, when, and about what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from programme.engines.calendar.models import Venue
from programme.flows import registering
from programme.people.identity import actor_of
from programme.people.permissions import NOBODY
from tests.factories import things

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.calendar.models import Event
    from programme.engines.registration.models import Opening, Registration
    from programme.people.keeping.ports import Keeper
    from programme.people.permissions import Actor
    from tests.factories.cast import Cast

TITLE = "Tides & <sand>: what the Mersey and the Isis carry to the sea, and what they leave “behind”"
REASON = "The river’s in the lecture theatre; we look for a drier one & write again as soon as there is one."
TEXT = (
    "The doors open at 13:30, half an hour before the talk, and close as soon as every chair is taken, so come early.\n"
    "\n- Bring a card with your photograph.\n- The way is at https://example.ac.uk/a/map/that/has/a/very/long/address\n"
)
WEEKS = timedelta(weeks=3)


@dataclass(frozen=True)
class Desk:
    """Who queues letters, and when."""

    session: Session
    cast: Cast
    keepers: Sequence[Keeper]
    now: datetime = things.SOON - WEEKS

    def by(self, actor: Actor) -> dict[str, Any]:
        """Who does it, and when."""
        return {"actor": actor, "now": self.now}

    @property
    def olga(self) -> Actor:
        """Olga, who organises."""
        return actor_of(self.cast.olga)

    def event(self) -> Event:
        """Return an event with everything that letters tell."""
        given: dict[str, Any] = {
            "venue_id": self.session.scalars(select(Venue.id)).first(),
            "room": "Lecture theatre 2",
            "is_online": True,
            "online_link": "https://meet.example.ac.uk/tides",
            "price_note": "£12, students £6",
            "shop_url": "https://shop.example.ac.uk/tides",
            "contact_name": "Olga Oakhurst",
            "contact_address": self.cast.olga.address,
        }
        return things.event(self.session, lead=self.cast.liverpool, title=TITLE, **given)

    def opening(self, *events: Event, **given: Any) -> Opening:
        """Return an opening with one place."""
        return things.opening(self.session, events=list(events) or [self.event()], **{"capacity": 1, **given})

    def enter(self, opening: Opening, *, actor: Actor = NOBODY, name: str = "Gwen Guest") -> Registration:
        """Register somebody as the form does: a guest, or whoever is signed in."""
        address = actor.address or f"{name.partition(' ')[0].lower()}@example.org"
        sent = registering.SignUp(
            name=actor.name or name, address=address, organisation_id=None, answers={}, form_key=address
        )
        return registering.sign_up(self.session, opening.id, sent, actor=actor, now=self.now).registration

    def taken(self, **given: Any) -> tuple[Opening, Registration, Registration]:
        """Return an opening with Alice in it and a guest waiting."""
        opening = self.opening(*given.pop("events", ()), **given)
        return opening, self.enter(opening, actor=actor_of(self.cast.alice)), self.enter(opening)
