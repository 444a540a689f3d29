"""Named reads of drafts."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import joinedload

from programme.engines.registration.drafts.models import Draft
from programme.engines.registration.keeping.namelessness import over
from programme.engines.registration.models import Opening, Registration
from programme.engines.registration.states import LIVE, OpeningState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

KEPT_AFTER_CLOSING = timedelta(days=14)
KEPT_WITHOUT_CLOSING = timedelta(days=90)
"""Of an opening that has no end, since it was saved last."""
BEFORE_CLOSING = timedelta(days=3)
JUST_SAVED = timedelta(hours=12)
"""Whoever saved it so lately needs no letter."""


def draft_of(session: Session, opening_id: int, person_id: int | None) -> Draft | None:
    """Return the draft that somebody signed in saved last for an opening."""
    if person_id is None:
        return None
    own = select(Draft).where(Draft.opening_id == opening_id, Draft.person_id == person_id)
    return session.scalars(own.order_by(Draft.saved_at.desc(), Draft.id.desc())).first()


def drafts_of(session: Session, person_id: int) -> Sequence[Draft]:
    """Return the drafts of somebody, the last saved first."""
    own = select(Draft).where(Draft.person_id == person_id).options(joinedload(Draft.opening))
    return session.scalars(own.order_by(Draft.saved_at.desc(), Draft.id.desc())).all()


def draft_with_opening(session: Session, draft_id: int) -> Draft | None:
    """Return a draft with what its letters tell."""
    wanted = select(Draft).where(Draft.id == draft_id)
    return session.scalar(
        wanted.options(
            joinedload(Draft.opening).options(joinedload(Opening.lead_organisation), joinedload(Opening.events))
        )
    )


def to_remind(now: datetime, *, limit: int) -> Select[Draft]:
    """Return the drafts whose opening closes soon, of which nobody was reminded, the first to close first."""
    unreminded = or_(Draft.reminded_of.is_(None), Draft.reminded_of != Opening.closes_at)
    return (
        select(Draft)
        .join(Opening, Opening.id == Draft.opening_id)
        .where(
            Opening.state == OpeningState.OPEN,
            Opening.closes_at > now,
            Opening.closes_at <= now + BEFORE_CLOSING,
            Draft.saved_at <= now - JUST_SAVED,
            unreminded,
            ~exists().where(
                Registration.opening_id == Draft.opening_id,
                Registration.person_id == Draft.person_id,
                Registration.state.in_(LIVE),
            ),
        )
        .order_by(Opening.closes_at, Draft.id)
        .limit(limit)
    )


def served_their_time(now: datetime, *, limit: int) -> Select[Draft]:
    """Return the drafts of what closed or was over long enough ago, and those that nobody touched for long."""
    over_by_now = Opening.id.in_(over(before=now - KEPT_AFTER_CLOSING))
    closed = Opening.closes_at < now - KEPT_AFTER_CLOSING
    endless = and_(Opening.closes_at.is_(None), Draft.saved_at < now - KEPT_WITHOUT_CLOSING)
    return (
        select(Draft)
        .join(Opening, Opening.id == Draft.opening_id)
        .where(or_(closed, over_by_now, endless))
        .order_by(Draft.id)
        .limit(limit)
    )
