"""Whether the programme lives and is ready: for load balancers and monitors."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, g, jsonify
from sqlalchemy.exc import SQLAlchemyError

from programme.config import ROOT
from programme.core.schema import revisions
from programme.engines.mail.queries import late_ticks
from programme.extensions import database_session
from programme.people.guards import public

blueprint = Blueprint("health", __name__, url_prefix="/health")


@blueprint.get("/live")
@public
def live() -> Any:
    """Answer as long as the process does."""
    return jsonify(status="live")


@blueprint.get("/ready")
@public
def ready() -> Any:
    """Answer 200 when the database is reachable and its schema current, else 503 with the reason."""
    try:
        found = revisions.status(database_session().connection(), ROOT / "migrations")
    except SQLAlchemyError as error:
        current_app.logger.warning("not ready: %s", error)
        return jsonify(status="unready", reason="the database does not answer"), 503
    if not found.is_current:
        return jsonify(status="unready", reason="the schema is not current: run `programme migrate up`"), 503
    return jsonify(status="ready", schema=found.current)


@blueprint.get("/scheduler")
@public
def scheduler() -> Any:
    """Answer 200 while every tick of the clock beats, else 503 with those that missed three beats and why.

    Not part of being ready: late mail must not take healthy web workers out.
    """
    late = late_ticks(database_session(), now=g.now)
    return (jsonify(status="late", ticks=late), 503) if late else jsonify(status="beating")
