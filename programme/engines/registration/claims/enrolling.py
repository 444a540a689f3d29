"""Writing a claim down: the registration and its chairs; every opening here is locked, and the place decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import insert

from programme.core.database import adopt
from programme.core.tokens import token_hash
from programme.engines.registration.choosing.newcomers import events_for
from programme.engines.registration.models import Companion, Registration, Seat
from programme.engines.registration.series.chairs import chairless
from programme.engines.registration.states import HOLDING, Attendance, RegistrationState, SeatState

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.registration.actions import Claim
    from programme.engines.registration.models import Opening

R = RegistrationState
ADDED = insert(Registration.__table__).returning(Registration.id)  # type: ignore[arg-type]
ACCOMPANIED = insert(Companion.__table__)  # type: ignore[arg-type]
SEATED = insert(Seat.__table__)  # type: ignore[arg-type]


def enrolled(
    session: Session,
    opening: Opening,
    claim: Claim,
    *,
    state: RegistrationState,
    home: int | None,
    prove_by: datetime | None,
    now: datetime,
    is_beyond: bool = False,
) -> Registration:
    """Write the row for a claim, with a chair at each event; by statements of their own, which cost a third.

    `is_beyond` says that the place is given beyond the capacity, with every chair, whoever sits there.
    """
    values = {
        "opening_id": opening.id,
        "person_id": claim.person_id,
        "name": claim.name,
        "address": claim.address,
        "organisation_id": claim.organisation_id,
        "counts_for_id": home,
        "state": state,
        "source": claim.source,
        "joined_at": now,
        "confirmed_at": now if state is R.CONFIRMED else None,
        "prove_by": prove_by,
        "reason": "",
        "note": "",
        "link_version": 1,
        "heads": claim.heads,
        "takes_weeks": True,
        "form_key": form_key_of(opening.id, claim),
    }
    row = adopt(session, Registration(id=session.scalar(ADDED, values), **values))
    if claim.others:
        session.execute(ACCOMPANIED, [{"registration_id": row.id, "name": name} for name in claim.others])
    events = events_for(opening, claim.choice)
    if events:
        is_asked = row.state in HOLDING and not is_beyond
        lacking = chairless(session, opening, row, now=now) if is_asked else frozenset[int]()
        session.execute(SEATED, [chair(row.id, event.id, lacking=lacking, now=now) for event in events])
    return row


def chair(registration_id: int, event_id: int, *, lacking: frozenset[int], now: datetime) -> dict[str, Any]:
    """Return the values of a chair: held, but where the place comes without it."""
    return {
        "registration_id": registration_id,
        "event_id": event_id,
        "state": SeatState.SKIPPED if event_id in lacking else SeatState.HELD,
        "attendance": Attendance.UNKNOWN,
        "revision": 0,
        "changed_at": now,
    }


def form_key_of(opening_id: int, claim: Claim) -> str | None:
    """Return what is kept of a form's key: of one form sent for two people, both count."""
    return token_hash(f"{opening_id}:{claim.person_id}:{claim.form_key}") if claim.form_key else None
