"""An evening that Liverpool leads: Alice confirmed, Bob offered from Oxford, Charlie waiting; Olga writes to them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.written.models import Broadcast
from programme.engines.registration.models import Opening, Registration
from programme.engines.registration.states import RegistrationState
from programme.flows.broadcasting.audiences import recipients
from programme.people.identity import actor_of
from programme.people.models import Organisation, Person
from programme.people.permissions import Actor
from tests.factories import things
from tests.factories.cast import LONG_AGO, Cast, assemble
from tests.factories.stories import many

NOW = LONG_AGO + timedelta(days=30)


@dataclass
class Evening:
    """The cast, an opening, and its people."""

    session: Session
    cast: Cast
    opening: Opening
    alice: Registration
    bob: Registration
    charlie: Registration

    @property
    def olga(self) -> Actor:
        """Olga as she acts."""
        return actor_of(self.cast.olga)

    @property
    def event_id(self) -> int:
        """The only event."""
        return self.opening.events[0].id

    def letter(self, by: Actor | None = None, organisation: Organisation | None = None, **given: Any) -> Broadcast:
        """A draft to everybody with a place, unless told otherwise."""
        audience = given.pop("audience", {"kind": "registered", "opening": self.opening.id})
        row = many.draft(
            self.session,
            by=by or self.olga,
            organisation=organisation or self.cast.liverpool,
            audience=audience,
            **given,
        )
        self.session.commit()
        return row

    def reached(self, row: Broadcast, now: datetime = NOW) -> set[str]:
        """The first names of those whom a letter reaches."""
        found = select(Person.name).where(Person.id.in_(recipients(row, now=now)))
        return {name.partition(" ")[0] for name in self.session.scalars(found)}

    def to(self, **audience: Any) -> set[str]:
        """Those whom an audience of Liverpool holds."""
        return self.reached(self.letter(audience=audience))

    def written(self) -> list[tuple[str, str]]:
        """Recipient and state of every letter in the outbox."""
        self.session.rollback()
        self.session.expire_all()
        rows = self.session.scalars(select(OutboxMessage).order_by(OutboxMessage.recipient))
        return [(row.recipient.partition("@")[0], row.state.value) for row in rows]


@pytest.fixture
def evening(session: Session) -> Evening:
    """The evening, committed."""
    cast = assemble(session)
    opening = things.opening(session, events=[things.event(session, lead=cast.liverpool)], capacity=0)
    state = RegistrationState
    rows = [
        things.registration(session, to=opening, who=cast.alice, organisation_id=cast.liverpool.id),
        things.registration(session, to=opening, who=cast.bob, state=state.OFFERED, organisation_id=cast.oxford.id),
        things.registration(session, to=opening, who=cast.charlie, state=state.WAITLISTED),
    ]
    session.commit()
    return Evening(session, cast, opening, *rows)
