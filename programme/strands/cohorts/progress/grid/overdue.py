"""What is overdue, university by university, across every cohort that one runs."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from flask import Blueprint, g, render_template, request
from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload

from programme.core.web.lists import page_number, page_of
from programme.engines.calendar.times import london_day
from programme.extensions import database_session
from programme.people.guards import actor, organisers
from programme.people.models import Organisation
from programme.strands.cohorts.models import Candidature, Cohort, Milestone, Supervision
from programme.strands.cohorts.progress.grid.scopes import awards_run
from programme.strands.cohorts.progress.resting import rests
from programme.strands.cohorts.records.looking import note_researchers
from programme.strands.cohorts.rights import runs
from programme.strands.cohorts.states import UNDER_WAY, MilestoneState, SupervisionRole

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

blueprint = Blueprint("overdue_milestones", __name__, url_prefix="/organise/cohorts")
LINES_A_PAGE = 100


@blueprint.get("/overdue")
@organisers
def overdue() -> Any:
    """Show what is late, the longest first; only of cohorts that the reader runs."""
    session, today = database_session(), london_day(g.now)
    awards = awards_run(session, actor())
    wanted = late([award.id for award in awards], today=today)
    page = page_of(session, loaded(wanted), number=page_number(request.args.get("page")), size=LINES_A_PAGE)
    note_researchers([row.candidature for row in page], actor(), verb="looked at a cohort", now=g.now)
    groups = groupby(page, key=lambda row: row.candidature.home_organisation_id)
    return render_template(
        "cohorts/milestones/overdue.html",
        page=page,
        homes=[(home_id, list(rows)) for home_id, rows in groups],
        counts=counts(session, wanted),
        supervisors=primaries(session, {row.candidature_id for row in page}, today=today),
        today=today,
        runs_any=bool(awards),
    )


def late(awards: Collection[int] | Select[int], *, today: date) -> Select[Milestone]:
    """Select what is late of some awards, university by university; whoever is suspended is late with nothing."""
    return (
        select(Milestone)
        .join(Candidature, Candidature.id == Milestone.candidature_id)
        .join(Cohort, Cohort.id == Candidature.cohort_id)
        .join(Organisation, Organisation.id == Candidature.home_organisation_id)
        .where(
            Cohort.award_id.in_(awards),
            Candidature.state.in_(UNDER_WAY),
            Milestone.state == MilestoneState.OPEN,
            Milestone.due_on < today,
            ~rests(Candidature.id, today),
        )
        .order_by(Organisation.position, Organisation.id, Milestone.due_on, Milestone.id)
    )


def loaded(found: Select[Any]) -> Select[Any]:
    """Load with milestones what their lines say."""
    row = contains_eager(Milestone.candidature)
    return found.options(
        joinedload(Milestone.rule), row.contains_eager(Candidature.cohort), row.joinedload(Candidature.person)
    ).options(contains_eager(Milestone.candidature).contains_eager(Candidature.home))


def counts(session: Session, wanted: Select[Any]) -> list[tuple[Organisation, int]]:
    """Return how many are late at each university."""
    counted = wanted.order_by(None).with_only_columns(Candidature.home_organisation_id, func.count())
    grouped = counted.group_by(Candidature.home_organisation_id)
    found: dict[int, int] = {row[0]: row[1] for row in session.execute(grouped)}
    homes = select(Organisation).where(Organisation.id.in_(found)).order_by(Organisation.position)
    return [(row, found[row.id]) for row in session.scalars(homes)] if found else []


def primaries(session: Session, ids: Collection[int], *, today: date) -> dict[int, str]:
    """Return the names of the primary supervisors of some researchers today."""
    own = select(Supervision).where(
        Supervision.candidature_id.in_(ids),
        Supervision.role == SupervisionRole.PRIMARY,
        runs(today),
    )
    rows = session.scalars(own.options(joinedload(Supervision.person)).order_by(Supervision.begins_on))
    return {row.candidature_id: row.person.name or row.person.address for row in rows} if ids else {}
