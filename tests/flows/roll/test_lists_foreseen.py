"""What is foreseen of a pasted list is what adding it does, however an opening gives its places."""

import random

import pytest
from sqlalchemy.orm import Session

from programme.engines.registration.deciding.actions import Wanted
from programme.engines.registration.deciding.states import DecidedBy
from programme.engines.registration.models import Opening, Quota
from programme.engines.registration.roll.pasted import Pasted
from programme.engines.registration.states import PlacesBy, RegistrationState
from programme.flows.deciding.settings import set_terms
from programme.flows.roll.adding import add_all, judged
from programme.flows.roll.foreseeing import BY_HAND, BY_KEYS, DRAWN, PLACE, WAITS, foreseen
from programme.people.identity import actor_of
from tests.factories import cast, things
from tests.factories.cast import Cast
from tests.flows.conftest import NOW

R = RegistrationState
STANDS = {PLACE: R.CONFIRMED, WAITS: R.WAITLISTED, BY_KEYS: R.PENDING, BY_HAND: R.PENDING, DRAWN: R.PENDING}
BY = {"first come": PlacesBy.FIRST_COME, "decision": PlacesBy.DECISION, "ballot": PlacesBy.BALLOT}
WAYS = [*BY, "keys by decision", "drawn ballot", "choice, first come", "choice by decision", "no list, first come"]


def opening_of(session: Session, people: Cast, way: str, luck: random.Random) -> Opening:
    """An opening that gives places in a way, some of them kept for Oxford, where some people stand already."""
    chooses = 1 if "choice" in way else None
    rooms = [(name, luck.choice([None, 3, 5])) for name in ("A", "B")[: 2 if chooses else 1]]
    row = things.opening(
        session,
        events=[things.event(session, lead=people.oxford, title=name, room_capacity=room) for name, room in rooms],
        capacity=luck.choice([3, 6, None]),
        places_by=next(by for word, by in BY.items() if word in way),
        ballot_seed="drawn" if "drawn" in way else "",
        chooses=chooses,
        co_owners=[people.liverpool],
        has_waiting_list="no list" not in way,
        most_together=luck.choice([1, 3]),
    )
    if row.capacity and luck.random() < 0.5:
        row.quotas = [Quota(organisation_id=people.oxford.id, places=2)]
    if way.startswith("keys"):
        set_terms(session, row.id, Wanted(decided_by=DecidedBy.KEYS), actor=actor_of(people.omar), now=NOW)
    for number in range(3):
        who = cast.person(session, "Guest", f"there{row.id}.{number}@home.example.org")
        state = luck.choice([R.CONFIRMED, R.PENDING, R.WAITLISTED])
        heads = luck.choice([1, row.most_together])
        there = things.registration(session, to=row, who=who, state=state, heads=heads)
        if chooses:
            session.delete(luck.choice(there.seats))
    session.flush()
    session.commit()
    return row


@pytest.mark.parametrize("even_if_full", [False, True])
@pytest.mark.parametrize("way", WAYS)
def test_everybody_of_a_list_stands_where_it_was_foreseen(
    session: Session, people: Cast, way: str, *, even_if_full: bool
) -> None:
    for turn in range(2 if even_if_full else 6):
        luck = random.Random(f"{way} {turn}")
        opening = opening_of(session, people, way, luck)
        choice = frozenset({luck.choice(opening.events).id} if opening.chooses else ())
        domains = luck.choices(["home.example.org", "oxford.example.ac.uk", "liverpool.example.ac.uk"], k=6)
        pasted = [Pasted(number, "Guest", f"g{opening.id}.{number}@{domain}") for number, domain in enumerate(domains)]
        meant = judged(session, opening.id, [*pasted, Pasted(7, "Nobody", "", "There is no e-mail address.")])
        told = foreseen(session, opening, meant, choice=choice, even_if_full=even_if_full, now=NOW)
        session.rollback()
        omar = actor_of(people.omar)
        added = add_all(session, opening.id, pasted, actor=omar, now=NOW, choice=choice, even_if_full=even_if_full)
        session.commit()
        stand = {row.address: row.state for row in added.new}
        assert {one.address: STANDS[one.comes_to] for one in told if not one.problem} == stand, told
        assert [one.address for one in told if one.problem and one.address] == [one.address for one in added.left]
