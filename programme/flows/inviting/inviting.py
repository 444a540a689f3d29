"""Inviting people, taking invitations back and inviting again; whoever is invited is told."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.engines.registration.eligibility import invitations as actions
from programme.engines.registration.eligibility.models import Invitation
from programme.engines.registration.models import Opening
from programme.engines.registration.states import InvitationState
from programme.flows.inviting.letters import tell_invited
from programme.people.affiliations import address_key

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.registration.roll.pasted import Pasted
    from programme.people.permissions import Actor

KNOWN = {
    InvitationState.SILENT: "Invited already.",
    InvitationState.ANSWERED: "Invited already, and registered.",
    InvitationState.REVOKED: "The invitation was revoked. Invite this person again from the list.",
}


def judged(session: Session, opening_id: int, lines: Sequence[Pasted]) -> list[Pasted]:
    """Return the lines of a list, with what stands against those who are invited already."""
    keys = {one.number: address_key(one.address) for one in lines if not one.problem}
    known = actions.known_keys(session, opening_id, keys.values())
    return [
        replace(one, problem=KNOWN[known[keys[one.number]]]) if keys.get(one.number) in known else one for one in lines
    ]


def invite_people(
    session: Session, opening_id: int, lines: Sequence[Pasted], *, actor: Actor, now: datetime
) -> list[Invitation]:
    """Invite everybody whose line is right and who is not invited; tells those who have not registered."""
    right = [one for one in lines if not one.problem]
    made = actions.invite(session, opening_id, right, actor=actor, now=now)
    tell_invited(session, session.get_one(Opening, opening_id), made, now=now)
    return made


def invite_again(
    session: Session, opening_id: int, ids: Collection[int], *, actor: Actor, now: datetime
) -> list[Invitation]:
    """Invite those again whose invitations were revoked; tells them."""
    rows = actions.renew(session, opening_id, ids, actor=actor, now=now)
    tell_invited(session, session.get_one(Opening, opening_id), rows, now=now)
    return rows


def tell_waiting(session: Session, opening: Opening, *, now: datetime) -> None:
    """Tell those who were invited while the opening was a draft; whoever was told before is not told twice."""
    silent = select(Invitation).where(Invitation.opening_id == opening.id, Invitation.state == InvitationState.SILENT)
    tell_invited(session, opening, session.scalars(silent.order_by(Invitation.id)).all(), now=now)
