"""Verbs of frameworks: the one that an installation starts with, and another version beside those before."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.config import ROOT
from programme.core import audit
from programme.core.refusal import Refusal
from programme.strands.cohorts.models import TrainingFramework, TrainingSubdomain
from programme.strands.cohorts.training.frameworks.sorting import parts_in

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor

FIRST = "RDF 2010"
SOURCE = "Vitae Researcher Development Framework 2010: four domains, twelve sub-domains."
TABLE = ROOT / "programme" / "strands" / "cohorts" / "data" / "rdf2010.csv"
FRAMEWORK = "training_framework"
FOUNDED_FRAMEWORKS = (TrainingFramework, TrainingSubdomain)
"""Whose rows a new installation has before anybody used it."""
TAKEN = "There is a framework called “{version}” already. Call this one otherwise: what is sorted by that one stays."


def found_framework(session: Session, *, now: datetime) -> bool:
    """Load the framework that an installation starts with; false where there is one."""
    if session.scalar(select(TrainingFramework.id).limit(1)):
        return False
    add(session, FIRST, source=SOURCE, text=TABLE.read_text(encoding="utf-8"), now=now)
    return True


def load(session: Session, *, version: str, source: str, text: str, actor: Actor, now: datetime) -> TrainingFramework:
    """Load another version, by which training is sorted from now on. Refusal where its name is taken, or its table odd.

    `text` is its table, with a head.
    """
    if session.scalar(select(TrainingFramework.id).where(TrainingFramework.version == version)):
        raise Refusal(TAKEN.format(version=version), field="version")
    row = add(session, version, source=source, text=text, now=now)
    audit.record(
        session,
        person_id=actor.person_id,
        verb="loaded a framework",
        subject=(FRAMEWORK, row.id),
        now=now,
        after={"title": version, "parts": len(row.subdomains)},
    )
    return row


def add(session: Session, version: str, *, source: str, text: str, now: datetime) -> TrainingFramework:
    """Add the rows of a framework."""
    parts = [TrainingSubdomain(position=place, **asdict(part)) for place, part in enumerate(parts_in(text))]
    row = TrainingFramework(version=version, source=source, loaded_at=now, subdomains=parts)
    session.add(row)
    session.flush()
    return row
