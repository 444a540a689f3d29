"""The joint supervision agreement as a thing that is signed: one of each candidature, known by its id."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from programme.people.models import Person
from programme.strands.cohorts.models import Candidature, Supervision
from programme.strands.cohorts.models.candidatures import ERASED
from programme.strands.cohorts.signing.ports import Described
from programme.strands.cohorts.supervising.rule import said
from programme.strands.cohorts.supervising.words import ROLES

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor
    from programme.strands.cohorts.models import Signature

AGREEMENT = "supervision_agreement"
TITLE = "Joint supervision agreement"


class AgreementSigned:
    """What signing asks of agreements. That a candidature is joint is reckoned, so nothing follows from an answer."""

    kind = AGREEMENT

    def described(self, session: Session, ids: Collection[int]) -> Mapping[int, Described]:
        """Return whose agreements these are."""
        found = select(Candidature.id, Person.name).outerjoin(Person, Person.id == Candidature.person_id)
        rows = session.execute(found.where(Candidature.id.in_(ids)))
        return {row.id: Described(TITLE, row.name or ERASED, f"/records/{row.id}/supervision") for row in rows}

    def facts(self, session: Session, subject_id: int) -> Sequence[tuple[str, str]]:
        """Return whom it is about, and who is to supervise for which university."""
        row = session.get_one(Candidature, subject_id)
        supervisors = select(Supervision).where(Supervision.candidature_id == row.id).order_by(Supervision.id)
        loaded = supervisors.options(joinedload(Supervision.person), joinedload(Supervision.organisation))
        return [
            ("What is agreed", "Who supervises at each university, for which share, and from when."),
            ("Researcher", row.researcher),
            ("Registered at", ", ".join(part for part in (row.home.name, row.department) if part)),
            ("Partner", row.partner.name if row.partner else ""),
            ("Project", row.project),
            *[(ROLES[one.role], told(one)) for one in session.scalars(loaded)],
        ]

    def on_answered(self, session: Session, signature: Signature, *, actor: Actor, now: datetime) -> None:
        """Do nothing: whether a candidature is joint is read from its signatures."""


def told(one: Supervision) -> str:
    """Say who supervises, for whom, how much and how long."""
    until = f" until {said(one.ends_on)}" if one.ends_on else ""
    share = f"{one.share} %, " if one.share else ""
    return f"{one.person.name or one.person.address}, {one.organisation.name}, {share}from {said(one.begins_on)}{until}"


SUPERVISION_AGREEMENT = AgreementSigned()
