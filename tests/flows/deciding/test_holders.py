"""Who turns the keys of an opening: a person named by their own university, for whoever registers from then on."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core.refusal import Refusal
from programme.engines.registration.deciding.models import KeyHolder
from programme.engines.registration.deciding.queries import named_holders
from programme.engines.registration.models import Opening
from programme.flows.deciding.settings import name_holder
from programme.flows.keeping.erasing import erase_person
from programme.people.identity import actor_of
from programme.people.models import Person
from programme.people.permissions import NOBODY
from tests.factories.cast import Cast
from tests.flows.conftest import NOW, Enter, actor_for
from tests.flows.deciding.conftest import YES, key_of, letters, say
from tests.flows.deciding.test_keys import OLGA

PAT = "pat@example.org"


def name_pat(session: Session, opening: Opening, organisation_id: int, by: Person, address: str = PAT) -> None:
    """Somebody names Pat, or nobody; commits."""
    name_holder(session, opening.id, organisation_id, name="Pat", address=address, actor=actor_of(by), now=NOW)
    session.commit()


def test_whoever_is_named_gets_the_keys_from_then_on(
    session: Session, people: Cast, opening: Opening, enter: Enter
) -> None:
    first = enter(opening, people.alice.address, actor=actor_for(people.alice)).registration
    name_pat(session, opening, people.oxford.id, people.omar)
    second = enter(opening, people.charlie.address, actor=actor_for(people.charlie)).registration
    assert [to for kind, to in letters(session) if kind == "key_asked"][-2:] == [OLGA, PAT]
    assert key_of(session, first, people.oxford.id).delegate_id is None
    assert key_of(session, second, people.oxford.id).delegate is not None
    say(session, second, people.omar, people.oxford.id, YES)
    name_pat(session, opening, people.oxford.id, people.omar, address="")
    assert named_holders(session, opening.id) == {}
    third = enter(opening, people.bob.address, actor=actor_for(people.bob)).registration
    assert key_of(session, third, people.oxford.id).delegate_id is None


def test_each_university_names_its_own_only(session: Session, people: Cast, opening: Opening) -> None:
    for organisation, who in ((people.oxford, people.olga), (people.council, people.omar), (people.oxford, people.ada)):
        with pytest.raises(Refusal, match="each university say who turns"):
            name_pat(session, opening, organisation.id, who)
        session.rollback()


def test_who_is_deleted_holds_no_key(app: Flask, session: Session, people: Cast, opening: Opening) -> None:
    name_pat(session, opening, people.oxford.id, people.omar)
    pat = session.scalars(select(Person).where(Person.address == PAT)).one()
    erase_person(session, pat, app.extensions["keepers"], actor=NOBODY, now=NOW)
    session.commit()
    assert session.scalars(select(KeyHolder)).all() == []
