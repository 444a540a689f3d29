"""Cohorts as their organisers see them: who is in one, by home university, and what comes next for each."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from flask import Blueprint, g, render_template, request

from programme.core.refusal import Refusal
from programme.core.web.answers import done, form_again, seen_again
from programme.core.web.forms import LONGEST_LINE
from programme.core.web.lists import note_unread, one_of, page_number, page_of
from programme.engines.calendar.times import to_wall
from programme.extensions import database_session
from programme.people.guards import actor, needs
from programme.people.permissions import Verb, may
from programme.strands.cohorts.awards import cohorts as verbs
from programme.strands.cohorts.awards import membership, queries
from programme.strands.cohorts.awards.forms import CohortForm, cohort_data
from programme.strands.cohorts.awards.scopes import of_award, of_cohort
from programme.strands.cohorts.awards.words import LOOKS, STATE_WORDS, entry_words
from programme.strands.cohorts.models import Cohort, FundingAward
from programme.strands.cohorts.progress.lacking import lack_of
from programme.strands.cohorts.records.looking import note_researchers
from programme.strands.cohorts.records.resting import resting
from programme.strands.cohorts.rights import award_scope
from programme.strands.cohorts.rulebooks.queries import books
from programme.strands.cohorts.states import CandidatureState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from programme.people.models import Organisation
    from programme.strands.cohorts.models import Candidature, Milestone
    from programme.strands.cohorts.progress.lacking import Lack

blueprint = Blueprint("organise_cohorts", __name__, url_prefix="/organise")
FORM, PAGE = "cohorts/awards/cohort_form.html", "cohorts/awards/cohort.html"


def address_of(cohort_id: int) -> str:
    """Return the address of a cohort's page."""
    return f"/organise/cohorts/{cohort_id}"


@blueprint.get("/awards/<id:award_id>/cohorts/new")
@needs(Verb.CREATE, of_award)
def new(award_id: int) -> Any:
    """Show an empty form, for the academic year that begins this calendar year."""
    award = database_session().get_one(FundingAward, award_id)
    year = to_wall(g.now).year
    form = CohortForm(data={"entry_year": year, "title": f"{award.title}, {year} entry"[:LONGEST_LINE]})
    return render_template(FORM, form=form, award=award, cohort=None)


@blueprint.post("/awards/<id:award_id>/cohorts")
@needs(Verb.CREATE, of_award)
def make(award_id: int) -> Any:
    """Make a cohort."""
    session, form = database_session(), CohortForm(request.form)
    award = session.get_one(FundingAward, award_id)
    details = form.details() if form.validate() else None
    if details is None:
        return form_again(FORM, form=form, award=award, cohort=None)
    try:
        cohort = verbs.make(session, award_id, details, actor=actor(), now=g.now)
    except Refusal as refusal:
        session.rollback()
        form.refuse(refusal)
        return form_again(FORM, form=form, award=award, cohort=None)
    session.commit()
    return done(
        f"“{cohort.title}” is made. Call for applications, or bring in who is there already.", address_of(cohort.id)
    )


@blueprint.get("/cohorts/<id:cohort_id>")
@needs(Verb.SEE_PEOPLE, of_cohort)
def cohort(cohort_id: int) -> Any:
    """Show who is in a cohort; that somebody looked is noted."""
    session, today = database_session(), to_wall(g.now).date()
    row = session.get_one(Cohort, cohort_id)
    award, words = row.award, request.args.get("q", "").strip()[:LONGEST_LINE]
    state = one_of(request.args.get("state", ""), [str(one) for one in CandidatureState], label="state")
    home = home_in(queries.universities_of(award))
    wanted = queries.researchers(
        cohort_id, words=words, state=CandidatureState(state) if state else None, home=home.id if home else None
    )
    page = page_of(session, wanted, number=page_number(request.args.get("page")))
    sizes = queries.sizes(session, [cohort_id])[cohort_id]
    steps = queries.next_steps(session, [one.id for one in page])
    note_researchers(page, actor(), verb="looked at the people of a cohort", now=g.now)
    return render_template(
        PAGE,
        cohort=row,
        award=award,
        page=page,
        sizes=sizes,
        total=sum(sizes.values()),
        homes=queries.universities_of(award),
        resting=resting(session, page, today=today),
        steps=steps,
        lacks=lacks_of(page.rows, steps),
        groups=[
            one for one in membership.groups_of(session, cohort_id) if one.organisation_id in actor().organises_for
        ],
        asked={"q": words, "state": state, "home": home.slug if home else ""},
        may={verb.name: may(actor(), verb, award_scope(award)) for verb in Verb},
        state_words=STATE_WORDS,
        looks=LOOKS,
        entry=entry_words(row.entry_year),
        today=today,
    )


def lacks_of(rows: Sequence[Candidature], steps: Mapping[int, Milestone]) -> dict[int, Lack | None]:
    """Return what is not known of the terms of each home university in which something comes next."""
    undated = defaultdict[int, list[int]](list)
    for row in rows:
        step = steps.get(row.id)
        if step is not None and step.due_on is None:
            undated[row.home_organisation_id].append(step.unit)
    known = books(database_session()) if undated else {}
    return {home: lack_of(known.get(home), units, actor=actor()) for home, units in undated.items()}


def home_in(universities: Any) -> Organisation | None:
    """Return the home university that the address asks for; one that is none is told, and left out."""
    slug = request.args.get("home", "")
    found = next((row for row in universities if row.slug == slug), None)
    if slug and found is None:
        note_unread("home university")
    return found


@blueprint.get("/cohorts/<id:cohort_id>/details")
@needs(Verb.EDIT, of_cohort)
def ask_details(cohort_id: int) -> Any:
    """Show the form as the cohort is."""
    row = database_session().get_one(Cohort, cohort_id)
    form = CohortForm(data=cohort_data(row))
    return render_template(FORM, form=form, award=row.award, cohort=row, seen=verbs.seen_of(row))


@blueprint.post("/cohorts/<id:cohort_id>/details")
@needs(Verb.EDIT, of_cohort)
def edit(cohort_id: int) -> Any:
    """Save the form."""
    session, form, seen = database_session(), CohortForm(request.form), request.form.get("seen", "")
    row = session.get_one(Cohort, cohort_id)
    details = form.details() if form.validate() else None
    if details is None:
        return form_again(FORM, form=form, award=row.award, cohort=row, seen=seen)
    try:
        verbs.edit(session, cohort_id, details, actor=actor(), now=g.now, seen=seen)
    except Refusal as refusal:
        session.rollback()
        form.refuse(refusal)
        again = seen_again(refusal, seen, now=verbs.seen_of(row))
        return form_again(FORM, form=form, award=row.award, cohort=row, seen=again)
    session.commit()
    return done(f"“{row.title}” is saved.", address_of(cohort_id))
