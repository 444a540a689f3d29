"""Walking in: somebody without a place is entered, told where there is an address, and checked in, in one go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.core import audit
from programme.engines.registration import decisions
from programme.engines.registration.actions import Claim, Happened, locked_registration
from programme.engines.registration.door.actions import Press
from programme.engines.registration.door.reasons import WAITS
from programme.engines.registration.door.walk_ins import (
    WalkIn,
    admits_elsewhere,
    enter_without_address,
    keep_here_only,
    lend_here,
    opening_that_takes,
    seat_at,
)
from programme.engines.registration.models import Registration
from programme.engines.registration.openings.rights import opening_scope
from programme.engines.registration.series.sitting import has_chair
from programme.engines.registration.states import Attendance, RegistrationState, Source
from programme.flows.admitting import promote_registration
from programme.flows.door.checking_in import check_in
from programme.flows.notices.places.registrations import CONFIRMED, OWN, send, tell_promoted
from programme.people.affiliations import address_key, organisation_of_address, person_for
from programme.people.permissions import Verb, may

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.registration.door.actions import Marked
    from programme.engines.registration.models import Opening, Seat
    from programme.people.permissions import Actor

CAME = "They came to the door, and were let in."


def walk_in(
    session: Session, opening_id: int, event_id: int, newcomer: WalkIn, *, actor: Actor, now: datetime
) -> Marked:
    """Let somebody in without a place, and mark them as here; whoever is registered already is marked alone."""
    opening = opening_that_takes(session, opening_id)
    if newcomer.address:
        row = entered_by_address(session, opening, event_id, newcomer, actor=actor, now=now)
    else:
        row, is_new = enter_without_address(session, opening, event_id, newcomer, now=now)
        if is_new:
            note(session, row, actor=actor, now=now)
    pressed = Press(wanted=Attendance.PRESENT, key=newcomer.key)
    return check_in(session, seat_at(row, event_id).id, pressed, actor=actor, now=now)


def entered_by_address(
    session: Session, opening: Opening, event_id: int, newcomer: WalkIn, *, actor: Actor, now: datetime
) -> Registration:
    """Enter somebody with an address; who waits for a place is let in, too."""
    entered = decisions.add_on_behalf(
        session, opening.id, claim_of(session, newcomer, event_id, now=now), now=now, even_if_full=True
    )
    row = entered.registration
    if entered.happened is Happened.NEW:
        keep_here_only(row, event_id)
        session.flush()
        send(session, row, CONFIRMED, key="", now=now, context={OWN: True}, opening=opening)
        note(session, row, actor=actor, now=now)
    elif row.state is not RegistrationState.CONFIRMED:
        let_in(session, row.id, event_id, actor=actor, now=now)
    return row


def let_in(session: Session, registration_id: int, event_id: int, *, actor: Actor, now: datetime) -> None:
    """Give somebody who waits the place, by whoever may decide; others give a chair at this event and no other.

    Whoever is offered a place has the chair already, and the offer stays theirs to take.
    """
    row = locked_registration(session, registration_id)
    if may(actor, Verb.DECIDE, opening_scope(row.opening)) or not admits_elsewhere(row, event_id):
        promote_registration(session, row.id, actor=actor, now=now, even_if_full=True, reason=CAME)
    elif row.state in WAITS:
        lend_here(row, event_id, now=now)
        session.flush()
        note(session, row, actor=actor, now=now)
        if row.state is RegistrationState.WAITLISTED:  # its letter says that they wait on, which others do not
            tell_promoted(session, [row], now=now)


def let_in_by_code(
    session: Session, seat: Seat, event_id: int, *, key: str, actor: Actor, now: datetime
) -> Marked | None:
    """Let in who waits, by the code they show, and mark them as here; of a group it is asked who came."""
    row = seat.registration
    opening_that_takes(session, row.opening_id)
    if session.get_one(Registration, row.id, populate_existing=True).state in WAITS:
        let_in(session, row.id, event_id, actor=actor, now=now)
    found = seat_at(row, event_id)
    if row.heads > 1 and has_chair(found):
        return None
    return check_in(session, found.id, Press(wanted=Attendance.PRESENT, key=key), actor=actor, now=now)


def claim_of(session: Session, newcomer: WalkIn, event_id: int, *, now: datetime) -> Claim:
    """Return the claim: what a helper types proves nothing, so it counts in nobody's share."""
    address_key(newcomer.address)
    shown = organisation_of_address(session, newcomer.address)
    person = person_for(session, address=newcomer.address, name=newcomer.name, now=now)
    return Claim(
        person_id=person.id,
        name=newcomer.name,
        address=newcomer.address,
        organisation_id=newcomer.organisation_id or (shown.id if shown else None),
        choice=frozenset({event_id}),
        form_key=newcomer.key,
        source=Source.WALK_IN,
    )


def note(session: Session, row: Registration, *, actor: Actor, now: datetime) -> None:
    """Write down who let whom in."""
    audit.record(
        session,
        person_id=actor.person_id,
        verb="let in without a place",
        subject=("registration", row.id),
        now=now,
        organisation_id=row.opening.lead_organisation_id,
    )
