"""A supervision meeting as a thing that is signed: by each supervisor who was there, any of whom makes it count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from programme.core.transitions import move
from programme.core.web.words import join_words
from programme.people.models import Person
from programme.strands.cohorts.models import Candidature, Signature, SupervisionMeeting
from programme.strands.cohorts.models.candidatures import ERASED
from programme.strands.cohorts.signing.ports import Described
from programme.strands.cohorts.signing.queries import under
from programme.strands.cohorts.states import MEETING_MOVES, MeetingState, SignatureState
from programme.strands.cohorts.supervising.rule import said

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor
    from programme.strands.cohorts.signing.ports import Facts

MEETING = "supervision_meeting"


class MeetingSigned:
    """What signing asks of meetings."""

    kind = MEETING

    def described(self, session: Session, ids: Collection[int]) -> Mapping[int, Described]:
        """Return when these meetings were, and whose."""
        found = select(SupervisionMeeting.id, SupervisionMeeting.met_on, Candidature.id.label("record"), Person.name)
        joined = found.join(Candidature, Candidature.id == SupervisionMeeting.candidature_id)
        named = joined.outerjoin(Person, Person.id == Candidature.person_id).where(SupervisionMeeting.id.in_(ids))
        return {row.id: described(row) for row in session.execute(named)}

    def facts(self, session: Session, ids: Collection[int]) -> Mapping[int, Facts]:
        """Return who met when, and what the researcher says was agreed."""
        record = joinedload(SupervisionMeeting.candidature).joinedload(Candidature.person)
        wanted = select(SupervisionMeeting).where(SupervisionMeeting.id.in_(ids)).options(record)
        asked = under(session, MEETING, ids)
        return {row.id: facts(row, asked[row.id]) for row in session.scalars(wanted)}

    def on_answered(self, session: Session, signature: Signature, *, actor: Actor, now: datetime) -> None:
        """Let a meeting count once somebody who was there agrees; a refusal beside that changes nothing."""
        del actor
        wanted = select(SupervisionMeeting).where(SupervisionMeeting.id == signature.subject_id)
        row = session.scalars(wanted.execution_options(populate_existing=True)).one()
        says = MeetingState.AGREED if signature.state is SignatureState.AGREED else MeetingState.REFUSED
        if row.state not in {says, MeetingState.AGREED}:
            move(row, says, moves=MEETING_MOVES)
            row.changed_at = now


def facts(row: SupervisionMeeting, asked: Iterable[Signature]) -> Facts:
    """Return what is to be known of one meeting; `asked` are those who were there."""
    return [
        ("Researcher", row.candidature.researcher),
        ("Met on", said(row.met_on)),
        ("With", join_words([one.person.name or one.person.address for one in asked])),
        ("Agreed", row.words),
    ]


def described(row: object) -> Described:
    """Return what a meeting is called."""
    title = f"Supervision meeting of {said(row.met_on)}"  # type: ignore[attr-defined]
    return Described(title, row.name or ERASED, f"/records/{row.record}/meetings")  # type: ignore[attr-defined]


SUPERVISION_MEETING = MeetingSigned()
