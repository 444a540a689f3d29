"""The table of spreadsheets that wait to be confirmed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from programme.core.database import Base, Key, Line
from programme.strands.cohorts.models.awards import Cohort


class CohortSheet(Base):
    """A spreadsheet of a cohort between its preview and the confirmation: its rows as texts, not the file itself.

    `rows` are {"line": number, "cells": {field: text}}; `not_read` are headings that mean nothing here.
    """

    __tablename__ = "cohort_sheet"

    id: Mapped[Key]
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    filename: Mapped[Line]
    rows: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    not_read: Mapped[list[str]] = mapped_column(JSON, default=list)
    uploaded_at: Mapped[datetime]
    cohort: Mapped[Cohort] = relationship()
