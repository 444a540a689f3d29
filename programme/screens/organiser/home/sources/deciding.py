"""Who waits for a decision of the organisers, or for a ballot that nobody set a time for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, func, or_, select

from programme.core.web.words import plural
from programme.engines.approvals.queries import waiting_count
from programme.engines.registration.deciding.models import DecisionTerms
from programme.engines.registration.deciding.own import about
from programme.engines.registration.deciding.states import DecidedBy
from programme.engines.registration.models import Opening, Registration
from programme.engines.registration.states import OpeningState, PlacesBy, RegistrationState
from programme.screens.organiser.home.need import Need
from programme.screens.organiser.home.sources.registering import MOST, own_openings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor


def needs(session: Session, actor: Actor, *, now: datetime) -> Iterator[Need]:
    """Return keys that wait, and openings where people wait for their organisers; a timed ballot is drawn by itself."""
    yield from key_needs(session, actor)
    by_keys = select(DecisionTerms.opening_id).where(DecisionTerms.decided_by == DecidedBy.KEYS)
    is_over = or_(Opening.state == OpeningState.CLOSED, Opening.closes_at <= now)
    undrawn = and_(Opening.places_by == PlacesBy.BALLOT, Opening.ballot_seed == "", Opening.ballot_at.is_(None))
    statement = (
        select(Opening.id, Opening.title, Opening.places_by, Opening.closes_at, func.count())
        .join(Registration, Registration.opening_id == Opening.id)
        .where(own_openings(actor), Registration.state == RegistrationState.PENDING)
        .where(or_(Opening.places_by == PlacesBy.DECISION, and_(undrawn, is_over)))
        .where(or_(Opening.places_by != PlacesBy.DECISION, Opening.id.not_in(by_keys)))
        .group_by(Opening.id, Opening.title, Opening.places_by, Opening.closes_at)
        .order_by(Opening.closes_at, Opening.id)
        .limit(MOST)
    )
    for opening_id, title, places_by, closes_at, count in session.execute(statement):
        people, home = plural(count, "person", "people"), f"/organise/openings/{opening_id}"
        waits = "waits" if count == 1 else "wait"
        if places_by is PlacesBy.BALLOT:
            why = f"Registration has closed, and {people} {waits} for the draw."
            yield Need(f"Draw the ballot: {title}", f"{home}/ballot", why, now, "Draw", station="offer")
        else:
            why, what = f"{title}. Give places or refuse; each is told.", f"{people} {waits} for your decision"
            yield Need(what, f"{home}?state=pending", why, closes_at, "Decide", "offer")


def key_needs(session: Session, actor: Actor) -> Iterator[Need]:
    """Say how many keys wait for somebody, and by when the first of them is to be turned."""
    count, due = waiting_count(session, actor, among=~about(actor.person_id))
    if count:
        why = "Every university says yes or no; one no ends it."
        yield Need(
            f"{plural(count, 'key')} {'waits' if count == 1 else 'wait'} for you",
            "/organise/keys",
            why,
            due,
            "Decide",
            "offer",
        )
