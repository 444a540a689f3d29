"""Whose people a helper lets in: the table, the conditions for lists and for roles, and an oracle that knows none."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from programme.engines.registration.models import Opening
from programme.engines.registration.openings.rights import event_scope, listed_to
from programme.flows.door.helping import helps_at
from programme.people.models import Role, RoleGrant, Strand
from programme.people.permissions import Actor, Verb, may
from programme.people.roles import as_grant
from tests.factories import cast, things

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

STRANDS = (Strand.EXCHANGE, Strand.COHORTS)


def test_helpers_let_in_whom_those_who_asked_them_run_and_no_others(session: Session) -> None:
    people = cast.assemble(session)
    liverpool, oxford = people.liverpool, people.oxford
    run = things.series(session, lead=liverpool)
    whole = things.event(session, lead=liverpool, series_id=run.id)
    part, apart = (things.event(session, lead=liverpool, part_of_id=of) for of in (whole.id, None))
    subjects = {("series", run.id): {whole}, ("event", whole.id): {whole, part}, ("event", part.id): {part}}
    for event, lead, shared, strand in product((whole, part, apart), (liverpool, oxford), (True, False), STRANDS):
        row = things.opening(session, events=[event], lead_organisation_id=lead.id, strand=strand)
        row.co_owners = [liverpool if lead is oxford else oxford] if shared else []
    for organisation, asked, subject in product((liverpool, oxford, people.council), (None, *STRANDS), subjects):
        cast.grant(session, people.charlie, Role.HELPER, organisation=organisation, strand=asked, subject=subject)
    session.commit()
    openings = session.scalars(select(Opening).options(selectinload(Opening.co_owners))).all()
    grants = session.scalars(select(RoleGrant).where(RoleGrant.role == Role.HELPER)).all()
    assert (len(openings), len(grants)) == (3 * 2 * 2 * 2, 3 * 3 * 3)
    for grant in grants:
        held = as_grant(grant)
        actor, reach = Actor(person_id=1, grants=(held,)), subjects[held.subject] if held.subject else set()
        should = {
            row.id
            for row in openings
            if row.events[0] in reach
            and grant.organisation_id in {row.lead_organisation_id, *(owner.id for owner in row.co_owners)}
            and grant.strand in {None, row.strand}
        }
        scopes = {row.id: event_scope(row, row.events[0].id) for row in openings}
        assert {key for key, scope in scopes.items() if scope and may(actor, Verb.SEE_NAMES, scope)} == should
        assert set(session.scalars(select(Opening.id).where(listed_to(actor)))) == should
        told = [row.id for row in openings if grant.id in helping(session, row)]
        assert set(told) == should


def helping(session: Session, row: Opening) -> set[int]:
    """The roles by which somebody sees the names of an opening's people at its event."""
    return set(session.scalars(select(RoleGrant.id).where(helps_at(row, row.events[0]))))
