"""Named reads of how an opening decides."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from programme.engines.registration.deciding.changing import Changing
from programme.engines.registration.deciding.models import DecisionLine, DecisionRound, DecisionTerms, KeyHolder
from programme.engines.registration.deciding.states import DecidedBy
from programme.engines.registration.states import PlacesBy
from programme.people.states import OrganisationKind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from programme.engines.registration.models import Opening
    from programme.people.models import Organisation, Person

PAUSE = timedelta(minutes=10)
"""How long after a decision was undone nobody moves up by themselves."""


def decision_terms(session: Session, opening_id: int) -> DecisionTerms | None:
    """Return the terms of an opening as they are now; None where nobody has set any."""
    return session.scalar(
        select(DecisionTerms).where(DecisionTerms.opening_id == opening_id).execution_options(populate_existing=True)
    )


def keyed_terms(session: Session, opening: Opening) -> DecisionTerms | None:
    """Return the terms of an opening that decides by keys; None for any other."""
    terms = decision_terms(session, opening.id) if opening.places_by is PlacesBy.DECISION else None
    return terms if terms is not None and terms.decided_by is DecidedBy.KEYS else None


def changing_of(terms: DecisionTerms | None) -> Changing:
    """Return what terms say about changing answers."""
    return Changing(terms.answers_change, terms.answers_until, terms.asks_anew) if terms else Changing()


def key_holders(opening: Opening) -> list[Organisation]:
    """Return the organisations that hold a key: the universities among those whose opening it is, in their order."""
    owners = {row.id: row for row in (opening.lead_organisation, *opening.co_owners)}
    universities = [row for row in owners.values() if row.kind is OrganisationKind.UNIVERSITY]
    return sorted(universities, key=lambda row: (row.position, row.id))


def named_holders(session: Session, opening_id: int) -> Mapping[int, Person]:
    """Return who turns the keys of an opening where somebody is named, by the organisation."""
    rows = select(KeyHolder).where(KeyHolder.opening_id == opening_id).options(joinedload(KeyHolder.person))
    return {row.organisation_id: row.person for row in session.scalars(rows)}


def paused_until(session: Session, opening_id: int, *, now: datetime) -> datetime | None:
    """Return until when nobody moves up by themselves, as a decision of an opening was undone; None where it is not so.

    Else the places would go at once to those from whom they were just taken back (decision 0017).
    """
    undone = select(func.max(DecisionRound.undone_at)).where(DecisionRound.opening_id == opening_id)
    last = session.scalar(undone)
    return last + PAUSE if last is not None and now < last + PAUSE else None


def undoable(opening_id: int, *, now: datetime) -> Select[DecisionRound]:
    """Return the rounds of an opening whose letters wait still, the latest first."""
    rounds = select(DecisionRound).where(DecisionRound.opening_id == opening_id, DecisionRound.letters_at > now)
    waiting = rounds.where(DecisionRound.undone_at.is_(None)).order_by(DecisionRound.id.desc())
    return waiting.options(selectinload(DecisionRound.lines).joinedload(DecisionLine.registration))
