"""Admitting: what organisers decide about registrations, with its letters and its audit entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.core import audit
from programme.core.refusal import Refusal
from programme.engines.registration import actions, decisions
from programme.engines.registration.actions import Claim, Ended, Entered, Happened
from programme.engines.registration.deciding.keys import refuse_around_keys
from programme.engines.registration.eligibility.checking import note_answer
from programme.engines.registration.models import Opening, Registration
from programme.engines.registration.openings.quotas import check_sum
from programme.engines.registration.queries import terms_of
from programme.engines.registration.states import OpeningState, PlacesBy, RegistrationState, Source
from programme.engines.registration.terms import takes_place
from programme.flows.answering.coming_back import without_options
from programme.flows.notices.places.registrations import tell_ended, tell_entered, tell_promoted
from programme.flows.registering import ask_for_keys
from programme.people.affiliations import address_key, organisation_of_address, person_for
from programme.people.permissions import NOBODY, Actor

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.registration.decisions import Drawn


def promote_registration(
    session: Session,
    registration_id: int,
    *,
    actor: Actor,
    now: datetime,
    even_if_full: bool = False,
    reason: str = "",
) -> Registration:
    """Give somebody a place; tells them. Why they come before others stays between organisers."""
    if not even_if_full:
        refuse_options_given_back(session, registration_id)
    refuse_around_keys(session, actions.locked_registration(session, registration_id))
    held = session.get_one(Registration, registration_id).state is RegistrationState.CONFIRMED
    row = decisions.promote(session, registration_id, now=now, even_if_full=even_if_full, reason=reason)
    if not held:
        tell_promoted(session, [row], now=now)
        note(session, row, "promote", actor=actor, now=now, reason=reason)
    return row


def refuse_options_given_back(session: Session, registration_id: int) -> None:
    """Refuse where somebody who had been refused chose an option, or a part, that others have taken since.

    Or those who come along with them did: all of them come back, or none.
    """
    row = actions.locked_registration(session, registration_id)
    lacking = without_options(session, row.opening, [row]) if row.state is RegistrationState.REFUSED else {}
    if lacking:
        raise Refusal(lacking[row.id])


def refuse_registration(session: Session, registration_id: int, *, reason: str, actor: Actor, now: datetime) -> Ended:
    """Say no to somebody; tells them, and whoever moves up."""
    refuse_around_keys(session, actions.locked_registration(session, registration_id))
    ended = decisions.refuse(session, registration_id, reason=reason, now=now)
    return told(session, ended, "refuse", actor=actor, now=now)


def cancel_for(session: Session, registration_id: int, *, actor: Actor, now: datetime, reason: str = "") -> Ended:
    """Cancel a registration in somebody's name; tells them, and whoever moves up."""
    ended = actions.cancel(session, registration_id, now=now, reason=reason)
    return told(session, ended, "cancel", actor=actor, now=now)


def told(session: Session, ended: Ended, verb: str, *, actor: Actor, now: datetime) -> Ended:
    """Queue the letters about an end, and write it down."""
    if ended.changed:
        tell_ended(session, ended.registration, held_place=ended.held_place, now=now)
        note(session, ended.registration, verb, actor=actor, now=now)
    tell_promoted(session, ended.promoted, now=now)
    return ended


def add_person(  # noqa: PLR0913  one word each, as organisers say them
    session: Session,
    opening_id: int,
    *,
    name: str,
    address: str,
    actor: Actor,
    now: datetime,
    organisation_id: int | None = None,
    choice: frozenset[int] = frozenset(),
    others: tuple[str, ...] = (),
    even_if_full: bool = False,
) -> Entered:
    """Enter somebody on their behalf, with those who come along; tells them.

    `happened` says where they were registered already.
    """
    opening = actions.lock(session, opening_id)
    address_key(address)
    home = organisation_of_address(session, address)
    person = person_for(session, address=address, name=name, now=now)
    vouched = organisation_id or (home.id if home else None)
    claim = Claim(
        person_id=person.id,
        name=name or person.name or address,
        address=address.strip(),
        organisation_id=vouched,
        memberships=frozenset({vouched} if vouched else ()),
        home=vouched,
        is_proved=True,
        choice=choice,
        others=others,
        source=Source.ORGANISER,
    )
    entered = decisions.add_on_behalf(session, opening_id, claim, now=now, even_if_full=even_if_full)
    if entered.happened is Happened.NEW:
        note_answer(session, opening, address, now=now)
        tell_entered(session, entered.registration, now=now)
        ask_for_keys(session, entered.registration, now=now)
        tell_promoted(session, entered.lent, now=now)
        note(session, entered.registration, "add", actor=actor, now=now)
    return entered


def draw_places(session: Session, opening_id: int, *, actor: Actor, now: datetime) -> Drawn:
    """Draw an opening's ballot; tells everybody who took part."""
    drawn = decisions.draw_ballot(session, opening_id, now=now)
    for row in (*drawn.winners, *drawn.waiting):
        tell_entered(session, row, now=now)
    for row in drawn.refused:
        tell_ended(session, row, held_place=False, now=now)
    counts = {"places": len(drawn.winners), "waiting": len(drawn.waiting), "refused": len(drawn.refused)}
    audit.note(
        session,
        session.get_one(Opening, opening_id),
        "draw",
        actor=actor,
        now=now,
        after={"seed": drawn.seed, **counts},
    )
    return drawn


def draw_if_due(session: Session, opening_id: int, *, now: datetime) -> Drawn | None:
    """Draw a ballot whose time has come, by nobody's hand; None where it is not due any more.

    Asked again under the opening's lock: of two clocks at once one draws, and the other finds it drawn.
    """
    if not is_due(session.get_one(Opening, opening_id), now) or not is_due(actions.lock(session, opening_id), now):
        return None
    return draw_places(session, opening_id, actor=NOBODY, now=now)


def is_due(opening: Opening, now: datetime) -> bool:
    """Whether a ballot is to be drawn now: its time has come, and there is something to come to."""
    waits = opening.places_by is PlacesBy.BALLOT and not opening.ballot_seed and opening.state is not OpeningState.DRAFT
    return waits and opening.ballot_at is not None and opening.ballot_at <= now and takes_place(terms_of(opening), now)


def due_ballots(session: Session, now: datetime) -> Sequence[int]:
    """Return the openings whose ballot may be due, the longest overdue first: `is_due` looks closely."""
    waiting = select(Opening.id).where(Opening.places_by == PlacesBy.BALLOT, Opening.ballot_seed == "")
    due = waiting.where(Opening.ballot_at <= now, Opening.state != OpeningState.DRAFT)
    return session.scalars(due.order_by(Opening.ballot_at, Opening.id)).all()


def fill_free_places(session: Session, opening_id: int, *, now: datetime) -> tuple[Registration, ...]:
    """Move up the waiting list into places that became free by a raised capacity or a larger room; tells them."""
    promoted = actions.fill_places(session, opening_id, now=now)
    tell_promoted(session, promoted, now=now)
    return promoted


def change_capacity(session: Session, opening_id: int, capacity: int | None, *, actor: Actor, now: datetime) -> int:
    """Change how many places there are, and fill those that are new; return how many moved up.

    Fewer places than are held take nothing from anybody: nobody moves up until enough went.
    """
    if capacity is not None and capacity < 0:
        raise Refusal("Give a number of places, 0 or more.", field="capacity")
    opening = actions.lock(session, opening_id)
    check_sum(sum(row.places for row in opening.quotas), capacity)
    before, opening.capacity = opening.capacity, capacity
    session.flush()
    old, new = {"capacity": before}, {"capacity": capacity}
    audit.note(session, opening, "change capacity", actor=actor, now=now, before=old, after=new)
    return len(fill_free_places(session, opening_id, now=now))


def note(session: Session, row: Registration, verb: str, *, actor: Actor, now: datetime, reason: str = "") -> None:
    """Write what was decided about a registration into the audit trail, with the reason that is told or given."""
    why = reason or row.reason
    audit.record(
        session,
        person_id=actor.person_id,
        verb=verb,
        subject=("registration", row.id),
        now=now,
        organisation_id=row.opening.lead_organisation_id,
        after={"state": row.state.value, **({"reason": why} if why else {})},
    )
