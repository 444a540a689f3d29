"""Verbs of an offered place: taken, let go, offered by hand, lapsed; each under the lock, none tells anybody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from programme.core.refusal import Refusal
from programme.core.web.words import clock_time, short_date, zone
from programme.engines.registration import terms
from programme.engines.registration.actions import Ended, end, lock, locked_registration
from programme.engines.registration.decisions import check_free, check_turn, lapse
from programme.engines.registration.models import Registration
from programme.engines.registration.queries import terms_of
from programme.engines.registration.series.chairs import chairless
from programme.engines.registration.states import HOLDING, RegistrationState
from programme.engines.registration.terms import SENTENCES, Window
from programme.engines.registration.waiting.filling import confirm, deadline_of, fill, offer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.registration.models import Opening

R = RegistrationState
OFFER = "offer"
"""What rules of reminders call the offers of an opening."""
AT_ONCE = 500
"""How many offers of one opening lapse in one turn at most, so that nobody who registers waits for long."""
LET_GO = "The place was offered, and let go."
RAN_OUT = (
    "The time to take this place ran out, and it went to whoever is next. Register again, if you still want to come."
)
NOT_OFFERED = "No place is offered to you now."
TAKEN = "You have taken this place already. If you cannot come, give it back."
AT_ONCE_HERE = "Places are given at once here. Give the place, or set the hours of an offer in the settings first."
TOO_NEAR = "It is too near for an offer. Give the place instead."


@dataclass(frozen=True, slots=True)
class Taken:
    """A registration whose offer was taken (`changed` is false where it had been before), and who moved up by it."""

    registration: Registration
    changed: bool
    promoted: tuple[Registration, ...] = ()


def accept(session: Session, registration_id: int, *, now: datetime, shown: int | None = None) -> Taken:
    """Take an offered place for good; a second time changes nothing. Refusal where the time has run out.

    Whoever holds the link reads the mail, so that from now on the registration counts for the organisation that its
    address is `shown` to belong to.
    """
    row = locked_registration(session, registration_id)
    if row.state is R.CONFIRMED and row.offered_at is not None:
        return Taken(row, changed=False)
    refuse_what_is_over(row, now=now)
    counts_anew = row.counts_for_id is None and shown is not None
    row.counts_for_id = row.counts_for_id or shown
    confirm(row, now=now)
    session.flush()
    return Taken(row, changed=True, promoted=fill(session, row.opening, now=now) if counts_anew else ())


def refuse_what_is_over(row: Registration, *, now: datetime) -> None:
    """Refuse to take what is not offered, not any more, or what does not take place."""
    if row.state is not R.OFFERED:
        raise Refusal(RAN_OUT if row.state is R.LAPSED else NOT_OFFERED)
    if row.answer_by is None or row.answer_by <= now:
        raise Refusal(RAN_OUT)
    where = terms.window(terms_of(row.opening), now)
    if where in {Window.CANCELLED, Window.PAST}:
        raise Refusal(SENTENCES[where])


def decline(session: Session, registration_id: int, *, now: datetime) -> Ended:
    """Let an offered place go to whoever is next; a second time changes nothing."""
    row = locked_registration(session, registration_id)
    if row.state is R.CONFIRMED:
        raise Refusal(TAKEN)
    if row.state is not R.OFFERED:
        return Ended(row, changed=False)
    return end(session, row, R.CANCELLED, now=now, reason=LET_GO)


def offer_by_hand(
    session: Session, registration_id: int, *, now: datetime, reason: str = "", even_if_full: bool = False
) -> Registration:
    """Offer a place to a given one; out of turn only with a reason, beyond the places only where it is said."""
    row = locked_registration(session, registration_id)
    if row.state in HOLDING:
        return row
    until = deadline_now(row.opening, now=now)
    check_turn(session, row, reason=reason)
    check_free(session, row, now=now, even_if_full=even_if_full)
    lacking = frozenset[int]() if even_if_full else chairless(session, row.opening, row, now=now)
    offer(row, until=until, now=now, lacking=lacking)
    session.flush()
    return row


def deadline_now(opening: Opening, *, now: datetime) -> datetime:
    """Return until when a place that is offered now can be taken; Refusal where none can be offered."""
    facts = terms_of(opening)
    if not terms.takes_place(facts, now):
        raise Refusal(SENTENCES[terms.window(facts, now)])
    until = deadline_of(opening, now=now)
    if until is None:
        raise Refusal(AT_ONCE_HERE if opening.offer_hours is None else TOO_NEAR)
    return until


def lapse_offers(session: Session, opening_id: int, *, now: datetime) -> tuple[Ended, ...]:
    """End the offers of one opening that nobody answered in time, and let the places go to whoever is next.

    Asked again under the lock, so that of two clocks at once one ends an offer, and whoever took it meanwhile has it.
    """
    lock(session, opening_id)
    overdue = (
        select(Registration)
        .where(Registration.opening_id == opening_id, Registration.state == R.OFFERED, Registration.answer_by <= now)
        .order_by(Registration.answer_by, Registration.id)
        .limit(AT_ONCE)
    )
    rows = session.scalars(overdue.execution_options(populate_existing=True)).all()
    return tuple(lapse(session, rows, now=now, why=unanswered)) if rows else ()


def unanswered(row: Registration) -> str:
    """Say why an offer lapsed."""
    until = row.answer_by
    when = f" until {short_date(until)}, {clock_time(until)} {zone(until)}" if until else ""
    return f"The place was offered{when}, and there was no answer."


def overdue_offers(session: Session, now: datetime) -> Sequence[int]:
    """Return the openings with offers whose time has run out, the longest overdue first."""
    found = select(Registration.opening_id).where(Registration.state == R.OFFERED, Registration.answer_by <= now)
    ordered = found.group_by(Registration.opening_id).order_by(func.min(Registration.answer_by))
    return session.scalars(ordered).all()
