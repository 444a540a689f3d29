"""Turning keys, one after the other: what decides, what changes nothing, and what is refused."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core.refusal import Refusal
from programme.engines.approvals import actions
from programme.engines.approvals.actions import Asked, Turn
from programme.engines.approvals.models import Approval, SignOffLink
from programme.engines.approvals.queries import key_of_link, latest_approval, open_approval, waiting_for
from programme.engines.approvals.rights import holds, may_turn
from programme.engines.approvals.states import ApprovalState, KeyState
from programme.people.identity import actor_of
from programme.people.permissions import NOBODY, Scope
from tests.engines.approvals.conftest import NOW, THING
from tests.factories.cast import Cast

YES, NO = Turn(says=KeyState.YES, person_id=None), Turn(says=KeyState.NO, person_id=None, reason="Too late.")


def states(approval: Approval) -> list[KeyState]:
    return [key.state for key in approval.keys]


def test_both_keys_say_yes_and_it_is_granted(session: Session, approval: Approval) -> None:
    first = actions.turn(session, approval.keys[0].id, YES, now=NOW)
    assert (first.changed, first.decided, approval.state) == (True, False, ApprovalState.OPEN)
    second = actions.turn(session, approval.keys[1].id, YES, now=NOW)
    assert (second.decided, approval.state, approval.decided_at) == (True, ApprovalState.GRANTED, NOW)


def test_one_no_ends_it_and_the_other_key_is_not_needed(session: Session, approval: Approval) -> None:
    assert actions.turn(session, approval.keys[0].id, NO, now=NOW).decided
    assert approval.state is ApprovalState.REFUSED
    assert states(approval) == [KeyState.NO, KeyState.CLOSED]
    with pytest.raises(Refusal, match="Another key said no"):
        actions.turn(session, approval.keys[1].id, YES, now=NOW)


def test_a_no_after_a_yes_ends_it_too(session: Session, approval: Approval) -> None:
    actions.turn(session, approval.keys[0].id, YES, now=NOW)
    actions.turn(session, approval.keys[1].id, NO, now=NOW)
    assert (approval.state, states(approval)) == (ApprovalState.REFUSED, [KeyState.YES, KeyState.NO])


def test_the_same_turn_again_changes_nothing_and_another_is_refused(session: Session, approval: Approval) -> None:
    key = approval.keys[0]
    actions.turn(session, key.id, YES, now=NOW)
    assert not actions.turn(session, key.id, replace(YES, reason="Again"), now=NOW).changed
    assert key.reason == ""
    with pytest.raises(Refusal, match="turned already: yes"):
        actions.turn(session, key.id, NO, now=NOW)


def test_one_key_alone_decides(session: Session, people: Cast) -> None:
    asked = Asked(subject=("agreement", 8), lead_id=people.oxford.id, organisation_ids=(people.oxford.id,))
    alone = actions.ask(session, asked, now=NOW)
    assert actions.turn(session, alone.keys[0].id, YES, now=NOW).decided


def test_what_is_asked_twice_is_one_decision(session: Session, people: Cast, approval: Approval) -> None:
    asked = Asked(subject=THING, lead_id=people.oxford.id, organisation_ids=(people.oxford.id,))
    assert actions.ask(session, asked, now=NOW).id == approval.id


def test_withdrawn_it_is_not_asked_any_more(session: Session, approval: Approval) -> None:
    assert actions.withdraw(session, *THING, now=NOW) is approval
    assert actions.withdraw(session, *THING, now=NOW) is None
    assert open_approval(session, *THING) is None
    assert latest_approval(session, *THING) is approval
    with pytest.raises(Refusal, match="Nobody asks"):
        actions.turn(session, approval.keys[0].id, YES, now=NOW)


def test_turned_before_it_was_withdrawn_a_key_does_not_say_that_it_counts(session: Session, approval: Approval) -> None:
    key = approval.keys[0]
    actions.turn(session, key.id, YES, now=NOW)
    actions.withdraw(session, *THING, now=NOW)
    with pytest.raises(Refusal, match="turned already"):
        actions.turn(session, key.id, YES, now=NOW)


def test_links_are_kept_hashed_and_end_when_the_key_is_turned_delegated_or_withdrawn(
    session: Session, people: Cast, approval: Approval
) -> None:
    key, other = approval.keys
    told = actions.make_link(session, key.id, people.olga.id, now=NOW)
    found = key_of_link(session, told)
    assert found is not None
    assert (found.key_id, found.ended_at) == (key.id, None)
    assert told not in {row.token_hash for row in session.scalars(select(SignOffLink))}
    actions.delegate(session, key.id, people.charlie.id, now=NOW)
    session.expire_all()
    assert found.ended_at == NOW
    later = actions.make_link(session, key.id, people.charlie.id, now=NOW)
    others = actions.make_link(session, other.id, people.omar.id, now=NOW)
    actions.turn(session, key.id, NO, now=NOW)
    session.expire_all()
    assert [row.ended_at for row in session.scalars(select(SignOffLink))] == [NOW, NOW, NOW]
    assert key_of_link(session, later) is not None
    assert key_of_link(session, others + "x") is None


def test_a_turned_key_is_given_to_nobody(session: Session, people: Cast, approval: Approval) -> None:
    actions.turn(session, approval.keys[0].id, YES, now=NOW)
    with pytest.raises(Refusal, match="turned already"):
        actions.delegate(session, approval.keys[0].id, people.charlie.id, now=NOW)


def test_a_key_is_its_own_organisers_or_its_delegates(session: Session, people: Cast, approval: Approval) -> None:
    liverpools, oxfords = approval.keys
    shared = Scope(lead=people.oxford.id, co_owners=frozenset({people.liverpool.id}))
    olga, omar, charlie = (actor_of(one) for one in (people.olga, people.omar, people.charlie))
    assert holds(olga, liverpools, shared)
    assert not holds(olga, oxfords, shared)
    assert holds(omar, oxfords, shared)
    assert not may_turn(charlie, oxfords, shared)
    assert not may_turn(actor_of(people.ada), oxfords, shared)
    actions.delegate(session, oxfords.id, people.charlie.id, now=NOW)
    assert may_turn(charlie, oxfords, shared)
    assert not holds(charlie, oxfords, shared)
    assert not may_turn(NOBODY, oxfords, shared)


def test_an_organisation_that_shares_the_thing_no_more_turns_nothing(people: Cast, approval: Approval) -> None:
    alone = Scope(lead=people.oxford.id)
    assert not holds(actor_of(people.olga), approval.keys[0], alone)


def test_everybody_sees_the_keys_that_wait_for_them(session: Session, people: Cast, approval: Approval) -> None:
    def waiting(person: object) -> list[int]:
        return [key.id for key in session.scalars(waiting_for(actor_of(person)))]  # type: ignore[arg-type]

    liverpools, oxfords = approval.keys
    assert (waiting(people.olga), waiting(people.omar)) == ([liverpools.id], [oxfords.id])
    assert waiting(people.charlie) == waiting(people.ada) == []
    actions.turn(session, liverpools.id, YES, now=NOW)
    assert (waiting(people.olga), waiting(people.omar)) == ([], [oxfords.id])


def test_taken_back_the_keys_wait_as_before(session: Session, approval: Approval) -> None:
    actions.turn(session, approval.keys[0].id, NO, now=NOW)
    actions.take_back(session, approval.keys[0].id)
    assert (approval.state, states(approval)) == (ApprovalState.OPEN, [KeyState.WAITING, KeyState.WAITING])
    assert (approval.decided_at, approval.keys[0].reason) == (None, "")
