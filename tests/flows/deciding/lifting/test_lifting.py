"""Lifting keys: never by one university while somebody waits for them, and never in silence."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core.audit import AuditEntry
from programme.core.refusal import Refusal
from programme.engines.mail.models import OutboxMessage
from programme.engines.registration.deciding.actions import Wanted
from programme.engines.registration.deciding.queries import keyed_terms
from programme.engines.registration.deciding.states import DecidedBy
from programme.engines.registration.models import Opening
from programme.engines.registration.openings.editing.details import Details
from programme.flows import admitting
from programme.flows.deciding.settings import set_terms
from programme.flows.roll.opening import edit_opening
from programme.people.identity import actor_of
from programme.people.models import Person, Role
from tests.factories import cast
from tests.factories.cast import Cast
from tests.flows.conftest import NOW, Enter, actor_for, states
from tests.flows.deciding.conftest import NO, YES, say

TERMS = "key_terms_changed"
KEYS, ANYBODY = Wanted(decided_by=DecidedBy.KEYS), Wanted()
FIRST_COME = Details(title="Summer school", capacity=1)


def told(session: Session) -> list[OutboxMessage]:
    """The letters about changed terms, in order."""
    rows = select(OutboxMessage).where(OutboxMessage.letter == TERMS)
    return list(session.scalars(rows.order_by(OutboxMessage.id)))


def set_by(session: Session, opening: Opening, who: Person, wanted: Wanted) -> None:
    """Somebody sets how an opening decides; commits."""
    set_terms(session, opening.id, wanted, actor=actor_of(who), now=NOW)
    session.commit()


def test_one_university_lifts_no_keys_that_somebody_waits_for(
    session: Session, people: Cast, opening: Opening, enter: Enter
) -> None:
    row = enter(opening, people.charlie.address, actor=actor_for(people.charlie)).registration
    say(session, row, people.omar, people.oxford.id, YES)
    for who in (people.omar, people.olga):
        with pytest.raises(Refusal, match="wait for the universities’ keys: turn every key first"):
            set_by(session, opening, who, ANYBODY)
        session.rollback()
    with pytest.raises(Refusal, match="wait for a decision"):
        edit_opening(session, opening.id, FIRST_COME, actor=actor_of(people.omar), now=NOW)
    session.rollback()
    assert keyed_terms(session, opening) is not None
    assert (states(session), told(session)) == ({people.charlie.address: "pending"}, [])


def test_whoever_organises_for_both_lifts_keys_that_somebody_waits_for(
    session: Session, people: Cast, opening: Opening, enter: Enter
) -> None:
    enter(opening, people.charlie.address, actor=actor_for(people.charlie))
    cast.grant(session, people.omar, Role.ORGANISER, organisation=people.liverpool)
    session.commit()
    session.expire_all()
    set_by(session, opening, people.omar, ANYBODY)
    assert keyed_terms(session, opening) is None
    assert [row.recipient for row in told(session)] == [people.olga.address]


def test_lifting_keys_tells_the_other_university_who_did_it_and_what_was_before(
    app: Flask, session: Session, people: Cast, opening: Opening
) -> None:
    set_by(session, opening, people.omar, ANYBODY)
    (row,) = told(session)
    letter = app.extensions["mail_room"].letters[TERMS].compose(session, row, now=NOW)
    assert letter is not None
    assert row.recipient == people.olga.address
    assert letter.variables["who"] == people.omar.name
    assert letter.variables["rows"] == [["Who decides", "A key of each university", "Any organiser"]]
    entry = session.scalars(select(AuditEntry).where(AuditEntry.verb == "changed how it decides")).all()[-1]
    assert (entry.person_id, entry.before, entry.after) == (
        people.omar.id,
        {"decided_by": "keys"},
        {"decided_by": "organisers"},
    )


def test_less_time_for_keys_and_another_address_are_told_and_no_address_is_named(
    session: Session, people: Cast, opening: Opening
) -> None:
    wanted = Wanted(decided_by=DecidedBy.KEYS, days=2, escalation_address="dean@example.ac.uk")
    set_by(session, opening, people.olga, wanted)
    (row,) = told(session)
    assert row.recipient == people.omar.address
    assert row.context["changed"] == [
        ["Each key has", "14 days", "2 days"],
        ["Told when late", "Organisers alone", "An address, too"],
    ]
    set_by(session, opening, people.olga, wanted)
    assert len(told(session)) == 1, "what stays is not told again"


def test_giving_places_in_another_way_lifts_keys_and_is_told_and_written_down(
    session: Session, people: Cast, opening: Opening
) -> None:
    edit_opening(session, opening.id, FIRST_COME, actor=actor_of(people.omar), now=NOW)
    session.commit()
    (row,) = told(session)
    assert row.recipient == people.olga.address
    assert row.context["changed"] == [
        ["Who decides", "A key of each university", "Nobody, as places are given in another way"]
    ]
    verbs = session.scalars(select(AuditEntry.verb).where(AuditEntry.person_id == people.omar.id)).all()
    assert "lifted its keys" in verbs


def test_a_no_of_the_keys_stands_after_they_are_lifted(
    session: Session, people: Cast, opening: Opening, enter: Enter
) -> None:
    row = enter(opening, people.charlie.address, actor=actor_for(people.charlie)).registration
    say(session, row, people.olga, people.liverpool.id, NO)
    set_by(session, opening, people.omar, ANYBODY)
    with pytest.raises(Refusal, match="one said no: that stands"):
        admitting.promote_registration(session, row.id, actor=actor_of(people.omar), now=NOW)
    session.rollback()
    assert states(session) == {people.charlie.address: "refused"}


def test_setting_keys_tells_nobody_of_changed_terms(session: Session, people: Cast, opening: Opening) -> None:
    set_by(session, opening, people.omar, ANYBODY)
    set_by(session, opening, people.omar, KEYS)
    assert len(told(session)) == 1
