"""Awards as their organisers see them: the list, one with its cohorts, making, editing and sharing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, g, render_template, request
from wtforms import SelectChoice

from programme.core.refusal import Refusal
from programme.core.web.answers import carried_out, done, form_again, seen_again
from programme.core.web.lists import page_number, page_of
from programme.engines.calendar.forms.series import SharingForm
from programme.extensions import database_session
from programme.people import queries as people
from programme.people.guards import actor, needs, organisers
from programme.people.models import OrganisationKind
from programme.people.organisations.sharers import seen_of as seen_sharers
from programme.people.permissions import Verb, may, may_create_for
from programme.people.states import Strand
from programme.strands.cohorts.awards import actions, queries
from programme.strands.cohorts.awards.forms import AwardForm, award_data
from programme.strands.cohorts.awards.scopes import of_award
from programme.strands.cohorts.awards.words import KIND_WORDS, UNIT_WORDS, entry_words
from programme.strands.cohorts.models import FundingAward
from programme.strands.cohorts.rights import award_scope

if TYPE_CHECKING:
    from collections.abc import Sequence

    from programme.people.models import Organisation

blueprint = Blueprint("organise_awards", __name__, url_prefix="/organise/awards")
HERE = "/organise/awards"
LIST, FORM, PAGE, SHARING = (f"cohorts/awards/{name}.html" for name in ("awards", "form", "award", "sharing"))


def address_of(award_id: int) -> str:
    """Return the address of an award's page."""
    return f"{HERE}/{award_id}"


@blueprint.get("")
@organisers
def awards() -> Any:
    """List the awards that I run or share, each with its cohorts."""
    session = database_session()
    page = page_of(session, queries.awards(actor()), number=page_number(request.args.get("page")))
    cohorts = queries.cohorts_of(session, [row.id for row in page])
    sizes = queries.sizes(session, [cohort.id for rows in cohorts.values() for cohort in rows])
    total = {cohort_id: sum(homes.values()) for cohort_id, homes in sizes.items()}
    return render_template(LIST, page=page, cohorts=cohorts, total=total, may_make=bool(leads()), entry=entry_words)


@blueprint.get("/new")
@organisers
def new() -> Any:
    """Show an empty form."""
    return render_template(FORM, form=form_for(), award=None)


@blueprint.post("")
@organisers
def make() -> Any:
    """Make an award."""
    form = form_for(typed=request.form)

    def verb() -> tuple[str, str]:
        row = actions.make(database_session(), form.details(), lead_id=form.lead.data, actor=actor(), now=g.now)
        return f"“{row.title}” is made. Share it with the other university, and add a cohort.", address_of(row.id)

    return carried_out(form, verb, lambda: form_again(FORM, form=form, award=None))


def form_for(*, typed: Any = None, award: FundingAward | None = None) -> AwardForm:
    """Return the form with what may be chosen; 403 for somebody who may make none."""
    form = AwardForm(typed, data=award_data(award))
    if award is not None:
        del form.lead
        return form
    form.lead.choices = [SelectChoice(row.id, row.name) for row in leads()] or abort(403)
    return form


def leads() -> Sequence[Organisation]:
    """Return the organisations for which the acting person may make awards."""
    known = people.organisations_run_by(database_session(), actor())
    return [row for row in known if may_create_for(actor(), row.id, Strand.COHORTS)]


@blueprint.get("/<id:award_id>")
@needs(Verb.SEE_PEOPLE, of_award)
def award(award_id: int) -> Any:
    """Show one award with its cohorts."""
    session = database_session()
    row = session.get_one(FundingAward, award_id)
    cohorts = queries.cohorts_of(session, [award_id])[award_id]
    return render_template(
        PAGE,
        award=row,
        cohorts=cohorts,
        sizes=queries.sizes(session, [cohort.id for cohort in cohorts]),
        homes=queries.universities_of(row),
        may={verb.name: may(actor(), verb, award_scope(row)) for verb in Verb},
        kinds=KIND_WORDS,
        units=UNIT_WORDS,
        entry=entry_words,
    )


@blueprint.get("/<id:award_id>/details")
@needs(Verb.EDIT, of_award)
def ask_details(award_id: int) -> Any:
    """Show the form as the award is."""
    row = database_session().get_one(FundingAward, award_id)
    return render_template(FORM, form=form_for(award=row), award=row, seen=actions.seen_of(row))


@blueprint.post("/<id:award_id>/details")
@needs(Verb.EDIT, of_award)
def edit(award_id: int) -> Any:
    """Save the form."""
    session, seen = database_session(), request.form.get("seen", "")
    row = session.get_one(FundingAward, award_id)
    form = form_for(typed=request.form, award=row)
    if not form.validate():
        return form_again(FORM, form=form, award=row, seen=seen)
    try:
        actions.edit(session, award_id, form.details(), actor=actor(), now=g.now, seen=seen)
    except Refusal as refusal:
        session.rollback()
        form.refuse(refusal)
        return form_again(FORM, form=form, award=row, seen=seen_again(refusal, seen, now=actions.seen_of(row)))
    session.commit()
    return done(f"“{row.title}” is saved.", address_of(award_id))


@blueprint.get("/<id:award_id>/co-owners")
@needs(Verb.HAND_OVER, of_award)
def ask_sharing(award_id: int) -> Any:
    """Ask which universities share the award."""
    row = database_session().get_one(FundingAward, award_id)
    return render_template(SHARING, form=sharing_form(row), award=row, seen=seen_sharers(row.co_owners))


@blueprint.post("/<id:award_id>/co-owners")
@needs(Verb.HAND_OVER, of_award)
def share(award_id: int) -> Any:
    """Say which universities share the award."""
    session, seen = database_session(), request.form.get("seen", "")
    row = session.get_one(FundingAward, award_id)
    form = sharing_form(row, typed=request.form)
    if not form.validate():
        return form_again(SHARING, form=form, award=row, seen=seen)
    try:
        actions.share(session, award_id, form.organisations.data or [], actor=actor(), now=g.now, seen=seen)
    except Refusal as refusal:
        session.rollback()
        form.refuse(refusal)
        again = seen_again(refusal, seen, now=seen_sharers(row.co_owners))
        return form_again(SHARING, form=form, award=row, seen=again)
    session.commit()
    return done("Saved who shares it.", address_of(award_id))


def sharing_form(award: FundingAward, *, typed: Any = None) -> SharingForm:
    """Return the form about who shares an award: the universities, as they are answerable for its people."""
    form = SharingForm(typed, data={"organisations": [owner.id for owner in award.co_owners]})
    known = people.organisations(database_session())
    form.organisations.choices = [
        (row.id, row.name)
        for row in known
        if row.kind is OrganisationKind.UNIVERSITY and row.id != award.lead_organisation_id
    ]
    return form
