"""People moved both ways at once: no lock waits for ever, no opening is ever over, and nobody is lost."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from programme.core.database import begin_writing
from programme.core.refusal import Refusal
from programme.engines.registration.models import Registration
from programme.engines.registration.states import HOLDING, LIVE
from programme.flows.roll.moving import move_all
from programme.people.identity import actor_of
from tests.engines.registration.rush import all_at_once
from tests.factories import cast, things
from tests.factories.cast import LONG_AGO

if TYPE_CHECKING:
    from collections.abc import Callable

    from programme.engines.registration.models import Opening
    from programme.people.permissions import Actor

NOW = LONG_AGO + timedelta(days=1)


def crowded(session: Session, people: cast.Cast, title: str, number: int) -> Opening:
    """An opening with as many places as people."""
    talk = things.event(session, lead=people.liverpool, title=title)
    row = things.opening(session, events=[talk], capacity=number)
    for one in range(number):
        who = cast.person(session, f"{title} {one}", f"{title.lower()}{one}@example.org")
        things.registration(session, to=row, who=who)
    session.commit()
    return row


def test_people_moved_both_ways_at_once_are_never_too_many_and_nobody_is_lost(session: Session) -> None:
    people = cast.assemble(session)
    one, other = (crowded(session, people, title, 12) for title in ("Moss", "Fern"))
    organiser, engine = actor_of(people.olga), session.get_bind()
    ids = {
        row: session.scalars(select(Registration.id).where(Registration.opening_id == row)).all()
        for row in (one.id, other.id)
    }
    verbs: list[Callable[[], object]] = []
    for mine, theirs in zip(ids[one.id], ids[other.id], strict=True):
        verbs += [mover(engine, one.id, other.id, mine, organiser), mover(engine, other.id, one.id, theirs, organiser)]
    all_at_once(verbs)
    session.rollback()
    session.expire_all()
    for opening in (one, other):
        held = select(func.count()).where(Registration.opening_id == opening.id, Registration.state.in_(HOLDING))
        assert (session.scalar(held) or 0) <= 12
    alive = select(Registration.person_id).where(Registration.state.in_(LIVE)).distinct()
    assert len(session.scalars(alive).all()) == 24


def mover(engine: object, source: int, target: int, registration: int, organiser: Actor) -> Callable[[], object]:
    """Move one person in a transaction of its own; what the rules refuse is refused."""

    def move() -> None:
        with Session(engine) as own:  # type: ignore[arg-type]
            begin_writing(own)
            try:
                move_all(own, source, target, [registration], actor=organiser, now=NOW)
                own.commit()
            except Refusal:
                own.rollback()

    return move
