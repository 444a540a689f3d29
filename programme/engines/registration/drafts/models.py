"""A form that somebody began and did not send yet."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from programme.core.database import Base, Key, Line
from programme.engines.registration.models import Opening


class Draft(Base):
    """What somebody typed into an opening's form so far, right or wrong: it holds no place, and no organiser sees it.

    `texts` are what the browser sent, by field. `asked_as` tells whether the form still asks the same. `revision`
    rises with every save: a window that shows an older one is told. `person_id` is whoever was signed in under the
    address. `reminded_of` is the closing of which they were reminded. The link is reckoned from `id`
    and `link_version`, which is random: the number of a draft that is gone may be another's. `texts` also holds the
    invitation that it was begun by, as long as its address is the invitation's (see `INVITATION`).
    """

    __tablename__ = "draft"

    id: Mapped[Key]
    opening_id: Mapped[int] = mapped_column(ForeignKey("opening.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    name: Mapped[Line] = mapped_column(default="")
    address: Mapped[str] = mapped_column(String(254))
    address_key: Mapped[str] = mapped_column(String(254), index=True)
    texts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    asked_as: Mapped[str] = mapped_column(String(64), default="")
    revision: Mapped[int] = mapped_column(default=1)
    link_version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    saved_at: Mapped[datetime] = mapped_column(index=True)
    reminded_of: Mapped[datetime | None]
    opening: Mapped[Opening] = relationship()
