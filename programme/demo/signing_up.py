"""Demonstration: people open accounts and register, as they would in a browser."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING, Any

from programme.core.tokens import new_token
from programme.demo import people
from programme.demo.happenings import Comer
from programme.demo.sayings import SAID
from programme.engines.questionnaire.actions import asked_by
from programme.engines.questionnaire.kinds import KINDS
from programme.engines.registration.openings.parts import with_parts
from programme.flows.registering import SignUp, cancel_registration, prove_registration, sign_up
from programme.people import signing_in
from programme.people.affiliations import address_key, person_of
from programme.people.identity import actor_of
from programme.people.permissions import NOBODY, Actor

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy.orm import Session

    from programme.demo.happenings import Admission
    from programme.demo.people import Somebody
    from programme.engines.questionnaire.kinds import Asked
    from programme.engines.registration.models import Opening, Registration

FIRST_COMES = timedelta(days=12)
BETWEEN = timedelta(hours=5)
THINKS_AGAIN = timedelta(hours=20)
GIVES_BACK = timedelta(hours=3)
WRITTEN = frozenset({"short_text", "long_text"})
NOTHING: Mapping[str, Any] = {}


def open_account(session: Session, somebody: Somebody, *, now: datetime) -> None:
    """Ask for a sign-in link and follow it; the browser is signed out again."""
    asked = signing_in.ask(session, somebody.address, next_path="", now=now)
    browser, _ = signing_in.confirm(session, asked.token, name=somebody.name, browser="A demonstration", now=now)
    signing_in.revoke(session, browser.id, person_id=browser.person_id, now=now)


def fill(session: Session, opening: Opening, admission: Admission, *, now: datetime) -> None:
    """Let people of each university and the public register, one after the other; where many come, one thinks again.

    Those who are named come last.
    """
    comers = taking_turns(
        [one for one in people.RESEARCHERS if one.organisation == people.LIVERPOOL][: admission.taken_liverpool],
        [one for one in people.RESEARCHERS if one.organisation == people.OXFORD][: admission.taken_oxford],
        [*people.PUBLIC, *people.FOUNDERS][: admission.taken_public],
    )
    begins = now - FIRST_COMES
    named = chain(map(Comer, comers), admission.comers)
    registered = [
        register(session, opening, comer, turn=turn, now=begins + turn * BETWEEN) for turn, comer in enumerate(named)
    ]
    if admission.offer_hours:
        cancel_registration(session, registered[0].id, now=now - GIVES_BACK)
    if len(registered) > MOST_STAY:
        thinks_again = registered[opening.id % (len(registered) - 1)]
        cancel_registration(session, thinks_again.id, now=now - THINKS_AGAIN - opening.id * BETWEEN)


MOST_STAY = 10
"""Where more than this many come, one of them thinks again."""


def taking_turns(*queues: Sequence[Somebody]) -> Iterator[Somebody]:
    """Give the first of each queue, then the second of each, and so on."""
    for place in range(max(map(len, queues), default=0)):
        yield from (queue[place] for queue in queues if place < len(queue))


def register(
    session: Session, opening: Opening, comer: Comer, *, turn: int, now: datetime, invitation_id: int | None = None
) -> Registration:
    """Send the form; a guest then follows the link in the mail and keeps the place, unless they came by one."""
    sent = SignUp(
        name=comer.who.name,
        address=comer.who.address,
        organisation_id=None,
        answers=answers_to(session, opening, turn, says=dict(comer.says)),
        form_key=new_token(),
        invitation_id=invitation_id,
        choice=frozenset(event.id for event in opening.events if event.title in comer.choice),
        others=comer.others,
    )
    signed_up = sign_up(session, opening.id, sent, actor=acting(session, comer.who), now=now)
    if not signed_up.is_own and invitation_id is None:
        prove_registration(session, signed_up.registration.id, now=now + timedelta(minutes=3))
    return signed_up.registration


def acting(session: Session, somebody: Somebody) -> Actor:
    """Return a researcher signed in under their account; the public comes without one."""
    if not somebody.organisation:
        return NOBODY
    person = person_of(session, key=address_key(somebody.address))
    return actor_of(person) if person else NOBODY


def answers_to(session: Session, opening: Opening, turn: int, *, says: Mapping[str, Any]) -> dict[int, Any]:
    """Give answers to an opening's form."""
    return given_to(with_parts(session, opening.id, asked_by(opening.questionnaire)), turn, says=says)


def given_to(asked: Iterable[Asked], turn: int, *, says: Mapping[str, Any] = NOTHING) -> dict[int, Any]:
    """Give what somebody says, and an answer to whatever else must be answered; some answer what need not be."""
    answers = {}
    for one in asked:
        answer = says[one.label] if one.label in says else answer_to(one, turn)
        if answer is not None and (one.label in says or one.is_required or turn % 3 == 0):
            answers[one.id] = answer
    return answers


def answer_to(asked: Asked, turn: int) -> Any:
    """Return what the person of this turn says."""
    said = SAID.get(asked.label)
    plain: dict[str, Any] = {
        "number": str(8 + turn),
        "yes_no": turn % 2 == 0,
        "consent": asked.label,
    }
    if asked.kind in WRITTEN:
        return said[turn % len(said)] if said else None
    if asked.kind in plain:
        return plain[asked.kind]
    if asked.parts:
        return parts_for(asked, turn)
    chosen = asked.options[turn % len(asked.options)] if asked.options else None
    return [chosen] if KINDS[asked.kind].has_several and chosen else chosen


def parts_for(asked: Asked, turn: int) -> Any:
    """Return the parts of an event that the person of this turn chooses: one, or now and then all of them."""
    offered = [number for number, _ in asked.parts]
    return KINDS[asked.kind].value(asked, offered if turn % 3 == 0 else [offered[turn % len(offered)]])
