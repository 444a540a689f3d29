"""Who may see a call: as events are seen, by the same words and rights; for one call and as a condition for queries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, or_

from programme.engines.calendar.sight import lets_in
from programme.engines.calendar.states import Visibility
from programme.engines.registration.models import Opening
from programme.engines.registration.openings.rights import listed_under, opening_scope, run_by
from programme.people.permissions import Verb, may
from programme.people.states import Role

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from programme.people.permissions import Actor


def may_see_call(opening: Opening, actor: Actor) -> bool:
    """Whether `actor` may open the form of a call that is no draft: by what it is to them, or by its visibility."""
    scope = opening_scope(opening)
    return may(actor, Verb.SEE_DRAFT, scope) or lets_in(opening.visibility, scope, actor)


def shown_to(actor: Actor) -> ColumnElement[bool]:
    """Return whether lists show a call to `actor`, for queries of openings: hidden ones to nobody."""
    theirs = [run_by(one) for one in sorted(actor.member_of)]
    theirs += [listed_under(grant) for grant in actor.grants if grant.role is not Role.HELPER]
    is_public = Opening.visibility == Visibility.PUBLIC
    return or_(is_public, and_(Opening.visibility == Visibility.MEMBERS, or_(*theirs))) if theirs else is_public
