"""The demonstration's door: at one event people without a place are let in, and those who came are asked how it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.demo.chapters.reminding import METHODS_DAY
from programme.engines.registration.door.actions import settle
from programme.engines.registration.models import Opening
from programme.flows.door.asking_how_it_was import begin_asking

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session


def open_the_door(session: Session, *, now: datetime) -> None:
    """An organiser prepares the door of the day with the accelerator."""
    opening = session.scalars(select(Opening).where(Opening.title == METHODS_DAY)).one()
    settle(session, opening.id, takes_walk_ins=True)
    begin_asking(session, opening, now=now)
