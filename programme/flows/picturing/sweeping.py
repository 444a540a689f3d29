"""Sweeping pictures away: those taken off long enough, and those that no event shows any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete

from programme.engines.calendar.pictures.actions import AT_ONCE, forget_former
from programme.engines.calendar.pictures.models import Picture
from programme.engines.calendar.pictures.queries import shown_by_none
from programme.engines.documents.actions import forget_all
from programme.flows.picturing.taking import PICTURE

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session


def forget_unshown(session: Session, *, now: datetime) -> int:
    """Forget pictures that no event shows, nor may show again; their bytes are wiped with the next sweep."""
    forget_former(session, now=now)
    gone = shown_by_none(session, most=AT_ONCE)
    forget_all(session, PICTURE, gone, now=now)
    session.execute(delete(Picture).where(Picture.id.in_(gone)), execution_options={"synchronize_session": False})
    return len(gone)
