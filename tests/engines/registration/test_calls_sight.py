"""Who may see a call: the rule, the condition for queries, and an oracle that knows neither."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from programme.engines.calendar.states import Visibility
from programme.engines.registration.models import Opening
from programme.engines.registration.openings.calls.sight import may_see_call, shown_to
from programme.engines.registration.states import OpeningState
from programme.people.states import Strand
from tests.engines.calendar.test_sight import Watcher, watchers_of
from tests.factories.cast import LONG_AGO, assemble

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def test_rule_and_query_agree_with_the_oracle_in_every_case(session: Session) -> None:
    cast = assemble(session)
    watchers = watchers_of(session, cast)
    for visibility, strand, shared in product(Visibility, (Strand.EXCHANGE, Strand.COHORTS), (True, False)):
        row = Opening(
            title=visibility.value,
            strand=strand,
            state=OpeningState.OPEN,
            visibility=visibility,
            lead_organisation_id=cast.liverpool.id,
            created_at=LONG_AGO,
        )
        row.co_owners = [cast.oxford] if shared else []
        session.add(row)
    session.commit()
    rows = session.scalars(select(Opening).options(selectinload(Opening.co_owners))).all()
    assert len(rows) == 3 * 2 * 2
    for watcher in watchers:
        seen = {row.id for row in rows if may_see_call(row, watcher.actor)}
        assert seen == {row.id for row in rows if should_see(row, watcher)}
        listed = set(session.scalars(select(Opening.id).where(shown_to(watcher.actor))))
        assert listed == {row.id for row in rows if should_see(row, watcher) and row.visibility.value != "hidden"}


def should_see(row: Opening, watcher: Watcher) -> bool:
    """What the paper on rights says."""
    owners = {"liverpool", *(owner.slug for owner in row.co_owners)}
    if watcher.runs_it_all or any((owner, row.strand.value) in watcher.organises for owner in owners):
        return True
    return row.visibility.value == "public" or (row.visibility.value == "members" and bool(owners & watcher.members))
