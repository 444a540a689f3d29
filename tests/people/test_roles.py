"""Roles: who may give which, what is refused, and what the trail says."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core.audit import AuditEntry
from programme.core.refusal import Refusal
from programme.people import roles
from programme.people.identity import actor_of
from programme.people.models import Role, RoleGrant, Strand
from programme.people.permissions import Actor, Grant, Scope, Verb, may, may_grant
from tests.factories.cast import assemble
from tests.factories.cast import grant as held

NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
PLACES = st.integers(1, 3)
GRANTS = st.builds(
    Grant,
    role=st.sampled_from([Role.ORGANISER, Role.HELPER, Role.PARTNER]),
    organisation=PLACES,
    strand=st.none() | st.sampled_from(Strand),
)


@given(mine=GRANTS, wanted=GRANTS)
def test_nobody_gives_more_than_they_hold(mine: Grant, wanted: Grant) -> None:
    if may_grant(Actor(person_id=1, grants=(mine,)), wanted):
        assert mine.role is Role.ORGANISER
        assert wanted.role in {Role.ORGANISER, Role.HELPER}
        assert wanted.organisation == mine.organisation
        assert mine.strand in {None, wanted.strand}


@given(wanted=GRANTS)
def test_administrator_gives_anything_and_a_stranger_nothing(wanted: Grant) -> None:
    assert may_grant(Actor(person_id=1, grants=(Grant(Role.ADMINISTRATOR),)), wanted)
    assert not may_grant(Actor(person_id=1), wanted)


@given(
    mine=st.lists(GRANTS.filter(lambda held: held.role is Role.ORGANISER), max_size=3).map(tuple),
    organisation=PLACES,
    strand=st.none() | st.sampled_from(Strand),
    thing=st.builds(
        Scope,
        lead=PLACES,
        co_owners=st.frozensets(PLACES),
        strand=st.sampled_from(Strand),
        subject=st.just(("opening", 1)),
        parents=st.sets(st.sampled_from([("event", 1), ("event", 2), ("series", 1)])).map(tuple),
    ),
)
def test_nobody_shows_a_helper_names_that_they_do_not_see_themselves(
    mine: tuple[Grant, ...], organisation: int, strand: Strand | None, thing: Scope
) -> None:
    giver, wanted = Actor(person_id=1, grants=mine), Grant(Role.HELPER, organisation, strand, ("event", 1))
    if may_grant(giver, wanted) and may(Actor(person_id=2, grants=(wanted,)), Verb.SEE_NAMES, thing):
        assert may(giver, Verb.SEE_NAMES, thing)


def test_organiser_of_one_strand_gives_only_that_one() -> None:
    olga = Actor(person_id=1, grants=(Grant(Role.ORGANISER, 1, Strand.COHORTS),))
    assert may_grant(olga, Grant(Role.ORGANISER, 1, Strand.COHORTS))
    assert not may_grant(olga, Grant(Role.ORGANISER, 1, Strand.EXCHANGE))
    assert not may_grant(olga, Grant(Role.ORGANISER, 1))


def test_organiser_cannot_make_an_administrator() -> None:
    assert not may_grant(Actor(person_id=1, grants=(Grant(Role.ORGANISER, 1),)), Grant(Role.ADMINISTRATOR))


def test_role_is_given_once_and_written_down(session: Session) -> None:
    cast = assemble(session)
    wanted = Grant(Role.ORGANISER, cast.liverpool.id, Strand.PLACEMENTS)
    first, is_new = roles.grant(session, actor=actor_of(cast.olga), holder=cast.alice, wanted=wanted, now=NOW)
    again, is_new_again = roles.grant(session, actor=actor_of(cast.olga), holder=cast.alice, wanted=wanted, now=NOW)
    assert (is_new, is_new_again) == (True, False)
    assert first.id == again.id
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.verb, entry.person_id, entry.organisation_id) == ("grant a role", cast.olga.id, cast.liverpool.id)
    assert entry.after is not None
    assert entry.after["strand"] == "placements"


def test_oxford_cannot_give_or_take_back_liverpools_roles(session: Session) -> None:
    cast = assemble(session)
    omar = actor_of(cast.omar)
    with pytest.raises(Refusal, match="what you organise"):
        roles.grant(session, actor=omar, holder=cast.bob, wanted=Grant(Role.ORGANISER, cast.liverpool.id), now=NOW)
    with pytest.raises(Refusal, match="what you organise"):
        roles.revoke(session, cast.olga.grants[0], actor=omar, now=NOW)


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        (Grant(Role.ADMINISTRATOR, 1), "whole installation"),
        (Grant(Role.ORGANISER), "Choose the organisation"),
        (Grant(Role.PARTNER), "Choose the organisation"),
        (Grant(Role.HELPER, 1), "say which"),
    ],
)
def test_role_whose_scope_makes_no_sense_is_refused(wanted: Grant, says: str) -> None:
    with pytest.raises(Refusal, match=says):
        roles.check_shape(wanted)


def test_revoked_role_is_gone_and_written_down(session: Session) -> None:
    cast = assemble(session)
    row = held(session, cast.alice, Role.ORGANISER, organisation=cast.liverpool, strand=Strand.COHORTS)
    session.refresh(cast.alice)
    roles.revoke(session, row, actor=actor_of(cast.olga), now=NOW)
    assert session.scalars(select(RoleGrant).where(RoleGrant.person_id == cast.alice.id)).all() == []
    assert session.scalars(select(AuditEntry.verb)).all() == ["revoke a role"]


def test_last_administrator_stays(session: Session) -> None:
    cast = assemble(session)
    with pytest.raises(Refusal, match="only administrator"):
        roles.revoke(session, cast.ada.grants[0], actor=actor_of(cast.ada), now=NOW)
    wanted = Grant(Role.ADMINISTRATOR)
    roles.grant(session, actor=actor_of(cast.ada), holder=cast.bob, wanted=wanted, now=NOW)
    roles.revoke(session, cast.ada.grants[0], actor=actor_of(cast.bob), now=NOW)
    assert not actor_of(cast.ada).is_administrator
