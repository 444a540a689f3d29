"""Who may see which event: the rule, the condition for queries, and an oracle that knows neither."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from programme.engines.calendar.models import Event
from programme.engines.calendar.sight import is_listed, listed_to, may_see, sight_of, visible_to
from programme.engines.calendar.states import EventState, Visibility
from programme.people.identity import actor_of
from programme.people.permissions import NOBODY
from programme.people.states import Role, Strand
from tests.factories.cast import LONG_AGO, Cast, assemble, grant, person
from tests.factories.things import event

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor


@dataclass(frozen=True)
class Watcher:
    """Somebody who looks, and what the oracle knows of them."""

    actor: Actor
    members: frozenset[str] = frozenset()
    organises: frozenset[tuple[str, str]] = frozenset()
    runs_it_all: bool = False


def test_rule_and_query_agree_with_the_oracle_in_every_case(session: Session) -> None:
    cast = assemble(session)
    watchers = watchers_of(session, cast)
    for state, visibility, strand, shared, told in product(
        EventState, Visibility, (Strand.EXCHANGE, Strand.COHORTS), (True, False), (None, LONG_AGO)
    ):
        row = event(session, lead=cast.liverpool, state=state, visibility=visibility, strand=strand, published_at=told)
        row.co_owners = [cast.oxford] if shared else []
    session.commit()
    rows = session.scalars(select(Event).options(selectinload(Event.co_owners))).all()
    assert len(rows) == 4 * 3 * 2 * 2 * 2
    for watcher in watchers:
        seen = set(session.scalars(select(Event.id).where(visible_to(watcher.actor))))
        listed = set(session.scalars(select(Event.id).where(listed_to(watcher.actor))))
        assert seen == {row.id for row in rows if should_see(row, watcher)}
        assert seen == {row.id for row in rows if may_see(sight_of(row), watcher.actor)}
        assert listed == {row.id for row in rows if should_list(row, watcher)}
        assert listed == {row.id for row in rows if is_listed(sight_of(row), watcher.actor)}


def test_registered_person_sees_a_hidden_event_but_no_draft(session: Session) -> None:
    cast = assemble(session)
    hidden = event(session, lead=cast.liverpool, visibility=Visibility.HIDDEN)
    draft = event(session, lead=cast.liverpool, state=EventState.DRAFT)
    charlie = actor_of(cast.charlie)
    assert not may_see(sight_of(hidden), charlie)
    assert may_see(sight_of(hidden), charlie, is_registered=True)
    assert not may_see(sight_of(draft), charlie, is_registered=True)


def watchers_of(session: Session, cast: Cast) -> list[Watcher]:
    """Everybody of the cast, nobody at all, and an organiser of one strand only."""
    narrow = person(session, "Nia Northmoor", "nia@example.org")
    grant(session, narrow, Role.ORGANISER, organisation=cast.oxford, strand=Strand.COHORTS)
    session.commit()
    session.refresh(narrow)
    everywhere = frozenset(strand.value for strand in Strand)
    return [
        Watcher(NOBODY),
        Watcher(actor_of(cast.charlie)),
        Watcher(actor_of(cast.alice), members=frozenset({"liverpool"})),
        Watcher(actor_of(cast.bob), members=frozenset({"oxford"})),
        Watcher(
            actor_of(cast.olga), frozenset({"liverpool"}), frozenset(("liverpool", strand) for strand in everywhere)
        ),
        Watcher(actor_of(cast.omar), frozenset({"oxford"}), frozenset(("oxford", strand) for strand in everywhere)),
        Watcher(actor_of(narrow), organises=frozenset({("oxford", "cohorts")})),
        Watcher(actor_of(cast.ada), frozenset({"liverpool"}), runs_it_all=True),
    ]


def owners(row: Event) -> set[str]:
    """The slugs of those that run the event: Liverpool always leads here."""
    return {"liverpool", *(owner.slug for owner in row.co_owners)}


def should_see(row: Event, watcher: Watcher) -> bool:
    """What the paper on rights says of a page."""
    if watcher.runs_it_all or any((owner, row.strand.value) in watcher.organises for owner in owners(row)):
        return True
    if row.state.value == "draft" or (row.state.value == "cancelled" and row.published_at is None):
        return False
    return row.visibility.value == "public" or (
        row.visibility.value == "members" and bool(owners(row) & watcher.members)
    )


def should_list(row: Event, watcher: Watcher) -> bool:
    """What the paper says of lists: announced, and not hidden."""
    never_told = row.state.value == "draft" or (row.state.value == "cancelled" and row.published_at is None)
    return not never_told and row.visibility.value != "hidden" and should_see(row, watcher)
