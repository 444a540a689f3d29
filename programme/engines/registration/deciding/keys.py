"""Registrations decided by keys: asked about, then given a place or a turn to wait, under the opening's lock."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select, update

from programme.core.refusal import Refusal
from programme.core.transitions import move
from programme.engines.approvals import actions as approvals
from programme.engines.approvals.actions import Asked
from programme.engines.approvals.models import Approval, ApprovalKey
from programme.engines.approvals.queries import open_approval
from programme.engines.approvals.states import ApprovalState
from programme.engines.registration import places
from programme.engines.registration.choosing.queries import next_by_choice, tally_for
from programme.engines.registration.deciding.changing import AnswersChange
from programme.engines.registration.deciding.models import DecisionTerms
from programme.engines.registration.deciding.queries import key_holders, keyed_terms, named_holders
from programme.engines.registration.deciding.states import DecidedBy
from programme.engines.registration.models import Registration
from programme.engines.registration.series.chairs import chairless
from programme.engines.registration.states import LIVE, REGISTRATION_MOVES, PlacesBy, RegistrationState
from programme.engines.registration.waiting.filling import deadline_of, give
from programme.people.permissions import Scope, Verb, may

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.registration.models import Opening
    from programme.people.permissions import Actor


REGISTRATION = "registration"
USUAL_DAYS = 14
BY_KEYS = "This is decided by a key for each university: turn yours on the registration’s page."
KEYS_SAID_NO = (
    "The universities decided about this by their keys, and one said no: that stands. They may register again."
)
WAITED_FOR = "Some people wait for the universities’ keys: turn every key first, then let others decide."
R = RegistrationState


def ask_about(session: Session, row: Registration, *, now: datetime) -> Approval | None:
    """Ask the universities about somebody who came in; None where that is not how this is decided, or not yet.

    As long as the address is not proved nobody is asked: whoever types an address of others troubles no organiser.
    """
    if row.state is not R.PENDING or row.prove_by is not None:
        return None
    terms = keyed_terms(session, row.opening)
    return ask(session, row, terms, now=now) if terms is not None else None


def ask(session: Session, row: Registration, terms: DecisionTerms | None, *, now: datetime) -> Approval:
    """Ask for a decision about a registration: of each university where keys decide, of the lead alone elsewhere."""
    opening = row.opening
    by_keys = terms is not None and keyed_terms(session, opening) is not None
    holders = [one.id for one in key_holders(opening)] if by_keys else [opening.lead_organisation_id]
    asked = Asked(
        subject=(REGISTRATION, row.id),
        lead_id=opening.lead_organisation_id,
        organisation_ids=tuple(holders),
        strand=opening.strand,
        due_at=due_at(terms, now=now),
        delegates={one: person.id for one, person in named_holders(session, opening.id).items()} if by_keys else {},
        escalation_address=terms.escalation_address if terms is not None else "",
    )
    return approvals.ask(session, asked, now=now)


def due_at(terms: DecisionTerms | None, *, now: datetime) -> datetime:
    """Return by when keys are turned: so long after people came in, or after the day until which answers may change."""
    if terms is None:
        return now + timedelta(days=USUAL_DAYS)
    may_change = terms.answers_until if terms.answers_change is AnswersChange.UNTIL else None
    return max(now, may_change or now) + timedelta(days=terms.days)


def ask_anew(session: Session, row: Registration, terms: DecisionTerms | None, *, now: datetime) -> Approval | None:
    """Ask again about somebody whose answers changed; None where nobody has said anything about the old ones.

    What was said of the old answers ends: every key waits again. Whoever has a place keeps it meanwhile.
    """
    found = open_approval(session, REGISTRATION, row.id)
    if found is None and row.state is R.PENDING:
        return None
    approvals.withdraw(session, REGISTRATION, row.id, now=now)
    return ask(session, row, terms, now=now)


def refuse_around_keys(session: Session, row: Registration) -> None:
    """Refuse to decide past keys that have not all said yes; a no of theirs stands when others decide by now, too."""
    if row.state not in {R.PENDING, R.REFUSED}:
        return
    if keyed_terms(session, row.opening) is not None:
        raise Refusal(BY_KEYS)
    if row.state is R.REFUSED and was_refused_by_keys(session, row):
        raise Refusal(KEYS_SAID_NO)


def was_refused_by_keys(session: Session, row: Registration) -> bool:
    """Whether one of several universities' keys ended it."""
    return row.id in refused_by_keys(session, [row.id])


def refused_by_keys(session: Session, ids: Collection[int]) -> frozenset[int]:
    """Return which of some refused registrations a no of several universities’ keys ended: the last asked counts."""
    about = (Approval.subject_kind == REGISTRATION, Approval.subject_id.in_(ids))
    last = select(func.max(Approval.id)).where(*about).group_by(Approval.subject_id)
    several = select(func.count()).where(ApprovalKey.approval_id == Approval.id).scalar_subquery() > 1
    refused = (Approval.id.in_(last), Approval.state == ApprovalState.REFUSED, several)
    return frozenset(session.scalars(select(Approval.subject_id).where(*refused))) if ids else frozenset()


def refuse_to_lift(session: Session, opening: Opening, *, actor: Actor) -> None:
    """Refuse to lift the keys of an opening while somebody waits for them, but to who decides for all that hold one.

    Else one university alone would decide about those whom the other has been asked about.
    """
    holders = (Scope(lead=one.id, strand=opening.strand) for one in key_holders(opening))
    if not all(may(actor, Verb.DECIDE, scope) for scope in holders) and is_waited_for(session, opening.id):
        raise Refusal(WAITED_FOR, field="decided_by")


def is_waited_for(session: Session, opening_id: int) -> bool:
    """Whether anybody waits for a first decision, or for another about changed answers."""
    asked = select(Approval.subject_id).where(
        Approval.subject_kind == REGISTRATION, Approval.state == ApprovalState.OPEN
    )
    waits = or_(Registration.state == R.PENDING, Registration.id.in_(asked))
    found = select(Registration.id).where(Registration.opening_id == opening_id, waits)
    return session.scalar(found.limit(1)) is not None


def place_or_wait(session: Session, row: Registration, *, now: datetime) -> None:
    """Give whoever was granted it a place, or an offer of one, or the turn to wait where none is left.

    Nobody granted is turned away.
    """
    tally = tally_for(session, row, now=now)
    decision = places.decide(
        tally,
        places_by=PlacesBy.FIRST_COME,
        has_waiting_list=True,
        is_drawn=False,
        home=row.counts_for_id,
        heads=row.heads,
        is_awaited=None if row.opening.chooses is None else bool(next_by_choice(session, row.opening, tally)),
    )
    if decision is places.Decision.PLACE:
        lacking = chairless(session, row.opening, row, now=now)
        give(row, now=now, until=deadline_of(row.opening, now=now), lacking=lacking)
    else:
        move(row, R.WAITLISTED, moves=REGISTRATION_MOVES)
    session.flush()


def forget_keys(session: Session, opening_id: int) -> bool:
    """Let any organiser decide again, and say whether keys did: where places go in another way, they are set anew."""
    keyed = (DecisionTerms.opening_id == opening_id, DecisionTerms.decided_by == DecidedBy.KEYS)
    terms = update(DecisionTerms).where(*keyed).values(decided_by=DecidedBy.ORGANISERS)
    return session.scalar(terms.returning(DecisionTerms.opening_id)) is not None


def has_unapproved_in_line(session: Session, opening_id: int) -> bool:
    """Whether somebody waits for a place to whom the keys have not said yes."""
    about = (Approval.subject_kind == REGISTRATION, Approval.state == ApprovalState.GRANTED)
    granted = select(Approval.subject_id).where(*about)
    waits = (Registration.opening_id == opening_id, Registration.state == R.WAITLISTED)
    return session.scalar(select(Registration.id).where(*waits, Registration.id.not_in(granted)).limit(1)) is not None


def is_undecided(row: Registration) -> bool:
    """Whether a registration waits for its first decision."""
    return row.state is R.PENDING


def is_live(row: Registration) -> bool:
    """Whether there is anything to decide about: it lives, and names somebody."""
    return row.state in LIVE and row.person_id is not None
