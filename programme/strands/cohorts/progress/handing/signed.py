"""A milestone as a thing that is signed: what its signers are told, and what follows from their answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from programme.core.transitions import move
from programme.engines.documents.queries import documents_of
from programme.strands.cohorts.milestones.moves import plain_day
from programme.strands.cohorts.models import Candidature, Milestone
from programme.strands.cohorts.progress.handing.signing import go_on
from programme.strands.cohorts.rights import MILESTONE
from programme.strands.cohorts.signing.ports import Described
from programme.strands.cohorts.states import MILESTONE_MOVES, UNREACHED, MilestoneState, SignatureState

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor
    from programme.strands.cohorts.models import Signature
    from programme.strands.cohorts.signing.ports import Facts


class MilestoneSigned:
    """What signing asks of milestones."""

    kind = MILESTONE

    def described(self, session: Session, ids: Collection[int]) -> Mapping[int, Described]:
        """Return what milestones are called, whose they are, when they are due, and what was handed in."""
        loaded = (joinedload(Milestone.rule), joinedload(Milestone.candidature).joinedload(Candidature.person))
        rows = session.scalars(select(Milestone).where(Milestone.id.in_(ids)).options(*loaded))
        files = {one.subject_id: one.name for one in documents_of(session, MILESTONE, ids)}
        return {row.id: described(row, file=files.get(row.id, "")) for row in rows}

    def facts(self, session: Session, ids: Collection[int]) -> Mapping[int, Facts]:
        """Return what whoever signs has to know."""
        record = joinedload(Milestone.candidature)
        loaded = (record.joinedload(Candidature.person), record.joinedload(Candidature.home))
        wanted = select(Milestone).where(Milestone.id.in_(ids)).options(joinedload(Milestone.rule), *loaded)
        rows = session.scalars(wanted)
        return {row.id: facts(row) for row in rows}

    def on_answered(self, session: Session, signature: Signature, *, actor: Actor, now: datetime) -> None:
        """Ask the next one, or let it be done; a refusal sends it back, with its reason for a comment.

        Whoever sent it back and agrees after all takes that back: it goes on from there.
        """
        del actor
        milestone = session.get(Milestone, signature.subject_id, populate_existing=True)
        if milestone is None or milestone.state not in UNREACHED:
            return
        agrees = signature.state is SignatureState.AGREED
        target = MilestoneState.HANDED_IN if agrees else MilestoneState.OPEN
        if milestone.state is not target:
            move(milestone, target, moves=MILESTONE_MOVES)
        milestone.changed_at = now
        if agrees:
            go_on(session, milestone.candidature, milestone, now=now)
        session.flush()


def facts(row: Milestone) -> Facts:
    """Return what is to be known of one milestone."""
    record = row.candidature
    return [
        ("Researcher", record.researcher),
        ("Registered at", ", ".join(part for part in (record.home.name, record.department) if part)),
        ("Form", row.rule.form),
        ("Due", plain_day(row.due_on) if row.due_on else "The dates of its term are not known yet"),
        ("Their words", row.words),
    ]


def described(row: Milestone, *, file: str) -> Described:
    """Return what one milestone is called."""
    record = row.candidature
    title = f"{row.rule.title} {row.occurrence}" if row.occurrence else row.rule.title
    settled = "Everybody has signed: it is done." if row.state is MilestoneState.DONE else ""
    page = f"/records/{record.id}/milestones/{row.id}"
    return Described(title, record.researcher, page, row.due_on, file, settled)


MILESTONE_SIGNED = MilestoneSigned()
