"""Rulebooks as administrators see them: the list, one with its milestones, making and changing one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, g, render_template, request
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload
from wtforms import SelectChoice

from programme.core.refusal import Refusal
from programme.core.tokens import mark_of
from programme.core.web.answers import carried_out, done, form_again, seen_again
from programme.core.web.forms import Form
from programme.core.web.words import MONTHS
from programme.engines.calendar.forms.choices import Choice, id_or_none
from programme.extensions import database_session
from programme.people.guards import actor, administrators
from programme.people.queries import universities
from programme.strands.cohorts.milestones.reckoning import Falls, Reckoned
from programme.strands.cohorts.milestones.units import Counting
from programme.strands.cohorts.models import FundingAward, Rulebook
from programme.strands.cohorts.rulebooks import editing
from programme.strands.cohorts.rulebooks.facts import seen_of
from programme.strands.cohorts.rulebooks.forms import SIGNERS, BookForm, book_data
from programme.strands.cohorts.rulebooks.queries import book_of
from programme.strands.cohorts.states import Signer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from programme.strands.cohorts.models import MilestoneRule
    from programme.strands.cohorts.rulebooks.effects import Effect

blueprint = Blueprint("organise_rulebooks", __name__, url_prefix="/organise/rulebooks")
HERE = "/organise/rulebooks"
LIST, PAGE, FORM = (f"cohorts/rulebooks/{name}.html" for name in ("rulebooks", "rulebook", "form"))


class NewBookForm(Form):
    """The rulebook of a university that has none."""

    organisation = Choice("University", coerce=id_or_none)
    begin = Choice("Begin with")


def address_of(rulebook_id: int) -> str:
    """Return the address of a rulebook's page."""
    return f"{HERE}/{rulebook_id}"


def is_foreseen(effect: Effect) -> bool:
    """Whether whoever saves a change has seen what it comes to now; what moves nothing needs no look."""
    return not effect.sentence or request.form.get("foreseen") == mark_of(effect)


@blueprint.get("")
@administrators
def rulebooks() -> Any:
    """List the rulebooks, with the form for another where a university has none."""
    return render_template(LIST, **listed(new_form()))


@blueprint.post("")
@administrators
def make() -> Any:
    """Make the rulebook of a university."""
    form = new_form(request.form)

    def verb() -> tuple[str, str]:
        like = begun_with(form.begin.data)
        book = editing.make(database_session(), form.organisation.data, **like, actor=actor(), now=g.now)
        return "The rulebook is made. Look through it before researchers are counted by it.", address_of(book.id)

    return carried_out(form, verb, lambda: form_again(LIST, **listed(form)))


def begun_with(text: str) -> dict[str, Any]:
    """Return with what a new rulebook begins: a copy of another, or nothing but how it counts."""
    if text in {one.value for one in Counting}:
        return {"like": None, "counting": Counting(text)}
    book = database_session().get_one(Rulebook, int(text))
    return {"like": book, "counting": book.counting}


def books() -> Sequence[Rulebook]:
    """Return every rulebook with its milestones, in the order of their universities."""
    loaded = (joinedload(Rulebook.organisation), selectinload(Rulebook.rules), selectinload(Rulebook.terms))
    rows = database_session().scalars(select(Rulebook).options(*loaded))
    return sorted(rows, key=lambda row: (row.organisation.position, row.id))


def new_form(typed: Any = None) -> NewBookForm:
    """Return the form for a rulebook, with the universities that have none."""
    form, known = NewBookForm(typed), books()
    have = {row.organisation_id for row in known}
    form.organisation.choices = [
        SelectChoice(row.id, row.name) for row in universities(database_session()) if row.id not in have
    ]
    form.begin.choices = [
        *[SelectChoice(str(row.id), f"A copy of {row.organisation.short_name}’s") for row in known],
        SelectChoice(Counting.TERMS.value, "Nothing, counted in terms"),
        SelectChoice(Counting.MONTHS.value, "Nothing, counted in months"),
    ]
    return form


def listed(form: NewBookForm) -> dict[str, Any]:
    """Return what the list shows."""
    known = books()
    living = {row.id: sum(rule.retired_at is None for rule in row.rules) for row in known}
    return {"books": known, "living": living, "form": form}


@blueprint.get("/<id:rulebook_id>")
@administrators
def rulebook(rulebook_id: int) -> Any:
    """Show one with its milestones."""
    book = found(rulebook_id)
    awards = [rule.award_id for rule in book.rules if rule.award_id]
    named = select(FundingAward.id, FundingAward.title).where(FundingAward.id.in_(awards))
    return render_template(
        PAGE,
        book=book,
        living=[(rule, when(rule, book), signed(rule)) for rule in book.rules if rule.retired_at is None],
        retired=[rule for rule in book.rules if rule.retired_at is not None],
        awards=dict(database_session().execute(named).tuples().all()) if awards else {},
        month=MONTHS[book.meetings_year_month - 1],
        until=until(book),
    )


def until(book: Rulebook) -> str:
    """Say until which term dates are known; months need none."""
    if book.counting is Counting.MONTHS:
        return ""
    units = book_of(database_session(), book.organisation_id).units
    return f"known until {units.name(max(units.known))}" if units.known else "none known yet: nothing has a day"


def found(rulebook_id: int) -> Rulebook:
    """Return a rulebook with everything in it; 404 where there is none."""
    loaded = (joinedload(Rulebook.organisation), selectinload(Rulebook.rules), selectinload(Rulebook.terms))
    return database_session().get(Rulebook, rulebook_id, options=loaded) or abort(404)


def when(rule: MilestoneRule, book: Rulebook) -> str:
    """Say when a milestone is due: "end of the 4th term", "June of every year", "4 weeks before transfer"."""
    unit = "term" if book.counting is Counting.TERMS else "month"
    if rule.reckoned is Reckoned.BEFORE:
        titles = {one.code: one.title for one in book.rules if one.retired_at is None}
        return f"{rule.weeks} weeks before {titles.get(rule.base, rule.base)}"
    if rule.reckoned is Reckoned.YEARLY:
        names = MONTHS if book.counting is Counting.MONTHS else [term.name for term in book.terms]
        return (
            f"{names[rule.place] if rule.place < len(names) else rule.place} of every year, after {rule.units} {unit}s"
        )
    day = "Friday before the next one begins" if rule.falls is Falls.NOUGHTH_FRIDAY else "its last day"
    return f"{unit} {rule.units} of full-time study, {day}"


def signed(rule: MilestoneRule) -> str:
    """Say who signs a milestone, in order."""
    return ", then ".join(SIGNERS.get(Signer(one), one).lower() for one in rule.signers)


@blueprint.get("/<id:rulebook_id>/details")
@administrators
def ask_details(rulebook_id: int) -> Any:
    """Show the form as the rulebook is."""
    book = found(rulebook_id)
    return render_template(FORM, form=BookForm(data=book_data(book)), book=book, seen=seen_of(book))


@blueprint.post("/<id:rulebook_id>/details")
@administrators
def edit(rulebook_id: int) -> Any:
    """Save the form; where dates move by it, once whoever saves it has seen how many."""
    session, form, book = database_session(), BookForm(request.form), found(rulebook_id)
    seen = request.form.get("seen", "")
    if not form.validate():
        return form_again(FORM, form=form, book=book, seen=seen)
    try:
        effect = editing.edit(session, rulebook_id, form.details(), actor=actor(), now=g.now, seen=seen)
    except Refusal as refusal:
        session.rollback()
        form.refuse(refusal)
        return form_again(FORM, form=form, book=book, seen=seen_again(refusal, seen, now=seen_of(book)))
    if not is_foreseen(effect):
        session.rollback()
        return render_template(FORM, form=form, book=book, seen=seen, effect=effect, foreseen=mark_of(effect))
    session.commit()
    return done(f"The rulebook is saved. {effect.sentence}".strip(), address_of(rulebook_id))
