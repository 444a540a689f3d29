"""Milestones of a rulebook as administrators see them: added, changed, retired, each after a look at what moves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, g, render_template, request
from sqlalchemy import or_, select

from programme.core.refusal import Refusal
from programme.core.tokens import mark_of
from programme.core.web.answers import button, done, form_again, seen_again
from programme.core.web.words import MONTHS
from programme.extensions import database_session
from programme.people.guards import actor, administrators
from programme.strands.cohorts.milestones.reckoning import Reckoned
from programme.strands.cohorts.milestones.units import Counting
from programme.strands.cohorts.models import FundingAward, FundingAwardCoOwner
from programme.strands.cohorts.rulebooks import editing
from programme.strands.cohorts.rulebooks.facts import facts_of_rule
from programme.strands.cohorts.rulebooks.forms import RuleForm, rule_data
from programme.strands.cohorts.rulebooks.pages import address_of, found, is_foreseen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from programme.strands.cohorts.models import MilestoneRule, Rulebook

blueprint = Blueprint("organise_milestone_rules", __name__, url_prefix="/organise/rulebooks/<id:rulebook_id>/rules")
FORM, RETIREMENT = "cohorts/rulebooks/rule.html", "cohorts/rulebooks/retirement.html"


@blueprint.get("/new")
@administrators
def new(rulebook_id: int) -> Any:
    """Show an empty form, for the end of the order."""
    book = found(rulebook_id)
    last = max((rule.position for rule in book.rules if rule.retired_at is None), default=0)
    return render_template(FORM, form=form_for(book, data={"position": last + 1}), book=book, rule=None)


@blueprint.post("")
@administrators
def add(rulebook_id: int) -> Any:
    """Add a milestone; where dates come by it, once whoever adds it has seen how many."""
    session, book = database_session(), found(rulebook_id)
    form = form_for(book, typed=request.form)
    if not form.validate():
        return form_again(FORM, form=form, book=book, rule=None)
    try:
        effect = editing.add_rule(session, rulebook_id, form.details(), actor=actor(), now=g.now)
    except Refusal as refusal:
        session.rollback()
        form.refuse(refusal)
        return form_again(FORM, form=form, book=book, rule=None)
    if not is_foreseen(effect):
        session.rollback()
        return render_template(FORM, form=form, book=book, rule=None, effect=effect, foreseen=mark_of(effect))
    session.commit()
    return done(f"The milestone is added. {effect.sentence}".strip(), address_of(rulebook_id))


@blueprint.get("/<id:rule_id>")
@administrators
def rule(rulebook_id: int, rule_id: int) -> Any:
    """Show the form as the milestone is."""
    book, row = found(rulebook_id), own_rule(rulebook_id, rule_id)
    form = form_for(book, rule=row, data=rule_data(row))
    return render_template(FORM, form=form, book=book, rule=row, seen=seen_of(row))


@blueprint.post("/<id:rule_id>")
@administrators
def edit(rulebook_id: int, rule_id: int) -> Any:
    """Save the form; where dates move by it, once whoever saves it has seen how many."""
    session, seen = database_session(), request.form.get("seen", "")
    book, row = found(rulebook_id), own_rule(rulebook_id, rule_id)
    form = form_for(book, rule=row, typed=request.form)
    if not form.validate():
        return form_again(FORM, form=form, book=book, rule=row, seen=seen)
    try:
        effect = editing.edit_rule(session, rule_id, form.details(row), actor=actor(), now=g.now, seen=seen)
    except Refusal as refusal:
        session.rollback()
        form.refuse(refusal)
        return form_again(FORM, form=form, book=book, rule=row, seen=seen_again(refusal, seen, now=seen_of(row)))
    if not is_foreseen(effect):
        session.rollback()
        return render_template(FORM, form=form, book=book, rule=row, seen=seen, effect=effect, foreseen=mark_of(effect))
    session.commit()
    return done(f"The milestone is saved. {effect.sentence}".strip(), address_of(rulebook_id))


@blueprint.get("/<id:rule_id>/retirement")
@administrators
def ask_retirement(rulebook_id: int, rule_id: int) -> Any:
    """Ask before a milestone is retired."""
    return render_template(RETIREMENT, book=found(rulebook_id), rule=own_rule(rulebook_id, rule_id))


@blueprint.post("/<id:rule_id>/retirement")
@administrators
@button(lambda rulebook_id, rule_id: f"{address_of(rulebook_id)}/rules/{rule_id}/retirement")
def retire(rulebook_id: int, rule_id: int) -> Any:
    """Retire a milestone; where dates go by it, once whoever retires it has seen how many."""
    session, row = database_session(), own_rule(rulebook_id, rule_id)
    effect = editing.retire_rule(session, row.id, actor=actor(), now=g.now)
    if not is_foreseen(effect):
        session.rollback()
        shown = {"book": found(rulebook_id), "rule": own_rule(rulebook_id, rule_id)}
        return render_template(RETIREMENT, **shown, effect=effect, foreseen=mark_of(effect))
    session.commit()
    return done(f"The milestone is retired. {effect.sentence}".strip(), address_of(rulebook_id))


def own_rule(rulebook_id: int, rule_id: int) -> MilestoneRule:
    """Return a milestone of a rulebook that is in force; 404 where there is none."""
    living = (row for row in found(rulebook_id).rules if row.id == rule_id and row.retired_at is None)
    return next(living, None) or abort(404)


def seen_of(row: MilestoneRule) -> str:
    """Return a mark of everything that the form of a milestone shows."""
    return mark_of(facts_of_rule(row))


def form_for(
    book: Rulebook, *, rule: MilestoneRule | None = None, typed: Any = None, data: dict[str, Any] | None = None
) -> RuleForm:
    """Return the form of a milestone; what it is known by is asked only of a new one."""
    form = RuleForm(typed, data=data)
    if rule is not None:
        del form.code, form.award
    names = list(MONTHS) if book.counting is Counting.MONTHS else [term.name for term in book.terms]
    bases = [
        one
        for one in book.rules
        if one.retired_at is None and one.reckoned is not Reckoned.BEFORE and (rule is None or one.code != rule.code)
    ]
    form.offer(list(enumerate(names)), bases, awards_at(book) if rule is None else ())
    return form


def awards_at(book: Rulebook) -> Sequence[FundingAward]:
    """Return the awards that the university of a rulebook runs or shares, by title."""
    shared = select(FundingAwardCoOwner.award_id).where(FundingAwardCoOwner.organisation_id == book.organisation_id)
    own = or_(FundingAward.lead_organisation_id == book.organisation_id, FundingAward.id.in_(shared))
    rows = select(FundingAward).where(own).order_by(FundingAward.title, FundingAward.id).limit(500)
    return database_session().scalars(rows).all()
