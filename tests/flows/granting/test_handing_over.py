"""A colleague leaves: what they looked after goes to a successor, and nothing else does."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core.audit import AuditEntry
from programme.core.refusal import Refusal
from programme.engines.mail.models import OutboxMessage
from programme.flows.granting.handing_over import hand_over, preview
from programme.people.identity import actor_of
from programme.people.models import Person, Role, Strand
from programme.people.permissions import Actor, Grant
from tests.factories.cast import Cast, assemble
from tests.factories.things import event, opening, series

NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)


def test_contacts_and_roles_go_to_the_successor(session: Session) -> None:
    cast = assemble(session)
    mine = event(session, lead=cast.liverpool, contact_name="Olga", contact_address="OLGA@liverpool.example.ac.uk")
    run = series(session, lead=cast.liverpool, contact_address=cast.olga.address)
    door = opening(session, events=[mine], contact_address=cast.olga.address)
    before = mine.version
    things = move(session, cast, cast.olga, cast.alice, actor=actor_of(cast.olga))
    for row in (mine, run, door):
        session.refresh(row)
        assert (row.contact_name, row.contact_address) == (cast.alice.name, cast.alice.address)
    assert things == ["1 event", "1 series", "1 opening", "1 role"]
    assert mine.version == before + 1
    assert mine.sequence == 0
    assert [grant.role for grant in cast.alice.grants] == [Role.ORGANISER]
    assert cast.olga.grants == []


def test_what_others_look_after_or_lead_stays(session: Session) -> None:
    cast = assemble(session)
    anothers = event(session, lead=cast.liverpool, contact_address="somebody@liverpool.example.ac.uk")
    oxfords = event(session, lead=cast.oxford, contact_address=cast.olga.address)
    move(session, cast, cast.olga, cast.alice, actor=actor_of(cast.olga))
    session.refresh(anothers)
    session.refresh(oxfords)
    assert anothers.contact_address == "somebody@liverpool.example.ac.uk"
    assert oxfords.contact_address == cast.olga.address


def test_preview_counts_and_changes_nothing(session: Session) -> None:
    cast = assemble(session)
    mine = event(session, lead=cast.liverpool, contact_address=cast.olga.address)
    things = preview(
        session, actor=actor_of(cast.olga), leaver=cast.olga, successor=cast.alice, organisation=cast.liverpool
    )
    assert (things.events, things.roles, things.total) == (1, 1, 2)
    session.refresh(mine)
    assert mine.contact_address == cast.olga.address


def test_other_universitys_organiser_may_not(session: Session) -> None:
    cast = assemble(session)
    with pytest.raises(Refusal, match="your own organisation"):
        move(session, cast, cast.olga, cast.bob, actor=actor_of(cast.omar))


def test_organiser_of_one_strand_hands_over_only_that_strand(session: Session) -> None:
    cast = assemble(session)
    cohort = event(session, lead=cast.liverpool, strand=Strand.COHORTS, contact_address=cast.olga.address)
    talk = event(session, lead=cast.liverpool, strand=Strand.EXCHANGE, contact_address=cast.olga.address)
    narrow = Actor(person_id=cast.alice.id, grants=(Grant(Role.ORGANISER, cast.liverpool.id, Strand.COHORTS),))
    assert move(session, cast, cast.olga, cast.alice, actor=narrow) == ["1 event"]
    session.refresh(cohort)
    session.refresh(talk)
    assert (cohort.contact_address, talk.contact_address) == (cast.alice.address, cast.olga.address)
    assert len(cast.olga.grants) == 1


def test_role_that_both_hold_stays_once(session: Session) -> None:
    cast = assemble(session)
    other = Person(name="Orla", address="orla@x.ac.uk", address_key="orla@x.ac.uk", created_at=NOW)
    other.grants = [type(cast.olga.grants[0])(role=Role.ORGANISER, organisation_id=cast.liverpool.id, granted_at=NOW)]
    session.add(other)
    session.flush()
    move(session, cast, cast.olga, other, actor=actor_of(cast.ada))
    assert [grant.organisation_id for grant in other.grants] == [cast.liverpool.id]


def test_it_is_written_down_and_the_successor_is_told(session: Session) -> None:
    cast = assemble(session)
    event(session, lead=cast.liverpool, contact_address=cast.olga.address)
    move(session, cast, cast.olga, cast.alice, actor=actor_of(cast.ada))
    entries = session.scalars(select(AuditEntry).where(AuditEntry.verb == "hand over")).all()
    letter = session.scalars(select(OutboxMessage)).one()
    assert [(entry.person_id, entry.organisation_id) for entry in entries] == [(cast.ada.id, cast.liverpool.id)]
    assert (letter.letter, letter.recipient) == ("things_handed_over", cast.alice.address)
    assert letter.context["counts"] == ["1 event", "1 role"]


def test_nothing_and_oneself_are_refused(session: Session) -> None:
    cast = assemble(session)
    with pytest.raises(Refusal, match="nothing to hand over"):
        move(session, cast, cast.alice, cast.olga, actor=actor_of(cast.ada))
    with pytest.raises(Refusal, match="somebody else"):
        move(session, cast, cast.olga, cast.olga, actor=actor_of(cast.ada))


def move(session: Session, cast: Cast, leaver: Person, successor: Person, *, actor: Actor) -> list[str]:
    """Hand over what `leaver` looks after for Liverpool, and say what."""
    people = {"leaver": leaver, "successor": successor}
    return hand_over(session, actor=actor, organisation=cast.liverpool, now=NOW, **people).in_words()
