"""Who signs one milestone, as its page shows it: who has, whose turn it is, and who comes after them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from programme.strands.cohorts.milestones.moves import plain_day
from programme.strands.cohorts.progress.handing.signers import LACKING, WORDS, person_for, signers_of
from programme.strands.cohorts.progress.handing.signing import (
    may_sign_as_organiser,
    own_signature,
    signatures_of,
    turn_of,
)
from programme.strands.cohorts.states import MilestoneState, SignatureState

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor
    from programme.strands.cohorts.models import Candidature, Milestone, Signature
    from programme.strands.cohorts.states import Signer


@dataclass(frozen=True, slots=True)
class Signing:
    """One who signs: as what, who, how that stands (kind of colour, icon, words), and what they wrote."""

    role: str
    name: str
    look: tuple[str, str, str]
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Signatures:
    """All who sign, and whether the reader may do so now, or ask once more."""

    rows: list[Signing]
    may_sign: bool
    may_remind: bool


def signatures(session: Session, row: Candidature, milestone: Milestone, *, actor: Actor, today: date) -> Signatures:
    """Gather who signs a milestone; nobody where its rule wants nobody, or it was done elsewhere."""
    under = signatures_of(session, milestone)
    is_waiting = milestone.state is MilestoneState.HANDED_IN
    if milestone.state is MilestoneState.EXEMPT or (milestone.state is MilestoneState.DONE and not under):
        return Signatures([], may_sign=False, may_remind=False)
    turn = turn_of(session, milestone) if is_waiting else None
    rows = [
        signing(session, row, one, under, turn=turn, today=today, is_done=milestone.state is MilestoneState.DONE)
        for one in signers_of(milestone.rule)
    ]
    may_sign = own_signature(session, row, milestone, actor=actor, today=today) is not None
    may_sign = may_sign or may_sign_as_organiser(session, row, milestone, actor=actor)
    return Signatures(rows, may_sign=may_sign, may_remind=is_waiting and turn is not None and not may_sign)


def signing(
    session: Session,
    row: Candidature,
    signer: Signer,
    under: Iterable[Signature],
    *,
    turn: Signer | None,
    today: date,
    is_done: bool,
) -> Signing:
    """Return one who signs."""
    said = [one for one in under if one.signer is signer and one.answered_at is not None]
    given = next((one for one in said if one.state is SignatureState.AGREED), said[-1] if said else None)
    role = WORDS[signer].removeprefix("the ").removeprefix("an ").capitalize()
    if given is not None and given.answered_at is not None:
        name, day = given.person.name or given.person.address, plain_day(given.answered_at.date())
        agreed = given.state is SignatureState.AGREED
        look = ("ok", "check", f"Signed {day}") if agreed else ("bad", "alert", f"Sent back {day}")
        return Signing(role, name, look, given.reason)
    person = person_for(session, row, signer, today=today)
    name = (person.name or person.address) if person else "" if is_done else LACKING.get(signer, "")
    if signer is turn:
        return Signing(role, name, ("wait", "clock", "Asked to sign" if person else "Waits"))
    return Signing(role, name, ("", "minus", "Not asked yet"))
