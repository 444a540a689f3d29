"""Signing for milestones: who is asked after whom, and that the last signature makes it done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.core.refusal import Refusal
from programme.core.transitions import move
from programme.engines.calendar.times import london_day
from programme.people.models import Person
from programme.people.permissions import Actor
from programme.strands.cohorts.locking import hold
from programme.strands.cohorts.models import Signature
from programme.strands.cohorts.progress.handing.signers import LACKING, following, person_for, signers_of
from programme.strands.cohorts.progress.queries import milestone_of
from programme.strands.cohorts.rights import MILESTONE
from programme.strands.cohorts.signing.actions import answer, ask, start_again
from programme.strands.cohorts.states import MILESTONE_MOVES, MilestoneState, SignatureState, Signer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from programme.strands.cohorts.models import Candidature, Milestone
    from programme.strands.cohorts.signing.ports import SignedThings

NOT_ASKED = "Nobody waits for your signature here: it is somebody else’s turn, or it was taken back meanwhile."
NOT_WAITING = "It waits for no signature."


def begin_signing(session: Session, row: Candidature, milestone: Milestone, *, now: datetime) -> None:
    """Let nobody have signed, and ask whoever signs first; where nobody does, the milestone is done."""
    start_again(session, (MILESTONE, milestone.id), now=now)
    go_on(session, row, milestone, now=now)


def forget_signing(session: Session, milestone: Milestone, *, now: datetime) -> None:
    """Let nobody have signed, and nobody be asked: what was to be signed has changed."""
    start_again(session, (MILESTONE, milestone.id), now=now)


def go_on(session: Session, row: Candidature, milestone: Milestone, *, now: datetime) -> None:
    """Ask whoever signs next, in the researcher's name, who is told of the answer; after the last one it is done."""
    turn = turn_of(session, milestone)
    if turn is None:
        finish(milestone, now=now)
        return
    person = person_for(session, row, turn, today=london_day(now))
    if person is not None and person.id != row.person_id:
        to = {"subject": (MILESTONE, milestone.id), "signer": turn, "person": person}
        ask(session, row, **to, actor=Actor(row.person_id), now=now)  # type: ignore[arg-type]


def turn_of(session: Session, milestone: Milestone) -> Signer | None:
    """Return as what is signed next; None where all have."""
    agreed = {one.signer for one in signatures_of(session, milestone) if one.state is SignatureState.AGREED}
    return following(signers_of(milestone.rule), agreed)


def signatures_of(session: Session, milestone: Milestone) -> Sequence[Signature]:
    """Return the signatures under a milestone as they are now."""
    own = select(Signature).where(Signature.subject_kind == MILESTONE, Signature.subject_id == milestone.id)
    return session.scalars(own.order_by(Signature.id)).all()


def ask_following(session: Session, row: Candidature, *, now: datetime) -> None:
    """Ask whoever signs next for each milestone of a record that waits, as who that is may have changed.

    Whoever is asked already gets no other letter.
    """
    for milestone in row.milestones:
        if milestone.state is MilestoneState.HANDED_IN and not is_asked(session, row, milestone, today=london_day(now)):
            go_on(session, row, milestone, now=now)


def unasked(session: Session, row: Candidature, *, today: date) -> list[Milestone]:
    """Return what waits on a record for somebody who could be asked to sign it, and is not."""
    found = []
    for milestone in row.milestones:
        turn = turn_of(session, milestone) if milestone.state is MilestoneState.HANDED_IN else None
        person = person_for(session, row, turn, today=today) if turn else None
        if person and person.id != row.person_id and not is_asked(session, row, milestone, today=today):
            found.append(milestone)
    return found


def is_asked(session: Session, row: Candidature, milestone: Milestone, *, today: date) -> bool:
    """Whether the person who signs next is asked to."""
    turn = turn_of(session, milestone)
    person = person_for(session, row, turn, today=today) if turn else None
    asked = (one for one in signatures_of(session, milestone) if one.state is SignatureState.ASKED)
    return person is not None and any((one.signer, one.person_id) == (turn, person.id) for one in asked)


def remind(session: Session, candidature_id: int, milestone_id: int, *, now: datetime) -> Person:
    """Ask whoever's turn it is once more, who may be another by now. Refusal where nobody is named."""
    row = hold(session, candidature_id)
    milestone = milestone_of(row, milestone_id)
    turn = turn_of(session, milestone) if milestone.state is MilestoneState.HANDED_IN else None
    if turn is None:
        raise Refusal(NOT_WAITING)
    person = person_for(session, row, turn, today=london_day(now))
    if person is None or person.id == row.person_id:
        raise Refusal(LACKING[turn])
    go_on(session, row, milestone, now=now)
    return person


def finish(milestone: Milestone, *, now: datetime) -> None:
    """Let a milestone be done today."""
    move(milestone, MilestoneState.DONE, moves=MILESTONE_MOVES)
    milestone.done_on, milestone.changed_at = london_day(now), now


def sign(
    session: Session,
    candidature_id: int,
    milestone_id: int,
    *,
    agrees: bool,
    reason: str = "",
    things: SignedThings,
    actor: Actor,
    now: datetime,
) -> Signature:
    """Sign a milestone on its page, or send it back with a comment. Refusal for whoever is not asked.

    Where it is an organiser's turn, any organiser of the home university signs.
    """
    row = hold(session, candidature_id)
    milestone = milestone_of(row, milestone_id)
    asked = own_signature(session, row, milestone, actor=actor, today=london_day(now))
    if asked is None and may_sign_as_organiser(session, row, milestone, actor=actor):
        person = session.get_one(Person, actor.person_id)
        to = {"subject": (MILESTONE, milestone.id), "signer": Signer.ORGANISER, "person": person}
        asked = ask(session, row, **to, actor=Actor(row.person_id), now=now)  # type: ignore[arg-type]
    if asked is None:
        raise Refusal(NOT_ASKED)
    return answer(session, asked, agrees=agrees, reason=reason, things=things, actor=actor, now=now).signature


def own_signature(
    session: Session, row: Candidature, milestone: Milestone, *, actor: Actor, today: date
) -> Signature | None:
    """Return the signature that somebody is asked for now, as whoever they still are."""
    turn = turn_of(session, milestone) if milestone.state is MilestoneState.HANDED_IN else None
    if turn is None or actor.person_id is None:
        return None
    person = person_for(session, row, turn, today=today)
    mine = (one for one in signatures_of(session, milestone) if one.person_id == actor.person_id)
    waiting = (one for one in mine if one.signer is turn and one.state is SignatureState.ASKED)
    return next(waiting, None) if person is None or person.id == actor.person_id else None


def may_sign_as_organiser(session: Session, row: Candidature, milestone: Milestone, *, actor: Actor) -> bool:
    """Whether it is an organiser's turn, and somebody is one of the home university, and not the researcher."""
    if milestone.state is not MilestoneState.HANDED_IN or turn_of(session, milestone) is not Signer.ORGANISER:
        return False
    return row.home_organisation_id in actor.organises_for and actor.person_id != row.person_id
