"""Verbs of registering: each takes the opening's lock first, then decides by the pure rules; none tells anybody."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm.attributes import set_committed_value

from programme.core.refusal import Refusal
from programme.core.transitions import move
from programme.engines.approvals import actions as approvals
from programme.engines.registration import places, terms
from programme.engines.registration.choosing.newcomers import chairs_for_choice
from programme.engines.registration.choosing.queries import next_by_choice
from programme.engines.registration.claims.enrolling import enrolled, form_key_of
from programme.engines.registration.eligibility.checking import refuse_openly
from programme.engines.registration.models import Opening, Registration, Seat
from programme.engines.registration.openings.counted import remember
from programme.engines.registration.openings.locking import NAMES, StaleError, decisive, look, raise_revision
from programme.engines.registration.places import in_force
from programme.engines.registration.queries import guarantees_of, room_mates, sizes_waiting, terms_of
from programme.engines.registration.series.chairs import chairs_for
from programme.engines.registration.states import (
    HOLDING,
    LIVE,
    REGISTRATION_MOVES,
    RegistrationState,
    Source,
)
from programme.engines.registration.together.companions import refuse_too_many
from programme.engines.registration.waiting.filling import fill, is_lent, touch_seats
from programme.engines.registration.waiting.lending import lent_at_once

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.registration.eligibility.checking import NotListedError
    from programme.engines.registration.openings.locking import Looked, Parts

R = RegistrationState
STATES = {
    places.Decision.PLACE: R.CONFIRMED,
    places.Decision.WAIT: R.WAITLISTED,
    places.Decision.LATER: R.PENDING,
}
FRESH = (
    *("state", "prove_by", "address", "name", "joined_at", "ended_at", "link_version", "offered_at", "answer_by"),
    *("person_id", "counts_for_id", "answer_sheet_id", "heads", "takes_weeks", "leaves_at"),
)
"""What of a registration may have changed while its opening's lock was waited for."""
FULL = "Every place is taken, and there is no waiting list."
KEPT = "The places left are kept for members of others, and there is no waiting list."


class Happened(StrEnum):
    """What a claim came to."""

    NEW = "new"
    REPEATED = "repeated"
    ALREADY = "already"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Somebody wants to register. `memberships` are ids of organisations they belong to, `home` the one first to count.

    `is_proved` says that whoever sends this reads the mail of `address`. `choice` are the events they chose, where the
    opening asks for it, and `others` the names of those who come along. `form_key` is random for each rendered form.
    """

    person_id: int
    name: str
    address: str
    organisation_id: int | None = None
    memberships: frozenset[int] = frozenset()
    home: int | None = None
    is_proved: bool = False
    choice: frozenset[int] = frozenset()
    others: tuple[str, ...] = ()
    form_key: str = ""
    source: Source = Source.SELF

    @property
    def heads(self) -> int:
        """For how many people it is."""
        return 1 + len(self.others)


@dataclass(frozen=True, slots=True)
class Entered:
    """The registration that answers a claim, and whether it is new, the same form again, or was there already.

    `lent` are those who wait and were lent the chair of a week by it: whoever comes too late for a place, but not for
    a week that somebody skips. `against` is why it may not be, where it was only tried.
    """

    registration: Registration
    happened: Happened
    lent: tuple[Registration, ...] = ()
    against: NotListedError | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """A registration that ended (`changed` is false where it had ended before), and who moved up for it."""

    registration: Registration
    changed: bool
    held_place: bool = False
    promoted: tuple[Registration, ...] = ()


def lock(session: Session, opening_id: int) -> Opening:
    """Lock an opening until the transaction ends, and read it afresh; with it those that share a room with it.

    The lock is an ordinary UPDATE, the transaction's first write, which works on both databases; in ascending order.
    """
    return lock_all(session, [opening_id])[opening_id]


def lock_all(session: Session, opening_ids: Collection[int]) -> dict[int, Opening]:
    """Lock several openings, in ascending order."""
    return {one: lock_row(session, one) for one in room_mates(session, opening_ids)}


def lock_row(session: Session, opening_id: int) -> Opening:
    """Raise one opening's revision and take over what its row says now."""
    row = raise_revision(session, opening_id)
    opening = session.get_one(Opening, opening_id)
    for name, value in zip(NAMES, row, strict=True):
        set_committed_value(opening, name, value)
    session.expire(opening, ["quotas"])
    return opening


def register(session: Session, opening_id: int, claim: Claim, *, now: datetime) -> Entered:
    """Register somebody under the lock; Refusal with the sentence where the rules say no."""
    return enter(session, lock(session, opening_id), claim, now=now)


def enter(
    session: Session,
    opening: Opening,
    claim: Claim,
    *,
    now: datetime,
    parts: Parts | None = None,
    is_tried: bool = False,
) -> Entered:
    """Decide about a claim and write it down. Only right on an opening that is locked.

    `parts` are the versions of what is known of the opening: StaleError where they have changed. What `is_tried` is
    written though its address is on no list, to be undone by whoever asked for it.
    """
    looked = look(session, opening, person_id=claim.person_id, form_key=form_key_of(opening.id, claim))
    if parts is not None and decisive(parts) != looked.parts:
        raise StaleError
    former = former_answer(session, looked)
    if former is not None:
        return former
    facts = terms_of(opening)
    secret = refuse_openly(session, opening, facts, claim, now=now)
    refuse_too_many(opening, claim.others)
    home = counted_for(opening, claim, now=now)
    decision = decision_for(session, opening, looked, claim, home=home, now=now)
    if secret is not None and not is_tried:
        raise secret
    prove_by = terms.prove_by(facts, hours_to_prove=opening.unproved_hours, now=now)
    kept_until = None if claim.is_proved else prove_by
    claim = replace(claim, form_key="") if looked.is_spent else claim
    row = enrolled(session, opening, claim, state=STATES[decision], home=home, prove_by=kept_until, now=now)
    if opening.capacity is not None:
        origin, heads = row.organisation_id, claim.heads
        remember(session, opening.id, looked.counts, state=row.state, home=home, origin=origin, heads=heads)
    return Entered(row, Happened.NEW, lent_at_once(session, opening, row, now=now), secret)


def former_answer(session: Session, looked: Looked) -> Entered | None:
    """Return the registration of the same form sent before, or the person's live one, if there is one."""
    found = looked.same or looked.former
    if found is None:
        return None
    row = session.get_one(Registration, found, populate_existing=True)
    return Entered(row, Happened.REPEATED if looked.same else Happened.ALREADY)


def counted_for(opening: Opening, claim: Claim, *, now: datetime) -> int | None:
    """Return the organisation for which a claim counts, for as long as the registration lives; None is none.

    Only where somebody is shown to belong counts, never what they merely say: by what they proved before, or by an
    address of the organisation, which lapses unless it is proved in time. Where the opening says so it counts from that
    moment only. Of several the home one comes first, but one for which something is kept before one for which nothing
    is: whoever is proved at two universities does not wait beside a place kept for the second.
    """
    if opening.counts_when_proved and not claim.is_proved:
        return None
    return home_among(opening, claim.memberships, first=claim.home, now=now)


def home_among(opening: Opening, memberships: frozenset[int], *, first: int | None, now: datetime) -> int | None:
    """Return for which of several organisations somebody counts here."""
    kept = {one.organisation_id for one in in_force(guarantees_of(opening), now=now)}
    return min(memberships, key=lambda one: (one not in kept, one != first, one), default=None)


def decision_for(
    session: Session, opening: Opening, looked: Looked, claim: Claim, *, home: int | None, now: datetime
) -> places.Decision:
    """Ask the rule about a newcomer, from what is taken now; Refusal where there is neither place nor waiting list."""
    guarantees = in_force(guarantees_of(opening), now=now)
    if opening.chooses is None:
        chairs = chairs_for(session, opening, now=now)
    else:
        chairs = chairs_for_choice(session, opening, claim.choice, heads=claim.heads)
    sizes = sizes_waiting(session, opening)
    tally = looked.tally(capacity=opening.capacity, chairs=chairs, guarantees=guarantees, sizes=sizes)
    decision = places.decide(
        tally,
        places_by=opening.places_by,
        has_waiting_list=opening.has_waiting_list,
        is_drawn=bool(opening.ballot_seed),
        home=home,
        heads=claim.heads,
        is_awaited=None if opening.chooses is None else bool(next_by_choice(session, opening, tally)),
    )
    if decision is places.Decision.FULL:
        raise Refusal(full_words(tally, home, heads=claim.heads))
    return decision


def full_words(tally: places.Tally, home: int | None, *, heads: int) -> str:
    """Say why there is no place: none is left, none for them, or not enough for all of them."""
    if heads > 1 and tally.fits(home):
        return f"There are not places enough for all {heads} of you, and there is no waiting list. Bring fewer."
    return KEPT if tally.free else FULL


def cancel(session: Session, registration_id: int, *, now: datetime, reason: str = "") -> Ended:
    """Cancel a registration; the free place goes to the next. A second time changes nothing."""
    row = locked_registration(session, registration_id)
    if row.state not in LIVE:
        return Ended(row, changed=False)
    return end(session, row, R.CANCELLED, now=now, reason=reason)


def end(session: Session, row: Registration, state: RegistrationState, *, now: datetime, reason: str = "") -> Ended:
    """Move a registration whose opening is locked to an end, and fill the place it held."""
    before = move(row, state, moves=REGISTRATION_MOVES)
    row.ended_at, row.reason = now, reason
    held = before in HOLDING or is_lent(row)
    touch_seats(row, now=now)
    session.flush()
    approvals.withdraw(session, row.__tablename__, row.id, now=now)
    return Ended(row, changed=True, held_place=held, promoted=fill(session, row.opening, now=now) if held else ())


def locked_registration(session: Session, registration_id: int) -> Registration:
    """Lock a registration's opening, then read the registration afresh."""
    row = session.get_one(Registration, registration_id)
    lock(session, row.opening_id)
    session.refresh(row, FRESH)
    chairs = select(Seat).where(Seat.registration_id == row.id).order_by(Seat.event_id)
    set_committed_value(row, "seats", session.scalars(chairs.execution_options(populate_existing=True)).all())
    return row


def fill_places(session: Session, opening_id: int, *, now: datetime) -> tuple[Registration, ...]:
    """Fill what became free by a raised capacity or a larger room."""
    return fill(session, lock(session, opening_id), now=now)


def prove(
    session: Session, registration_id: int, *, now: datetime, shown: int | None = None
) -> tuple[Registration, tuple[Registration, ...]]:
    """Keep a place for good, and return who moved up: whoever holds the link reads the mail.

    From now on the registration counts for the organisation that the address is `shown` to belong to. Refusal where the
    time has run out.
    """
    row = locked_registration(session, registration_id)
    if row.state not in LIVE or (row.prove_by is not None and row.prove_by <= now):
        raise Refusal("The time to keep this place has run out. Register again, if there are places.")
    row.prove_by = None
    counts_anew = row.counts_for_id is None and shown is not None
    row.counts_for_id = row.counts_for_id or shown
    session.flush()
    return row, fill(session, row.opening, now=now) if counts_anew else ()
