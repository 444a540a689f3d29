"""One lecture that both universities open registration for, each on its own: neither shares what the other runs."""

from dataclasses import dataclass

import pytest
from sqlalchemy.orm import Session

from programme.engines.registration.door.actions import settle
from programme.engines.registration.models import Companion, Opening, Registration
from programme.people.models import Person
from tests.bed.clock import Clock
from tests.factories import cast, things
from tests.factories.cast import Cast
from tests.screens.door.conftest import DURING, at_the_door, codes, evening, links, olga, signed_in

__all__ = ["at_the_door", "codes", "evening", "links", "olga", "signed_in"]


@dataclass
class TwoLeads:
    """Olga's opening has Alice, Omar's has Bob, who brings Ben; Hal is asked to help by whoever a test says."""

    people: Cast
    ours: Opening
    theirs: Opening
    alice: Registration
    bob: Registration
    hal: Person

    @property
    def event_id(self) -> int:
        return self.ours.events[0].id

    def door(self, opening: Opening) -> str:
        return f"/organise/openings/{opening.id}/door/{self.event_id}"


@pytest.fixture
def lecture(session: Session, clock: Clock) -> TwoLeads:
    people = cast.assemble(session)
    event = things.event(session, lead=people.liverpool, room_capacity=4)
    event.co_owners = [people.oxford]
    ours = things.opening(session, events=[event], title="Lecture for Liverpool")
    theirs = things.opening(session, events=[event], title="Lecture for Oxford", lead_organisation_id=people.oxford.id)
    theirs.most_together = 2
    for opening in (ours, theirs):
        settle(session, opening.id, takes_walk_ins=True)
    alice = things.registration(session, to=ours, who=people.alice, organisation_id=people.liverpool.id)
    bob = things.registration(session, to=theirs, who=people.bob, organisation_id=people.oxford.id)
    bob.companions, bob.heads = [Companion(name="Ben Bloom")], 2
    hal = cast.person(session, "Hal Helpful", "hal@example.org")
    session.commit()
    clock.set(DURING)
    return TwoLeads(people, ours, theirs, alice, bob, hal)
