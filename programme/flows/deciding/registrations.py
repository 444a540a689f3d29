"""Registrations as approvals see them: what is locked, what a decision does, and what organisers read of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from programme.core import audit
from programme.engines.approvals.ports import Described
from programme.engines.approvals.states import ApprovalState
from programme.engines.questionnaire.models import Answer, AnswerSheet
from programme.engines.registration import actions, decisions
from programme.engines.registration.deciding.keys import REGISTRATION, is_live, is_undecided, place_or_wait
from programme.engines.registration.models import Registration
from programme.engines.registration.openings.rights import opening_scope, opening_with_owners
from programme.engines.registration.states import RegistrationState
from programme.flows.notices.places.registrations import ENTERED, send, tell_ended, tell_promoted

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from programme.engines.approvals.models import Approval
    from programme.engines.approvals.ports import ApprovalSubject
    from programme.people.permissions import Actor, Scope

R = RegistrationState


FactsOf = Callable[[Session, int], Sequence[tuple[str, str]]]
"""Says more of a registration, known by its id, to whoever turns a key: a strand knows more of its own."""
KeptOut = Callable[[Session, int, int], str]
"""Says why somebody, known by their id, turns no key about a registration; nothing where they may."""
ABOUT_YOU = (
    "This decision is about you, so that you turn no key of it. Somebody else who organises for your university does."
)


@dataclass(frozen=True, slots=True)
class RegistrationsDecided:
    """Registrations of openings that give places by decision.

    `more` are what strands say of their own, `apart` whom they keep from deciding about them.
    """

    more: tuple[FactsOf, ...] = ()
    apart: tuple[KeptOut, ...] = ()
    kind: str = REGISTRATION

    def hold(self, session: Session, subject_id: int, *, now: datetime) -> None:
        """Lock the opening, and read the registration afresh."""
        del now
        actions.locked_registration(session, subject_id)

    def on_decided(self, session: Session, approval: Approval, *, words: str, actor: Actor, now: datetime) -> None:
        """Give the place or refuse it, and tell the person; who has one already is told that it stays."""
        row = session.get_one(Registration, approval.subject_id)
        if not is_live(row):
            return
        if approval.state is ApprovalState.REFUSED:
            refuse(session, row, words=words, actor=actor, now=now)
        elif is_undecided(row):
            admit(session, row, actor=actor, now=now)
        elif row.state in ENTERED:
            send(session, row, ENTERED[row.state], key=f":approved:{approval.id}", now=now)

    def scope(self, session: Session, subject_id: int) -> Scope | None:
        """Return the scope of the opening."""
        row = session.get(Registration, subject_id)
        opening = opening_with_owners(session, row.opening_id) if row is not None else None
        return opening_scope(opening) if opening is not None else None

    def kept_out(self, session: Session, subject_id: int, person_id: int | None) -> str:
        """Keep whoever registered from deciding about it, and whom a strand keeps out of its own."""
        if person_id is None:
            return ""
        if session.scalar(select(Registration.person_id).where(Registration.id == subject_id)) == person_id:
            return ABOUT_YOU
        return next((why for one in self.apart if (why := one(session, subject_id, person_id))), "")

    def described(self, session: Session, ids: Collection[int]) -> Mapping[int, Described]:
        """Return who registered, and for what."""
        rows = select(Registration).where(Registration.id.in_(ids)).options(joinedload(Registration.opening))
        return {
            row.id: Described(row.name, row.opening.title, f"/organise/registrations/{row.id}")
            for row in session.scalars(rows)
        }

    def facts(self, session: Session, subject_id: int) -> Sequence[tuple[str, str]]:
        """Return where somebody is from and what they answered, but for what is sensitive."""
        answers = selectinload(Registration.answer_sheet).selectinload(AnswerSheet.answers).joinedload(Answer.question)
        row = session.get(Registration, subject_id, options=[answers, joinedload(Registration.organisation)])
        if row is None or row.person_id is None:
            return []
        sheet = row.answer_sheet.answers if row.answer_sheet else []
        told = [one for one in sheet if not one.question.is_sensitive]
        told.sort(key=lambda one: (one.question.position, one.question_id))
        home = row.organisation.name if row.organisation else "Elsewhere"
        further = [fact for facts_of in self.more for fact in facts_of(session, subject_id)]
        return [("From", home), *further, *((one.question.label, one.text) for one in told)]


def admit(session: Session, row: Registration, *, actor: Actor, now: datetime) -> None:
    """Give the place, or the turn to wait; tells them."""
    place_or_wait(session, row, now=now)
    if row.state in {R.CONFIRMED, R.OFFERED}:
        tell_promoted(session, [row], now=now)
    else:
        send(session, row, ENTERED[row.state], key=f":{now:%Y%m%d%H%M%S%f}", now=now)
    note(session, row, "promote", actor=actor, now=now)


def refuse(session: Session, row: Registration, *, words: str, actor: Actor, now: datetime) -> None:
    """Say no; tells them, in the words that are meant for them, and whoever moves up."""
    ended = decisions.refuse(session, row.id, reason=words, now=now)
    if ended.changed:
        tell_ended(session, row, held_place=ended.held_place, now=now)
        note(session, row, "refuse", actor=actor, now=now)
    tell_promoted(session, ended.promoted, now=now)


def note(session: Session, row: Registration, verb: str, *, actor: Actor, now: datetime) -> None:
    """Write what became of a registration into the trail."""
    audit.record(
        session,
        person_id=actor.person_id,
        verb=verb,
        subject=(REGISTRATION, row.id),
        now=now,
        organisation_id=row.opening.lead_organisation_id,
        after={"state": row.state.value, **({"reason": row.reason} if row.reason else {})},
    )


def subjects(*more: FactsOf, apart: tuple[KeptOut, ...] = ()) -> Mapping[str, ApprovalSubject]:
    """Return what is decided about by keys; `more` are what strands say of their own registrations.

    `apart` say whom they keep from deciding about them.
    """
    return {REGISTRATION: RegistrationsDecided(more, apart)}


SUBJECTS: Mapping[str, ApprovalSubject] = subjects()
"""What the engines let be decided about by keys; strands add theirs in the factory."""
