"""What is to be done first on a record that has hardly begun: a sentence each, with the way there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.core.web.words import long_date
from programme.strands.cohorts.models import Supervision, SupervisionMeeting
from programme.strands.cohorts.rights import lasts
from programme.strands.cohorts.states import STUDYING, UNDER_WAY, CandidatureState

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from sqlalchemy.orm import Session

    from programme.strands.cohorts.records.guarding import Record


@dataclass(frozen=True, slots=True)
class First:
    """One thing to be done; `address` is empty where somebody else does it."""

    sentence: str
    address: str = ""
    label: str = ""


def first_things(session: Session, record: Record, *, today: date) -> list[First]:
    """Return what is to be done first by whoever reads a record: nothing once it is settled, or the course is over."""
    if record.candidature.state not in UNDER_WAY:
        return []
    return [*of_supervision(session, record, today=today), *of_course(session, record)]


def of_supervision(session: Session, record: Record, *, today: date) -> Iterator[First]:
    """Say that a partner or a supervisor is to be named."""
    row, home = record.candidature, f"/records/{record.candidature.id}"
    if record.is_run and row.partner_organisation_id is None:
        sentence = "No partner university is named: without one the supervision is not joint."
        yield First(sentence, f"{home}/details", "Name it")
    if is_supervised(session, row.id, today=today):
        return
    if record.is_run:
        yield First("Nobody supervises yet.", f"{home}/supervision/new", "Add a supervisor")
    elif record.is_own:
        yield First("Nobody is entered as your supervisor yet. Whoever runs your cohort names them.")


def of_course(session: Session, record: Record) -> Iterator[First]:
    """Say to a researcher when the course begins, and that a first meeting is to be logged."""
    row = record.candidature
    if not record.is_own:
        return
    if row.state is CandidatureState.ADMITTED:
        yield First(f"Your course begins on {long_date(row.registered_on)}. Look at what is due when, below.")
    logged = select(SupervisionMeeting.id).where(SupervisionMeeting.candidature_id == row.id).limit(1)
    if row.state in STUDYING and session.scalar(logged) is None:
        sentence = "No supervision meeting is logged yet. Log each one: a supervisor who was there agrees."
        yield First(sentence, f"/records/{row.id}/meetings", "Log a meeting")


def is_supervised(session: Session, candidature_id: int, *, today: date) -> bool:
    """Whether somebody supervises a course, or will."""
    found = select(Supervision.id).where(Supervision.candidature_id == candidature_id, lasts(today))
    return session.scalar(found.limit(1)) is not None
