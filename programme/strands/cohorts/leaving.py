"""What goes with the name of a record: words that tell of one person, letters about it, and in the end who signed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, delete, or_, select, update

from programme.engines.mail.keeping.plugs import forget_letters
from programme.engines.mail.models import OutboxMessage
from programme.people.keeping.ports import AT_ONCE
from programme.strands.cohorts.models import Candidature, Destination, Signature, Supervision
from programme.strands.cohorts.rights import CANDIDATURE
from programme.strands.cohorts.signing.telling import SIGNATURE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

SILENT = {"synchronize_session": False}


def let_go(session: Session, ids: Sequence[int]) -> None:
    """Take out of some records whose they are: the title of a project is as good as a name, as theses are public.

    Where and when somebody was registered, in which department, and which milestones they reached stays to be counted.
    """
    if not ids:
        return
    of_these = Signature.candidature_id.in_(ids)
    forget_letters_about(session, SIGNATURE, select(Signature.id).where(of_these))
    forget_letters_about(session, CANDIDATURE, select(Candidature.id).where(Candidature.id.in_(ids)))
    session.execute(update(Signature).where(of_these).values(reason=""), execution_options=SILENT)
    session.execute(delete(Destination).where(Destination.candidature_id.in_(ids)), execution_options=SILENT)
    nameless = {"person_id": None, "approver_id": None, "project": "", "college": "", "has_sponsored_visa": False}
    session.execute(update(Candidature).where(Candidature.id.in_(ids)).values(nameless), execution_options=SILENT)


def forget_signed(session: Session, person_id: int) -> None:
    """Let go what somebody signed or was asked for in the records of others, and the letters about it."""
    own = Signature.person_id == person_id
    forget_letters_about(session, SIGNATURE, select(Signature.id).where(own))
    session.execute(delete(Signature).where(own), execution_options=SILENT)
    asked = update(Signature).where(Signature.asked_by_id == person_id).values(asked_by_id=None)
    session.execute(asked, execution_options=SILENT)
    session.execute(delete(Supervision).where(Supervision.person_id == person_id), execution_options=SILENT)


def forget_letters_about(session: Session, kind: str, ids: Select[int]) -> None:
    """Delete letters about things of a kind, whoever got them."""
    forget_letters(session, and_(OutboxMessage.subject_kind == kind, OutboxMessage.subject_id.in_(ids)))


def let_old_go(session: Session, over: Select[int]) -> int:
    """Let records of cohorts that are `over` name nobody any more, neither whose they are nor who signed."""
    supervised = select(Supervision.candidature_id)
    signed = select(Signature.candidature_id)
    named = or_(Candidature.person_id.is_not(None), Candidature.id.in_(supervised), Candidature.id.in_(signed))
    old = select(Candidature.id).where(Candidature.cohort_id.in_(over), named).order_by(Candidature.id)
    ids = session.scalars(old.limit(AT_ONCE)).all()
    let_go(session, ids)
    for table in (Signature, Supervision):
        session.execute(delete(table).where(table.candidature_id.in_(ids)), execution_options=SILENT)
    return len(ids)
