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
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor
    from programme.strands.cohorts.models import Signature
    from programme.strands.cohorts.signing.ports import Facts

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

    def facts(self, session: Session, ids: Collection[int]) -> Mapping[int, Facts]:
        """Return whom it is about, and who is to supervise for which university."""
        names = (Candidature.person, Candidature.home, Candidature.partner)
        wanted = select(Candidature).where(Candidature.id.in_(ids)).options(*(joinedload(name) for name in names))
        supervisors = select(Supervision).where(Supervision.candidature_id.in_(ids)).order_by(Supervision.id)
        loaded = supervisors.options(joinedload(Supervision.person), joinedload(Supervision.organisation))
        people = session.scalars(loaded).all()
        rows = session.scalars(wanted)
        return {row.id: facts(row, [one for one in people if one.candidature_id == row.id]) for row in rows}

    def on_answered(self, session: Session, signature: Signature, *, actor: Actor, now: datetime) -> None:
        """Do nothing: whether a candidature is joint is read from its signatures."""


def facts(row: Candidature, people: Iterable[Supervision]) -> Facts:
    """Return what is to be known of one agreement."""
    return [
        ("Researcher", row.researcher),
        ("Registered at", ", ".join(part for part in (row.home.name, row.department) if part)),
        ("Partner", row.partner.name if row.partner else ""),
        ("Project", row.project),
        *[(ROLES[one.role], told(one)) for one in people],
    ]


def told(one: Supervision) -> str:
    """Say who supervises, for whom, how much and how long."""
    until = f" until {said(one.ends_on)}" if one.ends_on else ""
    share = f"{one.share} %, " if one.share else ""
    return f"{one.person.name or one.person.address}, {one.organisation.name}, {share}from {said(one.begins_on)}{until}"


SUPERVISION_AGREEMENT = AgreementSigned()
