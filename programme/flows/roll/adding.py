"""Adding people to a roll by an organiser's hand: one with answers, or a pasted list."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from programme.core.refusal import Refusal
from programme.engines.questionnaire.actions import asked_by
from programme.engines.registration.actions import Happened
from programme.engines.registration.models import Registration
from programme.engines.registration.openings.options import refuse_full
from programme.engines.registration.states import LIVE
from programme.flows.admitting import add_person
from programme.flows.registering import as_it_is, keep_answers
from programme.people.models import Person

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.registration.actions import Entered
    from programme.engines.registration.models import Opening
    from programme.engines.registration.roll.pasted import Pasted
    from programme.people.permissions import Actor

ON_THE_ROLL = "Is on the roll already."


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """Somebody to be added; `answers` are values by question, as the kinds read them."""

    name: str
    address: str
    answers: Mapping[int, Any] = field(default_factory=dict)
    organisation_id: int | None = None
    choice: frozenset[int] = frozenset()
    others: tuple[str, ...] = ()
    even_if_full: bool = False


@dataclass(slots=True)
class Added:
    """What became of a list: who is new, and the lines that were left out, each with why."""

    new: list[Registration] = field(default_factory=list)
    left: list[Pasted] = field(default_factory=list)


def add_with_answers(session: Session, opening: Opening, newcomer: Newcomer, *, actor: Actor, now: datetime) -> Entered:
    """Enter somebody on their behalf with what they answered; tells them."""
    entered = add_person(
        session,
        opening.id,
        name=newcomer.name,
        address=newcomer.address,
        actor=actor,
        now=now,
        organisation_id=newcomer.organisation_id,
        choice=newcomer.choice,
        others=newcomer.others,
        even_if_full=newcomer.even_if_full,
    )
    if entered.happened is Happened.NEW and any(value is not None for value in newcomer.answers.values()):
        asked, answers = as_it_is(session, opening.id, asked_by(opening.questionnaire), newcomer.answers)
        if not newcomer.even_if_full:
            refuse_full(session, opening.id, asked, answers)
        keep_answers(session, opening, entered.registration, answers, now=now)
    return entered


def judged(session: Session, opening_id: int, people: Sequence[Pasted]) -> list[Pasted]:
    """Mark who is on the roll already, and fill in the names that we know: one query for each."""
    keys = [one.address.casefold() for one in people if not one.problem]
    known = {row.address_key: row.name for row in session.scalars(select(Person).where(Person.address_key.in_(keys)))}
    statement = (
        select(Person.address_key)
        .join(Registration, Registration.person_id == Person.id)
        .where(Registration.opening_id == opening_id, Registration.state.in_(LIVE), Person.address_key.in_(keys))
    )
    there = set(session.scalars(statement))
    return [judged_line(one, known=known, there=there) for one in people]


def judged_line(one: Pasted, *, known: Mapping[str, str], there: set[str]) -> Pasted:
    """Judge one line."""
    key = one.address.casefold()
    problem = one.problem or (ON_THE_ROLL if key in there else "")
    return replace(one, name=one.name or known.get(key, ""), problem=problem)


def add_all(
    session: Session,
    opening_id: int,
    people: Sequence[Pasted],
    *,
    actor: Actor,
    now: datetime,
    choice: frozenset[int] = frozenset(),
    even_if_full: bool = False,
) -> Added:
    """Enter everybody whose line is right, in the order of the list, all with the same choice; tells each."""
    added = Added()
    for one in judged(session, opening_id, people):
        if one.problem:
            added.left.append(one)
            continue
        try:
            row = add_person(
                session,
                opening_id,
                name=one.name,
                address=one.address,
                actor=actor,
                now=now,
                choice=choice,
                even_if_full=even_if_full,
            ).registration
        except Refusal as refusal:
            added.left.append(replace(one, problem=refusal.sentence))
        else:
            added.new.append(row)
    return added
