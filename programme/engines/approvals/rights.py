"""Who may turn a key: organisers of its organisation with the right to decide, or the person it was delegated to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, false, or_, select, true

from programme.engines.approvals.models import Approval, ApprovalKey, SignOffLink
from programme.people.models import Person, RoleGrant
from programme.people.permissions import TABLE, Scope, Standing, Verb, may
from programme.people.states import Role, Strand

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Select, SQLColumnExpression
    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor


def may_turn(actor: Actor, key: ApprovalKey, scope: Scope) -> bool:
    """Whether somebody may turn a key of a thing of `scope`: one who organises elsewhere has no business with it."""
    if actor.is_signed_in and actor.person_id == key.delegate_id:
        return True
    return holds(actor, key, scope)


def holds(actor: Actor, key: ApprovalKey, scope: Scope) -> bool:
    """Whether somebody organises for the organisation of a key, which still shares the thing."""
    own = key.organisation_id
    if own not in {scope.lead, *scope.co_owners}:
        return False
    return may(actor, Verb.DECIDE, Scope(lead=own, strand=scope.strand, subject=scope.subject))


def organisers_of(organisation_id: int, strand: Strand | None) -> Select[Person]:
    """Return the people who organise for an organisation in a strand, in the order of their names."""
    within = true() if strand is None else or_(RoleGrant.strand.is_(None), RoleGrant.strand == strand)
    granted = select(RoleGrant.person_id).where(organises_for(organisation_id), within)
    return select(Person).where(Person.id.in_(granted)).order_by(Person.name, Person.id)


def organises_for(organisation: int | SQLColumnExpression[int]) -> ColumnElement[bool]:
    """Whether a role is one of organising for an organisation."""
    return and_(RoleGrant.role == Role.ORGANISER, RoleGrant.organisation_id == organisation)


def still_organises(person: SQLColumnExpression[int], organisation: SQLColumnExpression[int]) -> ColumnElement[bool]:
    """Whether somebody is among the organisers of an organisation (see above) in the strand of an approval."""
    within = or_(Approval.strand.is_(None), RoleGrant.strand.is_(None), RoleGrant.strand == Approval.strand)
    return select(RoleGrant.id).where(RoleGrant.person_id == person, organises_for(organisation), within).exists()


def still_holds(session: Session, link: SignOffLink) -> bool:
    """Whether whom a link was made for holds its key still: the key was given to them, or they organise as they did.

    A link needs no account, so this is asked each time it is used: a role may have ended since the letter went.
    """
    return session.scalar(links_held().where(SignOffLink.id == link.id)) is not None


def links_held() -> Select[str]:
    """Select the links, by the hash of their secret, whose person holds the key still."""
    organises = still_organises(SignOffLink.person_id, ApprovalKey.organisation_id)
    held = or_(ApprovalKey.delegate_id == SignOffLink.person_id, organises)
    joined = select(SignOffLink.token_hash).join(ApprovalKey, ApprovalKey.id == SignOffLink.key_id)
    return joined.join(Approval, Approval.id == ApprovalKey.approval_id).where(held)


def turned_by(actor: Actor) -> ColumnElement[bool]:
    """Whether a key is one that somebody may turn, by the one permission table; joined with its approval."""
    own = or_(false(), *(turned_under(grant.organisation, grant.strand) for grant in actor.grants if organises(grant)))
    return or_(own, ApprovalKey.delegate_id == actor.person_id) if actor.is_signed_in else false()


def organises(grant: object) -> bool:
    """Whether a grant lets its holder decide for an organisation."""
    is_organiser = getattr(grant, "role", None) is Role.ORGANISER and getattr(grant, "organisation", None) is not None
    return is_organiser and Verb.DECIDE in TABLE[Standing.CO_OWNER]


def turned_under(organisation_id: int | None, strand: Strand | None) -> ColumnElement[bool]:
    """Return the keys that one grant reaches."""
    within = true() if strand is None else Approval.strand == strand
    return and_(ApprovalKey.organisation_id == organisation_id, within)
