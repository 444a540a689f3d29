"""Moving people to another opening of the same lead: under both locks, the place there is theirs or it waits, and told.

What was answered stays with the registration that ends: another opening asks other questions.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from programme.core import audit
from programme.core.refusal import Refusal
from programme.core.web.words import plural
from programme.engines.registration import actions, decisions
from programme.engines.registration.actions import Claim, Happened
from programme.engines.registration.models import Opening, Registration
from programme.engines.registration.queries import terms_of
from programme.engines.registration.states import HOLDING, LIVE, OpeningState, RegistrationState, Source
from programme.engines.registration.terms import takes_place
from programme.flows.notices.places.registrations import tell_ended, tell_entered, tell_promoted
from programme.flows.registering import ask_for_keys

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.registration.actions import Ended
    from programme.people.permissions import Actor

LONGEST_REASON = 500
ELSEWHERE = "People move between openings of one lead only: there the same organisers answer for them."
HERE = "They are here already. Choose another opening."


@dataclass(slots=True)
class Moved:
    """Those who were moved, as they stand now, and the sentences about those who could not be."""

    done: list[Registration] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def waiting(self) -> int:
        """How many of them have no place there yet."""
        return sum(row.state not in HOLDING for row in self.done)


def move_all(
    session: Session,
    opening_id: int,
    to_id: int,
    ids: Collection[int],
    *,
    actor: Actor,
    now: datetime,
    reason: str = "",
    even_if_full: bool = False,
) -> Moved:
    """Move people of an opening to another one, those who joined first first."""
    locked = actions.lock_all(session, {opening_id, to_id})
    source, target = locked[opening_id], locked[to_id]
    check(source, target, now=now)
    moved = Moved()
    for one in sorted(ids):
        row = session.get(Registration, one, populate_existing=True)
        if row is None or row.opening_id != opening_id or row.state not in LIVE or row.person_id is None:
            continue
        try:
            new = move_one(session, row, target, now=now, reason=reason, even_if_full=even_if_full)
        except Refusal as refusal:
            moved.problems.append(f"{row.name}: {refusal.sentence}")
        else:
            moved.done.append(new)
            note(session, row, target, actor=actor, now=now)
    return moved


def check(source: Opening, target: Opening, *, now: datetime) -> None:
    """Refuse where nobody could be moved."""
    if source.id == target.id:
        raise Refusal(HERE, field="to")
    if source.lead_organisation_id != target.lead_organisation_id:
        raise Refusal(ELSEWHERE, field="to")
    if target.state is OpeningState.DRAFT or (target.events and not takes_place(terms_of(target), now)):
        raise Refusal(f"“{target.title}” takes nobody now. Choose another opening.", field="to")


def move_one(
    session: Session, row: Registration, target: Opening, *, now: datetime, reason: str, even_if_full: bool
) -> Registration:
    """Enter one person in the other opening and end the registration here; both openings are locked."""
    if row.heads > target.most_together:
        raise Refusal(f"comes with {plural(row.heads - 1, 'other')}, and “{target.title}” takes fewer together.")
    entered = decisions.add_on_behalf(session, target.id, claim_of(row), now=now, even_if_full=even_if_full)
    if entered.happened is not Happened.NEW:
        raise Refusal(f"is registered for “{target.title}” already.")
    new = entered.registration
    new.prove_by = row.prove_by if new.state in LIVE else None
    new.reason = f"The organisers moved you here from “{row.opening.title}”. {reason}".strip()[:LONGEST_REASON]
    ended = actions.end(session, row, RegistrationState.CANCELLED, now=now, reason=f"Moved to “{target.title}”.")
    tell_entered(session, new, now=now)
    ask_for_keys(session, new, now=now)
    tell_promoted(session, entered.lent, now=now)
    tell_left(session, ended, target, now=now)
    tell_promoted(session, ended.promoted, now=now)
    return new


def claim_of(row: Registration) -> Claim:
    """Return the claim of somebody who is moved: it counts for whom it counted."""
    counted = frozenset({row.counts_for_id} if row.counts_for_id else ())
    return Claim(
        person_id=row.person_id or 0,
        name=row.name,
        address=row.address,
        organisation_id=row.organisation_id,
        memberships=counted,
        home=row.counts_for_id,
        is_proved=True,
        others=tuple(one.name for one in row.companions),
        source=Source.ORGANISER,
    )


def tell_left(session: Session, ended: Ended, target: Opening, *, now: datetime) -> None:
    """Let calendars be told of events that somebody had a place at and has none any more; else one letter is enough."""
    left = {seat.event_id for seat in ended.registration.seats} - {event.id for event in target.events}
    if ended.held_place and left:
        tell_ended(session, ended.registration, held_place=True, now=now)


def note(session: Session, row: Registration, target: Opening, *, actor: Actor, now: datetime) -> None:
    """Write into the trail who was moved, and where to."""
    audit.record(
        session,
        person_id=actor.person_id,
        verb="moved to another opening",
        subject=("registration", row.id),
        now=now,
        organisation_id=row.opening.lead_organisation_id,
        after={"to": target.title},
    )
