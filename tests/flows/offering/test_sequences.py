"""Many acts in a row, against a list and a loop: never over, none empty while somebody waits, in order, told once."""

import random
from collections import Counter
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.mail.models import OutboxMessage
from programme.engines.registration.models import Opening, Registration
from programme.flows.admitting import change_capacity
from programme.flows.offering.answering import let_offer_go, take_offer
from programme.flows.offering.giving import lapse_if_due
from programme.flows.registering import cancel_registration
from programme.people.permissions import NOBODY
from tests.flows.conftest import NOW, Enter, states

ACTS, MOST_PLACES = 40, 4


class SlowOpening:
    """Who holds a place, who is offered one until when, and who waits; by list and loop."""

    def __init__(self, places: int) -> None:
        self.places = places
        self.holders: list[str] = []
        self.offers: dict[str, datetime] = {}
        self.queue: list[str] = []

    def fill(self, until: datetime) -> None:
        while self.queue and len(self.holders) + len(self.offers) < self.places:
            self.offers[self.queue.pop(0)] = until

    def comes(self, who: str) -> None:
        if not self.queue and len(self.holders) + len(self.offers) < self.places:
            self.holders.append(who)
        else:
            self.queue.append(who)

    def leaves(self, who: str) -> None:
        self.holders = [one for one in self.holders if one != who]
        self.queue = [one for one in self.queue if one != who]
        self.offers.pop(who, None)

    def lapses(self, now: datetime) -> None:
        self.offers = {who: until for who, until in self.offers.items() if until > now}

    def states(self) -> dict[str, str]:
        told = dict.fromkeys(self.holders, "confirmed") | dict.fromkeys(self.queue, "waitlisted")
        return told | dict.fromkeys(self.offers, "offered")


@pytest.mark.parametrize("seed", range(4))
def test_whatever_happens_places_go_in_turn(session: Session, opening: Opening, enter: Enter, seed: int) -> None:
    chance = random.Random(seed)
    opening.capacity, opening.offer_hours = 2, 24
    session.commit()
    slow, now, ids = SlowOpening(2), NOW, dict[str, int]()
    for number in range(ACTS):
        now += timedelta(hours=1)
        living = sorted(slow.states())
        act = chance.choice(["comes", "comes", "leaves", "takes", "lets go", "time passes", "has places"])
        who = chance.choice(living) if living else ""
        if act == "comes" or not living:
            who = f"p{number}@example.org"
            ids[who] = enter(opening, who, now=now).registration.id
            session.get_one(Registration, ids[who]).prove_by = None
            slow.comes(who)
        elif act == "leaves":
            cancel_registration(session, ids[who], now=now)
            slow.leaves(who)
        elif act in {"takes", "lets go"} and slow.offers:
            who = chance.choice(sorted(slow.offers))
            if act == "takes":
                take_offer(session, ids[who], now=now)
                slow.holders.append(who)
                del slow.offers[who]
            else:
                let_offer_go(session, ids[who], now=now)
                slow.leaves(who)
        elif act == "time passes":
            now += timedelta(hours=chance.randrange(30))
        elif act == "has places":
            slow.places = chance.randrange(MOST_PLACES + 1)
            change_capacity(session, opening.id, slow.places, actor=NOBODY, now=now)
        slow.fill(deadline(session, now))
        lapse_if_due(session, opening.id, now=now)
        slow.lapses(now)
        slow.fill(deadline(session, now))
        session.commit()
        assert {who: state for who, state in states(session).items() if state in LIVING} == slow.states(), act
    offered = select(OutboxMessage.recipient).where(OutboxMessage.letter == "place_offered")
    assert set(Counter(session.scalars(offered)).values()) <= {1}


LIVING = {"confirmed", "waitlisted", "offered"}


def deadline(session: Session, now: datetime) -> datetime:
    """Until when an offer that is made now can be taken: the rule has tests of its own."""
    found = session.scalars(
        select(Registration.answer_by).where(Registration.offered_at == now).order_by(Registration.answer_by)
    ).first()
    return found or now
