"""Whether somebody is still what they sign as: a supervision may have ended since the letter went."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, exists, or_, select

from programme.strands.cohorts.models import Candidature, Signature, Supervision
from programme.strands.cohorts.rights import lasts
from programme.strands.cohorts.states import SignatureState, Signer

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

SUPERVISORS = (Signer.SUPERVISOR, Signer.PARTNER_SUPERVISOR, Signer.COLLEGE)
"""Whoever signs for a college is entered among the supervisors, too."""


def stands(today: date) -> ColumnElement[bool]:
    """Whether the person of a signature is what they sign as; a supervision that has yet to begin counts."""
    own = exists().where(Candidature.id == Signature.candidature_id)
    supervises = exists().where(
        Supervision.candidature_id == Signature.candidature_id,
        Supervision.person_id == Signature.person_id,
        lasts(today),
    )
    return or_(
        Signature.signer == Signer.ORGANISER,
        and_(Signature.signer.in_(SUPERVISORS), supervises),
        and_(Signature.signer == Signer.RESEARCHER, own.where(Candidature.person_id == Signature.person_id)),
        and_(Signature.signer == Signer.DEPARTMENT, own.where(Candidature.approver_id == Signature.person_id)),
    )


def standing(session: Session, ids: Collection[int], *, today: date) -> set[int]:
    """Return which of these signatures are of somebody who may still sign, in one statement."""
    found = select(Signature.id).where(Signature.id.in_(ids), stands(today))
    return set(session.scalars(found)) if ids else set()


def waits(today: date) -> ColumnElement[bool]:
    """Whether a signature is asked for, of somebody who may still sign."""
    return and_(Signature.state == SignatureState.ASKED, stands(today))
