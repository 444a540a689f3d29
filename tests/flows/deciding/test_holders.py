"""Who turns the keys of an opening: a person named by their own university, for whoever registers from then on."""

import pytest
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from programme.core.refusal import Refusal
from programme.engines.approvals.actions import Turn
from programme.engines.approvals.models import SignOffLink
from programme.engines.approvals.rights import organisers_of, still_holds
from programme.engines.approvals.states import KeyState
from programme.engines.registration.deciding.models import KeyHolder
from programme.engines.registration.deciding.queries import named_holders
from programme.engines.registration.models import Opening
from programme.flows.deciding.keys import turn_by_link
from programme.flows.deciding.registrations import SUBJECTS
from programme.flows.deciding.settings import name_holder
from programme.flows.keeping.erasing import erase_person
from programme.people.identity import actor_of
from programme.people.models import Organisation, Person, Role, RoleGrant, Strand
from programme.people.permissions import NOBODY
from tests.factories import cast
from tests.factories.cast import Cast
from tests.flows.conftest import NOW, Enter, actor_for
from tests.flows.deciding.conftest import YES, key_of, letters, say
from tests.flows.deciding.test_keys import OLGA, OMAR

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
    assert [to for kind, to in letters(session) if kind == "key_asked"] == [OLGA, OMAR, PAT]
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


def test_a_link_turns_nothing_after_its_persons_role_ended_and_does_again_with_the_role(
    session: Session, people: Cast, opening: Opening, enter: Enter
) -> None:
    row = enter(opening, people.charlie.address, actor=actor_for(people.charlie)).registration
    link = session.scalars(select(SignOffLink).where(SignOffLink.person_id == people.omar.id)).one()
    give_role(session, people.omar, people.oxford, strand=None)
    yes = Turn(says=YES, person_id=None)
    session.execute(delete(RoleGrant).where(RoleGrant.person_id == people.omar.id))
    session.commit()
    with pytest.raises(Refusal, match="You do not decide about this any more"):
        turn_by_link(session, link, yes, subjects=SUBJECTS, now=NOW)
    session.rollback()
    assert key_of(session, row, people.oxford.id).state is KeyState.WAITING
    give_role(session, people.omar, people.oxford, strand=opening.strand)
    assert turn_by_link(session, link, yes, subjects=SUBJECTS, now=NOW).changed


def test_a_link_is_held_by_just_those_whom_letters_would_be_sent_to(
    session: Session, people: Cast, opening: Opening, enter: Enter
) -> None:
    enter(opening, people.charlie.address, actor=actor_for(people.charlie))
    link = session.scalars(select(SignOffLink).where(SignOffLink.person_id == people.omar.id)).one()
    other = next(one for one in Strand if one is not opening.strand)
    for organisation, strand in (
        (people.oxford, None),
        (people.oxford, opening.strand),
        (people.oxford, other),
        (people.liverpool, None),
    ):
        session.execute(delete(RoleGrant).where(RoleGrant.person_id == people.omar.id))
        give_role(session, people.omar, organisation, strand=strand)
        told = session.scalars(organisers_of(people.oxford.id, opening.strand)).all()
        assert still_holds(session, link) is (people.omar in told), (organisation.slug, strand)


def give_role(session: Session, who: Person, organisation: Organisation, *, strand: Strand | None) -> None:
    """Somebody organises for an organisation; commits."""
    cast.grant(session, who, Role.ORGANISER, organisation=organisation, strand=strand)
    session.commit()
