"""From the token in an address to the invitation that it opens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app, request

from programme.core.tokens import id_in
from programme.engines.registration.eligibility.links import opens
from programme.engines.registration.eligibility.models import Invitation
from programme.extensions import database_session

if TYPE_CHECKING:
    from programme.engines.registration.links import Links

PARAMETER = "invitation"


def invitation_of(token: str) -> Invitation | None:
    """Return the invitation that a token opens; an invented one opens nothing."""
    links: Links = current_app.extensions["links"]
    row_id = id_in(token)
    row = database_session().get(Invitation, row_id) if row_id else None
    return row if row is not None and opens(links, token, row) else None


def invitation_here(opening_id: int) -> Invitation | None:
    """Return the invitation to an opening by whose link its form was reached, if any."""
    token = request.args.get(PARAMETER, "")
    row = invitation_of(token) if token else None
    return row if row is not None and row.opening_id == opening_id else None


def token_here(opening_id: int) -> str | None:
    """Return the token by which an opening's form was reached, so that it stays in the form's address."""
    return request.args[PARAMETER] if invitation_here(opening_id) else None
