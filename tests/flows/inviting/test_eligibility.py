"""Groups, lists and invitations are asked under the lock, as they are then; each no is a sentence at the address."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from programme.core.refusal import Refusal
from programme.engines.registration.eligibility import invitations, lists
from programme.engines.registration.eligibility.models import Invitation
from programme.engines.registration.models import Opening, Registration
from programme.engines.registration.roll.pasted import Pasted
from programme.engines.registration.states import Eligibility, InvitationState
from programme.flows.admitting import add_person
from programme.flows.inviting.inviting import invite_again, invite_people, judged
from programme.flows.registering import SignUp, cancel_registration, sign_up
from programme.people.groups.models import Group, GroupMember
from programme.people.models import Basis
from programme.people.permissions import NOBODY, Actor
from tests.factories import things
from tests.factories.cast import Cast
from tests.flows.conftest import NOW, Enter, actor_for, letters, states

ANNA, BEN = "anna@example.org", "ben@example.org"
Limited = Callable[[Eligibility], Opening]
S = InvitationState


@pytest.fixture
def limited(session: Session, opening: Opening) -> Limited:
    def made(eligibility: Eligibility) -> Opening:
        opening.eligibility, opening.capacity = eligibility, 20
        session.commit()
        return opening

    return made


@pytest.fixture
def organiser(people: Cast) -> Actor:
    return Actor(person_id=people.omar.id, name=people.omar.name, address=people.omar.address)


def pasted(*addresses: str) -> list[Pasted]:
    return [Pasted(number, address.partition("@")[0].title(), address) for number, address in enumerate(addresses, 1)]


def invited(session: Session, opening: Opening, organiser: Actor, *addresses: str) -> list[Invitation]:
    made = invite_people(session, opening.id, pasted(*addresses), actor=organiser, now=NOW)
    session.commit()
    return made


def by_link(session: Session, row: Invitation, address: str, *, key: str = "k") -> Registration:
    sent = SignUp(
        name="Somebody", address=address, organisation_id=None, answers={}, form_key=key, invitation_id=row.id
    )
    return sign_up(session, row.opening_id, sent, actor=NOBODY, now=NOW).registration


def state_of(session: Session, row: Invitation) -> InvitationState:
    session.expire_all()
    return session.get_one(Invitation, row.id).state


def test_of_a_group_only_its_people_register(session: Session, people: Cast, limited: Limited, enter: Enter) -> None:
    opening = limited(Eligibility.GROUP)
    group = Group(title="Steering group", organisation_id=people.oxford.id, created_at=NOW)
    group.members = [GroupMember(person_id=people.bob.id, added_at=NOW)]
    other = Group(title="Another group", organisation_id=people.oxford.id, created_at=NOW)
    other.members = [GroupMember(person_id=people.alice.id, added_at=NOW)]
    session.add_all([group, other])
    session.flush()
    opening.eligible_group_id = group.id
    session.commit()
    enter(opening, people.bob.address, actor=actor_for(people.bob))
    with pytest.raises(Refusal, match="people of one group") as refused:
        enter(opening, people.alice.address, actor=actor_for(people.alice))
    assert refused.value.field == "email"


@pytest.mark.one_database
def test_whoever_left_the_group_meanwhile_is_told_so(
    session: Session, people: Cast, limited: Limited, enter: Enter
) -> None:
    opening = limited(Eligibility.GROUP)
    group = Group(title="Steering group", organisation_id=people.oxford.id, created_at=NOW)
    session.add(group)
    session.flush()
    opening.eligible_group_id = group.id
    session.commit()
    with pytest.raises(Refusal, match="people of one group"):
        enter(opening, people.bob.address, actor=actor_for(people.bob))


@pytest.mark.one_database
def test_a_group_that_is_gone_lets_nobody_in(session: Session, people: Cast, limited: Limited, enter: Enter) -> None:
    opening = limited(Eligibility.GROUP)
    assert opening.eligible_group_id is None
    with pytest.raises(Refusal, match="people of one group"):
        enter(opening, people.bob.address, actor=actor_for(people.bob))


def test_whose_membership_ended_since_the_page_was_opened_does_not_register(
    session: Session, people: Cast, limited: Limited, enter: Enter
) -> None:
    opening = limited(Eligibility.MEMBERS)
    opening.members_of = [people.oxford]
    for tie in people.charlie.affiliations:
        tie.basis = Basis.CLAIMED
    session.commit()
    as_it_was = Actor(
        person_id=people.charlie.id, address=people.charlie.address, member_of=frozenset({people.oxford.id})
    )
    with pytest.raises(Refusal, match="for members of the University of Oxford"):
        enter(opening, people.charlie.address, actor=as_it_was)


def test_of_a_list_only_its_addresses_register_however_they_are_written(
    session: Session, limited: Limited, enter: Enter, organiser: Actor
) -> None:
    opening = limited(Eligibility.ADDRESSES)
    assert lists.add(session, opening.id, [ANNA, ANNA.upper()], actor=organiser, now=NOW) == 1
    assert lists.add(session, opening.id, [ANNA, BEN], actor=organiser, now=NOW) == 1
    session.commit()
    enter(opening, ANNA.title())
    lists.take_off(session, opening.id, [BEN], actor=organiser, now=NOW)
    session.commit()
    with pytest.raises(Refusal, match="this address is not on it"):
        enter(opening, BEN)


def test_whoever_is_invited_registers_by_the_link_and_needs_prove_nothing(
    session: Session, limited: Limited, organiser: Actor
) -> None:
    row = invited(session, limited(Eligibility.INVITED), organiser, ANNA)[0]
    registration = by_link(session, row, ANNA)
    session.commit()
    assert (registration.state.value, registration.prove_by) == ("confirmed", None)
    assert state_of(session, row) is S.ANSWERED
    assert letters(session) == [("invited", ANNA), ("registration_confirmed", ANNA)]


@pytest.mark.one_database
def test_another_address_is_told_whose_the_invitation_is(session: Session, limited: Limited, organiser: Actor) -> None:
    row = invited(session, limited(Eligibility.INVITED), organiser, ANNA)[0]
    with pytest.raises(Refusal, match=r"This invitation is for anna@example\.org") as refused:
        by_link(session, row, BEN)
    assert refused.value.field == "email"


@pytest.mark.one_database
def test_whoever_was_invited_and_cancelled_registers_again_by_the_same_link(
    session: Session, limited: Limited, organiser: Actor
) -> None:
    row = invited(session, limited(Eligibility.INVITED), organiser, ANNA)[0]
    cancel_registration(session, by_link(session, row, ANNA).id, now=NOW)
    session.commit()
    assert by_link(session, row, ANNA, key="again").state.value == "confirmed"
    assert state_of(session, row) is S.ANSWERED


@pytest.mark.one_database
def test_an_invitation_that_is_gone_is_told_in_a_sentence(session: Session, limited: Limited, organiser: Actor) -> None:
    row = invited(session, limited(Eligibility.INVITED), organiser, ANNA)[0]
    sent = SignUp(name="A", address=ANNA, organisation_id=None, answers={}, form_key="x", invitation_id=row.id + 1)
    with pytest.raises(Refusal, match="not there any more"):
        sign_up(session, row.opening_id, sent, actor=NOBODY, now=NOW)


@pytest.mark.one_database
@pytest.mark.parametrize("eligibility", [Eligibility.ADDRESSES, Eligibility.INVITED])
def test_who_is_asked_to_something_else_is_not_asked_to_this(
    session: Session, limited: Limited, enter: Enter, organiser: Actor, eligibility: Eligibility
) -> None:
    opening = limited(eligibility)
    beside = things.opening(session, events=list(opening.events), eligibility=eligibility)
    session.commit()
    lists.add(session, beside.id, [ANNA], actor=organiser, now=NOW)
    invited(session, beside, organiser, ANNA)
    assert enter(beside, ANNA).registration.state.value == "confirmed"
    with pytest.raises(Refusal, match=r"not on it|there is none"):
        enter(opening, ANNA)


@pytest.mark.one_database
def test_without_the_link_the_address_that_was_invited_registers_too_and_has_to_be_proved(
    session: Session, limited: Limited, enter: Enter, organiser: Actor
) -> None:
    opening = limited(Eligibility.INVITED)
    row = invited(session, opening, organiser, ANNA)[0]
    assert enter(opening, ANNA).registration.prove_by is not None
    assert state_of(session, row) is S.ANSWERED
    with pytest.raises(Refusal, match="there is none"):
        enter(opening, BEN)


def test_a_revoked_invitation_is_no_more_of_use_until_it_is_sent_again(
    session: Session, limited: Limited, enter: Enter, organiser: Actor
) -> None:
    opening = limited(Eligibility.INVITED)
    row = invited(session, opening, organiser, ANNA)[0]
    for number in (1, 0):
        assert invitations.revoke(session, opening.id, [row.id], actor=organiser, now=NOW) == number
        session.commit()
    for attempt in (lambda: by_link(session, row, ANNA), lambda: enter(opening, ANNA)):
        with pytest.raises(Refusal, match=r"taken this invitation back|there is none"):
            attempt()
        session.rollback()
    later = NOW + timedelta(days=1)
    assert invite_again(session, opening.id, [row.id], actor=organiser, now=later) == [row]
    session.commit()
    assert by_link(session, row, ANNA).state.value == "confirmed"
    assert [letter for letter, _ in letters(session)].count("invited") == 2


@pytest.mark.one_database
def test_who_has_answered_keeps_the_place_whatever_is_revoked(
    session: Session, limited: Limited, organiser: Actor
) -> None:
    row = invited(session, limited(Eligibility.INVITED), organiser, ANNA)[0]
    by_link(session, row, ANNA)
    session.commit()
    assert invitations.revoke(session, row.opening_id, [row.id], actor=organiser, now=NOW) == 0
    assert states(session) == {ANNA: "confirmed"}


@pytest.mark.one_database
def test_the_same_list_twice_invites_nobody_twice_and_tells_why(
    session: Session, limited: Limited, organiser: Actor
) -> None:
    opening = limited(Eligibility.INVITED)
    invited(session, opening, organiser, ANNA)
    assert [one.problem for one in judged(session, opening.id, pasted(ANNA, BEN))] == ["Invited already.", ""]
    assert [row.address for row in invited(session, opening, organiser, ANNA.upper(), BEN)] == [BEN]
    assert [row for row in letters(session) if row[0] == "invited"] == [("invited", ANNA), ("invited", BEN)]


@pytest.mark.one_database
def test_whoever_registered_before_is_invited_as_somebody_who_answered_and_not_written_to(
    session: Session, limited: Limited, enter: Enter, organiser: Actor
) -> None:
    opening = limited(Eligibility.ANYONE)
    enter(opening, ANNA)
    opening.eligibility = Eligibility.INVITED
    session.commit()
    assert [row.state for row in invited(session, opening, organiser, ANNA)] == [S.ANSWERED]
    assert "invited" not in [letter for letter, _ in letters(session)]


@pytest.mark.one_database
def test_an_invitation_to_something_else_opens_nothing_here(
    session: Session, people: Cast, limited: Limited, organiser: Actor
) -> None:
    row = invited(session, limited(Eligibility.INVITED), organiser, ANNA)[0]
    other = Opening(
        title="Another", strand=row.opening.strand, lead_organisation_id=people.oxford.id, created_at=NOW, events=[]
    )
    session.add(other)
    session.commit()
    sent = SignUp(name="A", address=ANNA, organisation_id=None, answers={}, form_key="x", invitation_id=row.id)
    with pytest.raises(Refusal, match="not there any more"):
        sign_up(session, other.id, sent, actor=NOBODY, now=NOW)


@pytest.mark.one_database
def test_whoever_is_added_by_an_organiser_has_answered(session: Session, limited: Limited, organiser: Actor) -> None:
    opening = limited(Eligibility.INVITED)
    row = invited(session, opening, organiser, ANNA)[0]
    add_person(session, opening.id, name="Anna", address=ANNA.upper(), actor=organiser, now=NOW)
    session.commit()
    assert state_of(session, row) is S.ANSWERED
