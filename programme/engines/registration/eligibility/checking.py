"""May somebody register: asked under the opening's lock by what is so now, as who belongs where may have changed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from programme.core.refusal import Refusal
from programme.core.transitions import move
from programme.engines.registration import terms
from programme.engines.registration.eligibility.models import Invitation, ListedAddress
from programme.engines.registration.states import INVITATION_MOVES, Eligibility, InvitationState
from programme.people.affiliations import address_key, organisation_id_of_address
from programme.people.groups.models import GroupMember
from programme.people.models import Affiliation, Basis

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from programme.engines.registration.actions import Claim
    from programme.engines.registration.models import Opening
    from programme.engines.registration.terms import Terms

NONE = 0
"""The id of no invitation."""
NO_INVITATION = "This invitation is not there any more. Ask the organisers for another one."
REVOKED = "The organisers have taken this invitation back. If you think that is a mistake, ask them."
LOCKED = (
    "This invitation is for {0}, and works for no other address. Use that one, or ask for an invitation of your own."
)


class NotListedError(Refusal):
    """Somebody is not of the group, not on the list or not invited, who showed not that the address is theirs.

    Whoever types an address of others is not to learn that: it is told by mail alone, and the page says what it says to
    everybody.
    """


def as_of_now(session: Session, opening: Opening, claim: Claim) -> Claim:
    """Return a claim with those memberships alone that are still so; where it matters, and nowhere else."""
    if opening.eligibility is not Eligibility.MEMBERS or not claim.memberships:
        return claim
    proved = select(Affiliation.organisation_id).where(
        Affiliation.person_id == claim.person_id, Affiliation.basis == Basis.PROVED
    )
    shown = {*session.scalars(proved), organisation_id_of_address(session, claim.address)}
    return replace(claim, memberships=frozenset(claim.memberships & shown))


def reason_against(
    session: Session, opening: Opening, facts: Terms, claim: Claim, *, now: datetime
) -> tuple[str, str | None] | None:
    """Return why a claim may not be made, and the form's field it belongs to; None where it may."""
    memberships = as_of_now(session, opening, claim).memberships
    return terms.reason_against(facts, memberships, now, is_listed=is_listed(session, opening, claim))


def refuse_openly(
    session: Session, opening: Opening, facts: Terms, claim: Claim, *, now: datetime
) -> NotListedError | None:
    """Refuse a claim that may not be made; what only its address may know is returned, to be raised last.

    Everything else is asked first, as of whoever is listed, so that no other refusal tells the two apart.
    """
    against = reason_against(session, opening, facts, claim, now=now)
    if against is None:
        return None
    sentence, field = against
    if field == "email" and opening.eligibility in terms.UNLISTED and not claim.is_proved:
        return NotListedError(sentence, field=field)
    raise Refusal(sentence, field=field)


def is_listed(session: Session, opening: Opening, claim: Claim) -> bool:
    """Whether somebody is of the group, on the list, or invited, where an opening asks for it."""
    statement = listing(opening, claim)
    return statement is not None and session.scalar(statement.limit(1)) is not None


def listing(opening: Opening, claim: Claim) -> Select[int] | Select[str] | None:
    """Return the statement that finds somebody; None where an opening does not ask for it."""
    if opening.eligibility is Eligibility.GROUP:
        group = GroupMember.group_id == opening.eligible_group_id
        return select(GroupMember.id).where(group, GroupMember.person_id == claim.person_id)
    if opening.eligibility is Eligibility.ADDRESSES:
        listed = ListedAddress.address_key == address_key(claim.address)
        return select(ListedAddress.address_key).where(ListedAddress.opening_id == opening.id, listed)
    if opening.eligibility is Eligibility.INVITED:
        theirs = Invitation.address_key == address_key(claim.address)
        stands = Invitation.state != InvitationState.REVOKED
        return select(Invitation.id).where(Invitation.opening_id == opening.id, theirs, stands)
    return None


def invited(session: Session, opening: Opening, claim: Claim, invitation_id: int) -> Claim:
    """Return the claim of somebody who came by the link of an invitation, which shows that they read its address' mail.

    Refusal where the invitation is of another address, or does not stand any more; asked under the opening's lock.
    """
    row = session.get(Invitation, invitation_id, populate_existing=True)
    if row is None or row.opening_id != opening.id:
        raise Refusal(NO_INVITATION)
    if row.address_key != address_key(claim.address):
        raise Refusal(LOCKED.format(row.address), field="email")
    if row.state is InvitationState.REVOKED:
        raise Refusal(REVOKED)
    return replace(claim, is_proved=True)


def note_answer(session: Session, opening: Opening, address: str, *, now: datetime) -> None:
    """Note that an invitation is answered, if there is one of the address that was silent.

    Where there is none as much is done: whoever times it is not to learn which addresses are invited.
    """
    theirs = select(Invitation).where(
        Invitation.opening_id == opening.id, Invitation.address_key == address_key(address)
    )
    row = session.scalar(theirs.execution_options(populate_existing=True))
    if row is not None and row.state is InvitationState.SILENT:
        move(row, InvitationState.ANSWERED, moves=INVITATION_MOVES)
        row.answered_at = now
        session.flush()
    else:
        session.execute(update(Invitation).where(Invitation.id == NONE).values(answered_at=now))
