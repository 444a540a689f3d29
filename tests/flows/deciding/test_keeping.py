"""What keys and notes keep on people: taken out of them, and never in the file of whom they are about."""

import json

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from programme.engines.approvals.models import Approval, ApprovalKey, SignOffLink
from programme.engines.mail.models import OutboxMessage
from programme.engines.registration.models import Opening
from programme.engines.registration.notes.actions import write
from programme.engines.registration.notes.models import RegistrationNote
from programme.flows.deciding.keys import delegate_key
from programme.flows.deciding.registrations import SUBJECTS
from programme.flows.keeping.erasing import erase_person, erase_registration
from programme.flows.keeping.taking_away import everything
from programme.people.identity import actor_of
from programme.people.models import Person
from programme.people.permissions import NOBODY
from tests.factories.cast import Cast
from tests.flows.conftest import NOW, Enter, actor_for
from tests.flows.deciding.conftest import YES, key_of, say


def file_of(app: Flask, session: Session, person: Person) -> str:
    """What somebody takes away."""
    text = "".join(everything(session, person.id, app.extensions["keepers"], now=NOW))
    json.loads(text)
    return text


def test_what_keys_say_is_in_nobody_else_s_file(
    app: Flask, session: Session, people: Cast, opening: Opening, enter: Enter
) -> None:
    row = enter(opening, people.charlie.address, actor=actor_for(people.charlie)).registration
    say(session, row, people.omar, people.oxford.id, YES, reason="Weak in optics.")
    write(session, row, "Knows the hosts.", actor=actor_of(people.omar), now=NOW)
    session.commit()
    for words in ("Weak in optics.", "Knows the hosts."):
        assert words in file_of(app, session, people.omar)
        assert words not in file_of(app, session, people.charlie)
        assert words not in file_of(app, session, people.olga)


def test_who_is_decided_about_takes_the_deliberation_along(
    app: Flask, session: Session, people: Cast, opening: Opening, enter: Enter
) -> None:
    row = enter(opening, people.charlie.address, actor=actor_for(people.charlie)).registration
    say(session, row, people.omar, people.oxford.id, YES, reason="Weak in optics.")
    write(session, row, "Knows the hosts.", actor=actor_of(people.omar), now=NOW)
    session.commit()
    erase_registration(session, row, app.extensions["keepers"], now=NOW)
    session.commit()
    for table in (Approval, ApprovalKey, SignOffLink, RegistrationNote):
        assert session.scalar(select(func.count()).select_from(table)) == 0, table
    assert set(session.scalars(select(OutboxMessage.letter))) <= {"data_deleted", "registration_pending"}


def test_an_organiser_or_delegate_who_goes_is_named_no_more(
    app: Flask, session: Session, people: Cast, opening: Opening, enter: Enter
) -> None:
    row = enter(opening, people.charlie.address, actor=actor_for(people.charlie)).registration
    say(session, row, people.omar, people.oxford.id, YES, reason="Good.")
    write(session, row, "Knows the hosts.", actor=actor_of(people.omar), now=NOW)
    key = key_of(session, row, people.liverpool.id)
    olga = actor_of(people.olga)
    delegate_key(session, key.id, name="Pat", address="pat@example.org", subjects=SUBJECTS, actor=olga, now=NOW)
    session.commit()
    pat = session.scalars(select(Person).where(Person.address == "pat@example.org")).one()
    for person in (people.omar, pat):
        erase_person(session, person, app.extensions["keepers"], actor=NOBODY, now=NOW)
    session.commit()
    oxfords, liverpools = (key_of(session, row, one.id) for one in (people.oxford, people.liverpool))
    assert (oxfords.turned_by_id, oxfords.reason, liverpools.delegate_id) == (None, "Good.", None)
    assert [note.author_id for note in session.scalars(select(RegistrationNote))] == [None]
