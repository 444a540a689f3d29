"""Letters about an offered place that was not taken: it lapsed, or was let go. That it is offered is told elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.flows.notices.places.registrations import LET_GO, OFFER_LAPSED, OWN, send

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.registration.models import Registration


def tell_lapsed(session: Session, registration: Registration, *, now: datetime) -> None:
    """Queue the letter that an offer ran out."""
    send(session, registration, OFFER_LAPSED, key="", now=now)


def tell_let_go(session: Session, registration: Registration, *, now: datetime) -> None:
    """Queue the letter that confirms that somebody let the place go, as they did a moment ago."""
    send(session, registration, LET_GO, key="", now=now, context={OWN: True})
