"""One joint residential as it was made: its days, what comes next, and withdrawing it as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, g, render_template
from sqlalchemy.orm import joinedload

from programme.core.web.answers import button, done
from programme.core.web.words import join_words, plural
from programme.engines.calendar import sight
from programme.engines.calendar.states import EventState
from programme.extensions import database_session
from programme.people.guards import actor, needs
from programme.people.permissions import Verb, may
from programme.strands.cohorts.awards.scopes import of_cohort
from programme.strands.cohorts.models import Residential
from programme.strands.cohorts.planning.residential import withdrawing
from programme.strands.cohorts.planning.year import planned

if TYPE_CHECKING:
    from programme.strands.cohorts.planning.residential.withdrawing import Withdrawn

blueprint = Blueprint("residential_pages", __name__, url_prefix="/organise/cohorts/<id:cohort_id>/residentials")
PAGE = "cohorts/planning/made.html"


def here(cohort_id: int, series_id: int) -> str:
    """Return the address of a residential."""
    return f"/organise/cohorts/{cohort_id}/residentials/{series_id}"


def of(cohort_id: int, series_id: int) -> Residential:
    """Return a residential of a cohort; 404 where there is none."""
    loaded = (joinedload(Residential.series), joinedload(Residential.cohort))
    row = database_session().get(Residential, series_id, options=loaded)
    return row if row is not None and row.cohort_id == cohort_id else abort(404)


@blueprint.get("/<id:series_id>")
@needs(Verb.SEE_PEOPLE, of_cohort)
def residential(cohort_id: int, series_id: int) -> Any:
    """Show the days of a residential, and whether it can still be withdrawn."""
    session, row = database_session(), of(cohort_id, series_id)
    events = withdrawing.events_of(session, series_id)
    seen = [one for one in events if may(actor(), Verb.SEE_DRAFT, sight.event_scope(one))]
    return render_template(
        PAGE,
        residential=row,
        days=[planned(one, {}, actor=actor()) for one in seen],
        drafts=sum(one.state is EventState.DRAFT for one in seen),
        reason=withdrawing.reason_against(session, row.series, events, actor=actor(), now=g.now),
        may_publish=may(actor(), Verb.PUBLISH, sight.series_scope(row.series)),
    )


@blueprint.post("/<id:series_id>/withdrawal")
@needs(Verb.EDIT, of_cohort)
@button(here)
def withdraw(cohort_id: int, series_id: int) -> Any:
    """Withdraw a residential as a whole."""
    session, row = database_session(), of(cohort_id, series_id)
    title = row.series.title
    outcome = withdrawing.withdraw(session, row, actor=actor(), now=g.now)
    session.commit()
    return done(f"“{title}” is withdrawn: {words_of(outcome)}.", f"/organise/cohorts/{cohort_id}/planning")


def words_of(outcome: Withdrawn) -> str:
    """Say what became of the days."""
    deleted = f"{plural(outcome.deleted, 'draft')} deleted" if outcome.deleted else ""
    cancelled = f"{plural(outcome.cancelled, 'event')} cancelled" if outcome.cancelled else ""
    return join_words(filter(None, [deleted, cancelled])) or "nothing was left of it"
