"""Mixed work: deeds at random from several threads, each checked under the lock, and what they came to."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core.database import begin_writing
from programme.core.refusal import Refusal
from programme.engines.registration.actions import lock
from programme.engines.registration.models import Opening, Quota, Registration, Seat
from programme.engines.registration.queries import room_mates
from programme.engines.registration.states import HOLDING, LIVE, RegistrationState, SeatState
from programme.flows.admitting import promote_registration, refuse_registration
from programme.flows.companions.bringing import come_along, stay_away
from programme.flows.registering import SignUp, cancel_registration, sign_up
from programme.flows.series.choosing import choose_events
from programme.flows.series.skipping import leave_series, skip_week, take_week_back, want_single_weeks
from programme.flows.sharing.releasing import release_if_due
from programme.people.permissions import NOBODY
from tests.factories import cast, things
from tests.flows.mixed.judging import wrongs

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from sqlalchemy import Engine

    from programme.people.permissions import Actor

THREADS, PEOPLE, WEEK = 4, 60, timedelta(days=7)
USUAL, MOST_LATE = {"register", "cancel", "skip"}, 60
BEGIN = cast.LONG_AGO + timedelta(days=1)
DOMAINS = ("liverpool.example.ac.uk", "oxford.example.ac.uk", "example.org")
R = RegistrationState


@dataclass
class Work:
    """What is worked on, by whom, and what came of it; `promoted` and `lent` are who has to be told, how often."""

    engine: Engine
    openings: Sequence[int]
    organiser: Actor
    seed: int = 1
    deeds: Counter[str] = field(default_factory=Counter)
    promoted: Counter[int] = field(default_factory=Counter)
    lent: Counter[tuple[int, int]] = field(default_factory=Counter)
    out_of_turn: set[int] = field(default_factory=set)
    wrongs: list[str] = field(default_factory=list)
    ticks: int = 0
    guard: threading.Lock = field(default_factory=threading.Lock)

    def run(self, *, seconds: float) -> None:
        """Work until the time is over and each of the usual deeds was done, or the first thing is wrong."""
        until = time.monotonic() + seconds
        workers = [threading.Thread(target=self.toil, args=(number, until)) for number in range(THREADS)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()

    def toil(self, number: int, until: float) -> None:
        """Do one deed after the other."""
        chance = random.Random(f"{self.seed}:{number}")
        names = list(DEEDS)
        weights = [OFTEN.get(name, 2) for name in names]
        while not self.wrongs and self.goes_on(until):
            name = chance.choices(names, weights)[0]
            try:
                self.do(name, chance)
            except Exception as error:  # noqa: BLE001  it is told by whoever asks how it went
                self.wrongs.append(f"{name}: {type(error).__name__}: {error}")

    def goes_on(self, until: float) -> bool:
        """Whether there is more to do: on a busy machine it takes longer until everything was done once."""
        late = time.monotonic() - until
        return late < 0 or (late < MOST_LATE and not self.deeds.keys() >= USUAL)

    def do(self, name: str, chance: random.Random) -> None:
        """Do one deed in a transaction of its own, and look under the lock whether all is right."""
        with Session(self.engine) as own:
            begin_writing(own)
            opening = lock(own, chance.choice(self.openings))
            # those that are locked alone: of any other, two statements may see two different moments
            locked = room_mates(own, [opening.id])
            lent_before = lent_in(own, locked)
            try:
                moved = DEEDS[name](self, own, opening, chance)
            except Refusal:
                own.rollback()
                return
            own.flush()
            lent_now = lent_in(own, locked) - lent_before
            self.wrongs += [f"after {name}: {wrong}" for wrong in wrongs(own, locked)]
            own.commit()
            with self.guard:
                self.deeds[name] += 1
                self.promoted.update(moved)
                self.lent.update(lent_now)

    def now(self) -> datetime:
        """Return the next instant: asked under the lock, so that nobody's is earlier who comes later."""
        with self.guard:
            self.ticks += 1
            return BEGIN + timedelta(microseconds=self.ticks)


def lent_in(session: Session, openings: Sequence[int]) -> Counter[tuple[int, int]]:
    """Return which chairs are lent, as registration and event."""
    rows = select(Seat.registration_id, Seat.event_id).join(Registration, Registration.id == Seat.registration_id)
    lent = rows.where(Registration.opening_id.in_(openings), Seat.state == SeatState.LENT)
    return Counter((registration_id, event_id) for registration_id, event_id in session.execute(lent))


def some_row(session: Session, opening: Opening, chance: random.Random) -> Registration:
    """Return a live registration; Refusal where there is none."""
    rows = select(Registration).where(Registration.opening_id == opening.id, Registration.state.in_(LIVE))
    found = session.scalars(rows.order_by(Registration.id)).all()
    if not found:
        raise Refusal("Nobody is here.")
    return chance.choice(found)


def moved_up(rows: Sequence[Registration]) -> list[int]:
    """Return who has a place now of those who moved up, or were lent a chair."""
    return [row.id for row in rows if row.state in HOLDING]


def registers(work: Work, session: Session, opening: Opening, chance: random.Random) -> list[int]:
    """Somebody comes, alone or with others."""
    number = chance.randrange(PEOPLE)
    address = f"p{number}@{DOMAINS[number % len(DOMAINS)]}"
    brought = chance.choice((0, 0, 0, 1, 2)) if opening.most_together > 1 else 0
    others, name = tuple(f"Other {one}" for one in range(brought)), f"Person {number}"
    sent = SignUp(
        name=name,
        address=address,
        organisation_id=None,
        answers={},
        choice=some_choice(opening, chance),
        others=others,
        form_key="",
    )
    sign_up(session, opening.id, sent, actor=NOBODY, now=work.now())
    return []


def some_choice(opening: Opening, chance: random.Random) -> frozenset[int]:
    """Return a choice of an opening's events, where one has to choose."""
    return frozenset(chance.sample([event.id for event in opening.events], opening.chooses or 0))


def chooses(work: Work, session: Session, opening: Opening, chance: random.Random) -> list[int]:
    """Somebody chooses again."""
    row = some_row(session, opening, chance)
    return moved_up(choose_events(session, row.id, some_choice(opening, chance), now=work.now()).promoted)


def cancels(work: Work, session: Session, opening: Opening, chance: random.Random) -> list[int]:
    """Somebody gives back what they have."""
    row = some_row(session, opening, chance)
    return moved_up(cancel_registration(session, row.id, now=work.now()).promoted)


def promotes(work: Work, session: Session, opening: Opening, chance: random.Random) -> list[int]:
    """An organiser gives somebody a place out of turn."""
    row = some_row(session, opening, chance)
    waited = row.state is R.WAITLISTED
    promote_registration(session, row.id, actor=work.organiser, now=work.now())
    work.out_of_turn.add(row.id)
    return [row.id] if waited else []


def refuses(work: Work, session: Session, opening: Opening, chance: random.Random) -> list[int]:
    """An organiser says no."""
    row = some_row(session, opening, chance)
    ended = refuse_registration(session, row.id, reason="No.", actor=work.organiser, now=work.now())
    return moved_up(ended.promoted)


def releases(work: Work, session: Session, opening: Opening, chance: random.Random) -> list[int]:
    """A quota is released by the clock."""
    del chance
    now = work.now()
    kept = [quota for quota in opening.quotas if quota.released_at is None]
    if not kept:
        raise Refusal("Nothing is kept any more.")
    kept[0].release_at, kept[0].release_days = now, None
    session.flush()
    around = Registration.opening_id.in_(room_mates(session, [opening.id]))
    holding = select(Registration.id).where(around, Registration.state.in_(HOLDING))
    before = set(session.scalars(holding))
    release_if_due(session, opening.id, now=now)
    return [one for one in session.scalars(holding) if one not in before]


def upon_a_week(verb: Callable[..., Any]) -> Callable[[Work, Session, Opening, random.Random], list[int]]:
    """Return the deed that does something with one week of somebody's place."""

    def deed(work: Work, session: Session, opening: Opening, chance: random.Random) -> list[int]:
        row, event = some_row(session, opening, chance), chance.choice(opening.events)
        return moved_up(verb(session, row.id, event.id, now=work.now()).promoted)

    return deed


def wants(work: Work, session: Session, opening: Opening, chance: random.Random) -> list[int]:
    """Somebody who waits takes single weeks, or none."""
    row, wanted = some_row(session, opening, chance), chance.random() < 0.7
    return moved_up(want_single_weeks(session, row.id, wanted=wanted, now=work.now()).promoted)


def brings(work: Work, session: Session, opening: Opening, chance: random.Random) -> list[int]:
    """Somebody brings one more."""
    return moved_up(come_along(session, some_row(session, opening, chance).id, "One more", now=work.now()).promoted)


def leaves_out(work: Work, session: Session, opening: Opening, chance: random.Random) -> list[int]:
    """Somebody brings one less."""
    row = some_row(session, opening, chance)
    if not row.companions:
        raise Refusal("Nobody comes along.")
    row.note = "was larger"
    return moved_up(stay_away(session, row.id, row.companions[0].id, now=work.now()).promoted)


DEEDS: dict[str, Callable[[Work, Session, Opening, random.Random], list[int]]] = {
    "register": registers,
    "cancel": cancels,
    "promote": promotes,
    "refuse": refuses,
    "release": releases,
    "skip": upon_a_week(skip_week),
    "take back": upon_a_week(take_week_back),
    "leave": upon_a_week(leave_series),
    "want weeks": wants,
    "choose": chooses,
    "bring": brings,
    "leave out": leaves_out,
}
OFTEN = {"choose": 4, "register": 14, "cancel": 6, "skip": 8, "refuse": 1, "leave": 1, "release": 1, "promote": 1}


def ground(session: Session) -> tuple[list[int], Actor]:
    """Make what is worked on: a series with shares, an evening in the room of its second week, and a choice of two."""
    people = cast.assemble(session)
    weeks = [
        things.event(
            session, lead=people.oxford, title=f"Week {one}", starts_at=things.SOON + WEEK * one, room_capacity=14
        )
        for one in range(3)
    ]
    series = things.opening(session, events=weeks, capacity=12, title="Series", most_together=3)
    series.quotas = [
        Quota(organisation_id=one.id, places=3, release_days=1) for one in (people.liverpool, people.oxford)
    ]
    rooms = [things.event(session, lead=people.oxford, title=f"Room {one}", room_capacity=4) for one in range(3)]
    workshops = things.opening(session, events=rooms, capacity=7, title="Workshops", chooses=2)
    evening = things.opening(session, events=[weeks[1]], capacity=6, title="Evening")
    session.commit()
    return [series.id, evening.id, workshops.id], NOBODY
