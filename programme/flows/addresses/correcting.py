"""The address of a registration, put right by an organiser: it is another person's from then on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.core import audit
from programme.core.refusal import Refusal
from programme.engines.documents.actions import forget_parts
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.outbox import Recipient
from programme.engines.registration.actions import locked_registration
from programme.engines.registration.follow_ups.queries import request_of
from programme.engines.registration.models import Registration
from programme.engines.registration.openings.rights import sensitive_reach
from programme.engines.registration.states import LIVE
from programme.flows.addresses.readdressing import WAITING, hand_on
from programme.flows.answering.files import SHEET
from programme.flows.keeping.erasing import is_all_there_is, letters_about
from programme.flows.notices.places.registrations import ENTERED, send
from programme.people.affiliations import address_key, organisation_id_of_address, person_for
from programme.people.models import Person

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from programme.engines.questionnaire.models import AnswerSheet
    from programme.people.permissions import Actor

ENDED = "This registration has ended, so its address stays as it is."
SAME = "This is its address already."
THERE = "Somebody is registered under this address already. Cancel one of the two."


def correct(session: Session, registration_id: int, address: str, *, actor: Actor, now: datetime) -> Registration:
    """Let a registration be that of whoever has another address; raises Refusal.

    Whoever had it by mistake has it no more: links told there open nothing, and letters that wait go to the new
    address. The place is kept without proof, as the organiser stands for it. The letter about the place goes there.
    Sensitive answers go along only where the organiser may read them anyway.
    """
    row = locked_registration(session, registration_id)
    if row.person_id is None or row.state not in LIVE:
        raise Refusal(ENDED)
    former = session.get_one(Person, row.person_id)
    if address_key(address) == former.address_key:
        raise Refusal(SAME, field="address")
    letters = letters_of(session, former, row)
    person = person_for(session, address=address, name=row.name, now=now)
    refuse_twice(session, row, person)
    forget_what_is_not_theirs_to_show(session, row, actor=actor, now=now)
    row.person, row.address, row.prove_by, row.form_key = person, person.address, None, None
    row.link_version += 1
    row.organisation_id = row.organisation_id or organisation_id_of_address(session, person.address)
    session.flush()
    hand_on(session, letters, Recipient(row.address, row.name, person.id), now=now)
    tell(session, row, now=now)
    lead = row.opening.lead_organisation_id
    subject = ("registration", row.id)
    audit.record(
        session,
        person_id=actor.person_id,
        verb="corrected an address",
        subject=subject,
        now=now,
        organisation_id=lead,
    )
    return row


def forget_what_is_not_theirs_to_show(session: Session, row: Registration, *, actor: Actor, now: datetime) -> None:
    """Delete sensitive answers that who corrects an address may not read: the link that goes there opens them.

    It opens those to the follow-up form, those of who comes along and the files that answer, too.
    """
    if sensitive_reach(actor, row.opening).covers(row.organisation_id):
        return
    session.refresh(row, ["companions"])
    asked = request_of(session, row.id)
    sheets = (row.answer_sheet, asked.sheet if asked else None, *(one.answer_sheet for one in row.companions))
    for sheet in sheets:
        if sheet is not None:
            forget_sensitive_on(session, sheet, now=now)


def forget_sensitive_on(session: Session, sheet: AnswerSheet, *, now: datetime) -> None:
    """Delete the sensitive answers of one sheet, with their files."""
    session.refresh(sheet, ["answers"])
    secret = [one for one in sheet.answers if one.question.is_sensitive]
    forget_parts(session, SHEET, [(sheet.id, one.question_id) for one in secret], now=now)
    for one in secret:
        session.delete(one)
    session.flush()
    session.expire(sheet, ["answers"])


def letters_of(session: Session, former: Person, row: Registration) -> ColumnElement[bool]:
    """Return which letters are meant for whose place it is: of a guest of whom nothing else is known, every one."""
    if is_all_there_is(session, former, row):
        return OutboxMessage.person_id == former.id
    return OutboxMessage.id.in_(letters_about(session, row))


def refuse_twice(session: Session, row: Registration, person: Person) -> None:
    """Refuse an address under which somebody has a live registration for the same already."""
    same = (Registration.opening_id == row.opening_id, Registration.person_id == person.id, Registration.id != row.id)
    if session.scalar(select(Registration.id).where(*same, Registration.state.in_(LIVE)).limit(1)) is not None:
        raise Refusal(THERE, field="address")


def tell(session: Session, row: Registration, *, now: datetime) -> None:
    """Send the letter about the place to the new address, unless it waits to go there anyway."""
    letter = ENTERED.get(row.state)
    waits = (
        select(OutboxMessage.id)
        .where(OutboxMessage.subject_kind == "registration", OutboxMessage.subject_id == row.id)
        .where(OutboxMessage.letter == letter, OutboxMessage.state.in_(WAITING))
    )
    if letter is not None and session.scalar(waits.limit(1)) is None:
        send(session, row, letter, key=f":corrected:{now:%Y%m%d%H%M%S%f}", now=now)
