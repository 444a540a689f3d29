"""The grid of a cohort: one line a researcher, a station for each key milestone; the same as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, g, render_template, request
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from programme.core import audit
from programme.core.web.downloads import csv_bytes, download
from programme.core.web.forms import LONGEST_LINE
from programme.core.web.lists import one_of, page_number, page_of
from programme.engines.calendar.times import london_day
from programme.extensions import database_session
from programme.people.guards import actor, needs
from programme.people.models import Organisation
from programme.people.permissions import Verb
from programme.strands.cohorts.awards.scopes import of_cohort
from programme.strands.cohorts.models import Candidature, Cohort
from programme.strands.cohorts.progress.grid.cells import tables
from programme.strands.cohorts.progress.grid.files import HEAD, lines
from programme.strands.cohorts.progress.grid.finding import SHOWS, Filters, researchers
from programme.strands.cohorts.progress.lacking import lack_of
from programme.strands.cohorts.queries import COHORT
from programme.strands.cohorts.records.looking import note_researchers
from programme.strands.cohorts.rulebooks.queries import books
from programme.strands.cohorts.states import CandidatureState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Select

blueprint = Blueprint("cohort_milestones", __name__, url_prefix="/organise/cohorts/<id:cohort_id>")
PEOPLE_A_PAGE = 200
MOST_IN_FILE = 2_000


def asked() -> Filters:
    """Return what the address asks for; what cannot be read is left out, and said."""
    homes = database_session().scalars(select(Organisation.slug)).all()
    return Filters(
        name=request.args.get("q", "").strip()[:LONGEST_LINE],
        show=one_of(request.args.get("show", ""), list(SHOWS), label="state"),
        status=one_of(request.args.get("status", ""), [one.value for one in CandidatureState], label="status"),
        home=one_of(request.args.get("home", ""), homes, label="university"),
    )


def loaded(found: Select[Any]) -> Select[Any]:
    """Load with researchers what their lines say."""
    return found.options(joinedload(Candidature.person), joinedload(Candidature.home))


@blueprint.get("/milestones")
@needs(Verb.SEE_PEOPLE, of_cohort)
def grid(cohort_id: int) -> Any:
    """Show the milestones of a cohort; that somebody looked is noted."""
    session, today = database_session(), london_day(g.now)
    cohort, known, filters = session.get_one(Cohort, cohort_id), books(session), asked()
    wanted = researchers(cohort_id, filters, today=today)
    page = page_of(session, loaded(wanted), number=page_number(request.args.get("page")), size=PEOPLE_A_PAGE)
    found = tables(session, page.rows, known=known, award_id=cohort.award_id, today=today)
    note_researchers(page, actor(), verb="looked at a cohort", now=g.now)
    return render_template(
        "cohorts/milestones/grid.html",
        cohort=cohort,
        page=page,
        tables=found,
        lacks={one.home.id: lack_of(known.get(one.home.id), one.undated, actor=actor()) for one in found},
        filters=filters,
        shows=SHOWS,
        statuses=[one.value for one in CandidatureState],
        homes=homes_of(session, cohort_id),
    )


def homes_of(session: Any, cohort_id: int) -> Sequence[Organisation]:
    """Return the universities at which researchers of a cohort are registered."""
    own = select(Candidature.home_organisation_id).where(Candidature.cohort_id == cohort_id)
    found: Sequence[Organisation] = session.scalars(
        select(Organisation).where(Organisation.id.in_(own)).order_by(Organisation.position)
    ).all()
    return found


@blueprint.post("/milestones/file")
@needs(Verb.EXPORT, of_cohort)
def as_file(cohort_id: int) -> Any:
    """Give the same as a file, a line for each milestone of each researcher; that it was taken out is noted."""
    session, today = database_session(), london_day(g.now)
    cohort, known, filters = session.get_one(Cohort, cohort_id), books(session), asked()
    wanted = loaded(researchers(cohort_id, filters, today=today)).limit(MOST_IN_FILE)
    content = csv_bytes(HEAD, lines(session, session.scalars(wanted).all(), known=known, today=today))
    lead = cohort.award.lead_organisation_id
    audit.record(
        session,
        person_id=actor().person_id,
        verb="downloaded a cohort",
        subject=(COHORT, cohort.id),
        now=g.now,
        organisation_id=lead,
    )
    session.commit()
    return download(content, title=f"{cohort.title} milestones", ending="csv", media_type="text/csv")
