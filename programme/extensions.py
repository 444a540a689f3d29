"""Extension objects, made once and bound by the factory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_sqlalchemy import SQLAlchemy

from programme.core.database import Base

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

db = SQLAlchemy(metadata=Base.metadata, session_options={"expire_on_commit": False})


def database_session() -> Session:
    """Return this request's (or application context's) session: for edges only; below, it is passed."""
    return db.session()
