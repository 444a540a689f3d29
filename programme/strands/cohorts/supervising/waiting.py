"""What waits for a supervisor who leaves: signatures asked of them in the record, and keys given to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.core.web.words import join_words, plural
from programme.strands.cohorts.models import Signature
from programme.strands.cohorts.states import SignatureState
from programme.strands.cohorts.supervising.queries import keys_waiting

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from programme.strands.cohorts.models import Candidature
    from programme.strands.cohorts.signing.ports import SignedThings


def waiting_words(session: Session, row: Candidature, person_id: int, *, things: SignedThings) -> str:
    """Say what waits for somebody, also after they left: it has to be asked of somebody else. Empty where nothing."""
    own = select(Signature).where(Signature.candidature_id == row.id, Signature.person_id == person_id)
    asked = session.scalars(own.where(Signature.state == SignatureState.ASKED).order_by(Signature.id)).all()
    titles = [
        it.title
        for one in asked
        if one.subject_kind in things
        for it in things[one.subject_kind].described(session, [one.subject_id]).values()
    ]
    keys = len(keys_waiting(session, row.cohort.award, person_id))
    return join_words([*titles, *([plural(keys, "key")] if keys else [])])
