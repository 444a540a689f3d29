"""From the id in an address to a letter to many and its scope; None where there is no such thing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.engines.mail.written.models import Broadcast
from programme.extensions import database_session
from programme.flows.broadcasting.audiences import scope_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from programme.people.permissions import Scope

HERE = "/organise/broadcasts"


def of_broadcast(session: Session, broadcast_id: int) -> Scope | None:
    """Return the scope of a broadcast: its organisation's, in its strand."""
    row = session.get(Broadcast, broadcast_id)
    return scope_of(row) if row else None


def address_of(broadcast_id: int) -> str:
    """Return the address of a broadcast's page."""
    return f"{HERE}/{broadcast_id}"


def broadcast_here(broadcast_id: int) -> Broadcast:
    """Return the broadcast of the address; its guard has seen that it is there."""
    return database_session().get_one(Broadcast, broadcast_id)
