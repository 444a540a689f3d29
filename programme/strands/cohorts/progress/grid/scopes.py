"""The awards whose people somebody may see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from programme.people.permissions import Verb, may
from programme.strands.cohorts.models import FundingAward
from programme.strands.cohorts.rights import award_scope

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor


def awards_run(session: Session, who: Actor) -> Sequence[FundingAward]:
    """Return the awards whose people somebody may see."""
    rows = session.scalars(select(FundingAward).options(selectinload(FundingAward.co_owners)))
    return [row for row in rows if may(who, Verb.SEE_PEOPLE, award_scope(row))]
