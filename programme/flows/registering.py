"""Registering as a participant: the place, the answers and the letters, in one transaction under the opening's lock."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from programme.core.refusal import Refusal
from programme.engines.documents.actions import release
from programme.engines.questionnaire.actions import answer, answer_again, asked_by
from programme.engines.questionnaire.kinds import KINDS
from programme.engines.questionnaire.showing import shown
from programme.engines.registration import actions, decisions, terms
from programme.engines.registration.actions import Claim, Ended, Entered, Happened
from programme.engines.registration.deciding.keys import ask_about
from programme.engines.registration.drafts.keeping import DRAFT
from programme.engines.registration.eligibility.checking import invited, note_answer
from programme.engines.registration.models import Opening, Registration
from programme.engines.registration.openings.known import lock_known
from programme.engines.registration.openings.options import limited, refuse_full
from programme.engines.registration.openings.parts import asks_for_parts, chosen_now, with_parts
from programme.engines.registration.states import Eligibility
from programme.flows.answering.files import settle_files
from programme.flows.deciding.answers import look_again, refuse_fixed, values_of
from programme.flows.deciding.keys import tell_asked
from programme.flows.inviting.unlisted import tell_not_listed
from programme.flows.notices.places.registrations import tell_already, tell_ended, tell_entered, tell_promoted
from programme.people.affiliations import address_key, organisation_id_of_address, person_id_for, prove_address
from programme.people.models import Person

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.questionnaire.kinds import Asked
    from programme.engines.questionnaire.models import AnswerSheet
    from programme.engines.registration.openings.known import KnownOpening
    from programme.people.permissions import Actor

OPENINGS_IN_ONE_GO = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUp:
    """What somebody sent: `answers` are values by question, as the kinds read them.

    `invitation_id` is of the invitation whose link they came by, `draft_id` of the draft that was sent.
    """

    name: str
    address: str
    organisation_id: int | None
    answers: Mapping[int, Any]
    form_key: str
    invitation_id: int | None = None
    draft_id: int | None = None
    choice: frozenset[int] = frozenset()
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SignedUp:
    """What came of it; `is_own` says that whoever sent it may see the registration at once."""

    registration: Registration
    happened: Happened
    is_own: bool


def sign_up(
    session: Session, opening_id: int, sent: SignUp, *, actor: Actor, now: datetime, known: KnownOpening | None = None
) -> SignedUp:
    """Register somebody, with or without an account; Refusal with the sentence where the rules say no.

    Whoever is not signed in under the address learns nothing here: what came of it goes to the address by mail. Where
    it is on no list, all that is done of one that is on it is done and undone, so that it takes as long; then
    NotListedError is raised, after the letter to the address was queued: whoever catches it commits that.
    `known` spares reading what is known of the opening; StaleError where it has changed since. What the address shows
    is not under the opening's lock, so it is asked before: nobody waits for it.
    """
    is_own = actor.is_signed_in and address_key(sent.address) == address_key(actor.address)
    shown = organisation_id_of_address(session, sent.address)
    eligibility = (known.opening if known else session.get_one(Opening, opening_id)).eligibility
    is_tried = eligibility in terms.UNLISTED and not is_own and sent.invitation_id is None
    with session.begin_nested() if is_tried else nullcontext() as attempt:
        opening = lock_known(session, known) if known else actions.lock(session, opening_id)
        claim = claim_of(session, sent, shown, actor=actor if is_own else None, now=now)
        entered = entered_by(session, opening, claim, sent, known=known, is_tried=is_tried, now=now)
        if attempt is not None and entered.against is not None:
            attempt.rollback()
    if entered.against is not None:
        session.expunge(entered.registration)
        tell_not_listed(session, opening, sent.address, draft_id=sent.draft_id, now=now)
        raise entered.against
    if is_tried and entered.happened is Happened.NEW:
        tell_entered(session, entered.registration, now=now, opening=opening)
    elif entered.happened is Happened.ALREADY and not is_own:
        tell_already(session, entered.registration, now=now)
    return SignedUp(entered.registration, entered.happened, is_own)


def entered_by(
    session: Session,
    opening: Opening,
    claim: Claim,
    sent: SignUp,
    *,
    known: KnownOpening | None,
    is_tried: bool,
    now: datetime,
) -> Entered:
    """Write a claim down with its answers, and tell those it concerns. Only right on an opening that is locked.

    Of what `is_tried` its own address is told afterwards, as one that is on no list is told then.
    """
    if sent.invitation_id is not None:
        claim = invited(session, opening, claim, sent.invitation_id)
    entered = actions.enter(session, opening, claim, now=now, parts=known.parts if known else None, is_tried=is_tried)
    if entered.happened is Happened.NEW:
        row, asked = entered.registration, known.asked if known else asked_by(opening.questionnaire)
        asked, answers = as_it_is(session, opening.id, asked, sent.answers)
        refuse_answers(session, opening.id, asked, answers)
        if sent.draft_id is not None:
            release(session, (DRAFT, sent.draft_id))
        keep_answers(session, opening, row, answers, now=now)
        if opening.eligibility is Eligibility.INVITED or sent.invitation_id is not None:
            note_answer(session, opening, row.address, now=now)
        if not is_tried:
            tell_entered(session, row, now=now, opening=opening)
        ask_for_keys(session, row, now=now)
        tell_promoted(session, entered.lent, now=now)
    return entered


def claim_of(session: Session, sent: SignUp, shown: int | None, *, actor: Actor | None, now: datetime) -> Claim:
    """Return the claim of a person: of `actor`, who is signed in under the address, or of whoever has it.

    `shown` is the organisation that the address belongs to.
    """
    memberships = frozenset({shown}) if shown else frozenset()
    if actor is not None and actor.person_id is not None:
        person_id, memberships = actor.person_id, actor.member_of | memberships
    else:
        person_id = person_id_for(session, address=sent.address, name=sent.name, now=now)
    return Claim(
        person_id=person_id,
        name=sent.name,
        address=sent.address,
        organisation_id=sent.organisation_id or shown,
        memberships=memberships,
        home=actor.home if actor is not None else shown,
        is_proved=actor is not None,
        choice=sent.choice,
        others=sent.others,
        form_key=sent.form_key,
    )


def as_it_is(
    session: Session, opening_id: int, asked: tuple[Asked, ...], answers: Mapping[int, Any]
) -> tuple[tuple[Asked, ...], Mapping[int, Any]]:
    """Return what is asked and answered with the parts of events as they are now; Refusal where one is gone."""
    if not asks_for_parts(asked):
        return asked, answers
    asked = with_parts(session, opening_id, asked)
    return asked, chosen_now(asked, answers)


def refuse_answers(
    session: Session,
    opening_id: int,
    asked: Sequence[Asked],
    answers: Mapping[int, Any],
    *,
    sheet: AnswerSheet | None = None,
) -> None:
    """Refuse what ends the form, and an option that is full; `sheet` are the answers that change."""
    if any(one.ends for one in asked):
        refuse_end(asked, answers)
    if limited(asked):
        kept = {one.question_id: one.value for one in sheet.answers} if sheet else {}
        refuse_full(session, opening_id, asked, answers, apart_from=sheet.id if sheet else 0, kept=kept)


def refuse_end(asked: Sequence[Asked], answers: Mapping[int, Any]) -> None:
    """Say the organisers' words where an answer ends the form."""
    kinds = {one.id: KINDS[one.kind] for one in asked}
    given = {one: value for one, value in answers.items() if value is not None and one in kinds}
    ended = shown(asked, {one: kinds[one].chosen(kinds[one].typed(value)) for one, value in given.items()}).ended_by
    if ended is not None:
        raise Refusal(ended.end_words, field=f"q{ended.id}")


def keep_answers(
    session: Session, opening: Opening, row: Registration, answers: Mapping[int, Any], *, now: datetime
) -> None:
    """Keep the answers to the opening's form, if it has one, and write the registration."""
    if opening.questionnaire is not None:
        row.answer_sheet = answer(session, opening.questionnaire, answers, now=now)
        session.flush()
        settle_files(session, opening.questionnaire, row.answer_sheet, now=now)


def cancel_registration(session: Session, registration_id: int, *, now: datetime) -> Ended:
    """Give a place back; the next is moved up and told. A second time changes nothing and tells nobody."""
    ended = actions.cancel(session, registration_id, now=now)
    tell_of(session, ended, now=now, is_own=True)
    return ended


def tell_of(session: Session, ended: Ended, *, now: datetime, is_own: bool = False) -> None:
    """Queue the letters about a registration that ended, and about who moved up for it."""
    if ended.changed:
        tell_ended(session, ended.registration, held_place=ended.held_place, now=now, is_own=is_own)
    tell_promoted(session, ended.promoted, now=now)


def change_answers(session: Session, registration_id: int, answers: Mapping[int, Any], *, now: datetime) -> None:
    """Change the answers of a registration as long as its opening lets them; it may be decided about anew by it."""
    row = actions.locked_registration(session, registration_id)
    refuse_fixed(session, row, now=now)
    if row.answer_sheet is not None:
        session.refresh(row.answer_sheet, ["answers"])
    before = values_of(row.answer_sheet)
    asked, answers = as_it_is(session, row.opening_id, asked_by(row.opening.questionnaire), answers)
    refuse_answers(session, row.opening_id, asked, answers, sheet=row.answer_sheet)
    form = row.opening.questionnaire
    if row.answer_sheet is not None and form is not None:
        answer_again(session, row.answer_sheet, answers, now=now)
        settle_files(session, form, row.answer_sheet, now=now)
    else:
        keep_answers(session, row.opening, row, answers, now=now)
    look_again(session, row, before, now=now)


def prove_registration(session: Session, registration_id: int, *, now: datetime) -> Registration:
    """Keep a place for good, and note that the person reads mail at the address; whoever moves up by it is told."""
    shown = organisation_id_of_address(session, session.get_one(Registration, registration_id).address)
    row, promoted = actions.prove(session, registration_id, now=now, shown=shown)
    prove_address(session, session.get_one(Person, row.person_id), now=now)
    tell_promoted(session, promoted, now=now)
    ask_for_keys(session, row, now=now)
    return row


def ask_for_keys(session: Session, row: Registration, *, now: datetime) -> None:
    """Ask the universities about somebody, and tell whose keys wait, where that is how it is decided."""
    approval = ask_about(session, row, now=now)
    if approval is not None and approval.asked_at == now:
        tell_asked(session, approval, now=now)


def lapse_unproved_holds(session: Session, now: datetime) -> int:
    """End what nobody proved in time, move up and tell the next; return how many ended. Twice changes nothing more."""
    ended = decisions.lapse_unproved(session, now=now, limit=OPENINGS_IN_ONE_GO)
    tell_all_of(session, ended, now=now)
    return len(ended)


def tell_all_of(session: Session, ended: Iterable[Ended], *, now: datetime) -> None:
    """Queue the letters about several registrations that ended."""
    for one in ended:
        tell_of(session, one, now=now)
