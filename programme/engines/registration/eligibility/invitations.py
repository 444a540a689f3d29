"""Verbs of invitations, each under the opening's lock; none tells anybody. And named reads of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from programme.core.audit import note
from programme.core.refusal import Refusal
from programme.core.transitions import move
from programme.engines.registration.actions import lock
from programme.engines.registration.eligibility.links import new_version
from programme.engines.registration.eligibility.models import Invitation
from programme.engines.registration.models import Opening, Registration
from programme.engines.registration.states import INVITATION_MOVES, LIVE, InvitationState, OpeningState
from programme.people.affiliations import address_key
from programme.people.models import Person
from programme.people.queries import escaped

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.registration.roll.pasted import Pasted
    from programme.people.permissions import Actor

MOST_INVITED = 20_000
MOST_TOLD = 50
S = InvitationState


def invitations(opening_id: int, *, state: InvitationState | None = None, words: str = "") -> Select[Invitation]:
    """Return the invitations of an opening, by name; those in a state, and with every word in name or address."""
    found = select(Invitation).where(Invitation.opening_id == opening_id)
    if state is not None:
        found = found.where(Invitation.state == state)
    for word in words.split()[:8]:
        like = f"%{escaped(word.lower())}%"
        in_name = func.lower(Invitation.name).like(like, escape="\\")
        found = found.where(in_name | Invitation.address_key.like(like, escape="\\"))
    return found.order_by(func.lower(Invitation.name), Invitation.id)


def counts(session: Session, opening_id: int) -> Mapping[InvitationState, int]:
    """Return how many invitations of an opening are in which state."""
    counted = select(Invitation.state, func.count()).where(Invitation.opening_id == opening_id)
    found = dict(session.execute(counted.group_by(Invitation.state)).all())
    return {state: found.get(state, 0) for state in S}


def unanswered(session: Session, person_id: int) -> Sequence[Invitation]:
    """Return the invitations that somebody's address has not answered, with what says whether they still can."""
    found = (
        select(Invitation)
        .join(Person, Person.address_key == Invitation.address_key)
        .join(Opening, Opening.id == Invitation.opening_id)
        .where(Person.id == person_id, Invitation.state == S.SILENT, Opening.state == OpeningState.OPEN)
        .options(joinedload(Invitation.opening).options(selectinload(Opening.events), selectinload(Opening.members_of)))
        .order_by(Invitation.invited_at, Invitation.id)
        .limit(MOST_TOLD)
    )
    return session.scalars(found).all()


def known_keys(session: Session, opening_id: int, keys: Collection[str]) -> Mapping[str, InvitationState]:
    """Return which folded addresses are invited to an opening already, and where their invitations stand."""
    found = select(Invitation.address_key, Invitation.state).where(Invitation.opening_id == opening_id)
    return dict(session.execute(found.where(Invitation.address_key.in_(keys))).all())


def invite(
    session: Session, opening_id: int, people: Iterable[Pasted], *, actor: Actor, now: datetime
) -> list[Invitation]:
    """Invite people who are not yet; whoever was invited before, or whose invitation was revoked, stays as it is.

    Who has registered already has answered.
    """
    opening = lock(session, opening_id)
    wanted = {address_key(one.address): one for one in people}
    known = known_keys(session, opening_id, wanted)
    here = registered(session, opening_id, wanted)
    made = [row_of(opening, key, one, here.get(key), now=now) for key, one in wanted.items() if key not in known]
    if sum(counts(session, opening_id).values()) + len(made) > MOST_INVITED:
        raise Refusal(f"There can be {MOST_INVITED:,} invitations at most.", field="people")
    session.add_all(made)
    session.flush()
    if made:
        note(session, opening, "invited people", actor=actor, now=now, after={"people": len(made)})
    return made


def row_of(opening: Opening, key: str, one: Pasted, answered_at: datetime | None, *, now: datetime) -> Invitation:
    """Return a new invitation; of somebody who has registered already, an answered one."""
    return Invitation(
        opening_id=opening.id,
        opening=opening,
        name=one.name,
        address=one.address,
        address_key=key,
        state=S.ANSWERED if answered_at else S.SILENT,
        answered_at=answered_at,
        link_version=new_version(),
        invited_at=now,
    )


def registered(session: Session, opening_id: int, keys: Collection[str]) -> Mapping[str, datetime]:
    """Return who of some folded addresses has a live registration, and since when."""
    joined = select(Person.address_key, Registration.joined_at).join(Person, Person.id == Registration.person_id)
    live = joined.where(Registration.opening_id == opening_id, Registration.state.in_(LIVE))
    return dict(session.execute(live.where(Person.address_key.in_(keys))).all())


def revoke(session: Session, opening_id: int, ids: Collection[int], *, actor: Actor, now: datetime) -> int:
    """Take invitations back that nobody answered; return how many. A second time changes nothing."""
    rows = silent_or_revoked(session, opening_id, ids, S.SILENT)
    for row in rows:
        move(row, S.REVOKED, moves=INVITATION_MOVES)
        row.revoked_at = now
    told(session, opening_id, "revoked invitations", len(rows), actor=actor, now=now)
    return len(rows)


def renew(session: Session, opening_id: int, ids: Collection[int], *, actor: Actor, now: datetime) -> list[Invitation]:
    """Invite those again whose invitations were revoked, by the link they had."""
    rows = silent_or_revoked(session, opening_id, ids, S.REVOKED)
    for row in rows:
        move(row, S.SILENT, moves=INVITATION_MOVES)
        row.revoked_at, row.invited_at = None, now
    told(session, opening_id, "invited people again", len(rows), actor=actor, now=now)
    return rows


def silent_or_revoked(
    session: Session, opening_id: int, ids: Collection[int], state: InvitationState
) -> list[Invitation]:
    """Lock an opening, and return those of its invitations that are in a state now."""
    lock(session, opening_id)
    meant = select(Invitation).where(Invitation.opening_id == opening_id, Invitation.id.in_(ids))
    rows = session.scalars(meant.where(Invitation.state == state).execution_options(populate_existing=True))
    return list(rows.all())


def told(session: Session, opening_id: int, verb: str, number: int, *, actor: Actor, now: datetime) -> None:
    """Write an act on invitations into the trail of their opening."""
    session.flush()
    if number:
        note(session, session.get_one(Opening, opening_id), verb, actor=actor, now=now, after={"people": number})
