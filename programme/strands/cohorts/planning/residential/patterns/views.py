"""Patterns of joint residentials as organisers see them: the list, one as a week, changing, copying and deleting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, g, render_template, request
from sqlalchemy import select
from wtforms import SelectChoice

from programme.core.refusal import Refusal
from programme.core.web.answers import button, done, form_again, seen_again
from programme.engines.calendar.models import Venue
from programme.engines.calendar.travel.queries import ways
from programme.extensions import database_session
from programme.people.guards import actor, organisers
from programme.people.states import Strand
from programme.strands.cohorts.planning.residential.patterns import editing, forms
from programme.strands.cohorts.planning.residential.patterns.places import place_words
from programme.strands.cohorts.planning.residential.patterns.queries import (
    may_keep,
    owners_for,
    parts_of,
    pattern_for,
    patterns_for,
    seen_of,
)
from programme.strands.cohorts.planning.residential.template import in_order
from programme.strands.cohorts.planning.residential.travelling import short_leg

if TYPE_CHECKING:
    from collections.abc import Iterable

    from programme.strands.cohorts.models import ResidentialPattern
    from programme.strands.cohorts.planning.residential.patterns.forms import CopyForm, PatternForm
    from programme.strands.cohorts.planning.residential.template import PatternPart

blueprint = Blueprint("residential_patterns", __name__, url_prefix="/organise/residential-patterns")
HERE = "/organise/residential-patterns"
LIST, PAGE, FORM, COPY, DELETION = (
    f"cohorts/planning/patterns/{name}.html" for name in ("list", "pattern", "form", "copy", "deletion")
)
MOST_LINES = forms.MOST_PARTS


def here(pattern_id: int) -> str:
    """Return the address of a pattern."""
    return f"{HERE}/{pattern_id}"


def mine(pattern_id: int, *, to_change: bool = False) -> ResidentialPattern:
    """Return a pattern; 404 for whoever does not see it, 403 where it is another's to change."""
    row = pattern_for(database_session(), pattern_id, actor()) or abort(404)
    if to_change and not may_keep(actor(), row.organisation_id):
        abort(403)
    return row


def refuse_strangers() -> None:
    """Let in whoever organises cohorts, or runs the installation."""
    if not (actor().organises_in(Strand.COHORTS) or actor().is_administrator):
        abort(403)


@blueprint.get("")
@organisers
def patterns() -> Any:
    """List the patterns that one sees."""
    refuse_strangers()
    return render_template(LIST, patterns=patterns_for(database_session(), actor()))


@blueprint.get("/<id:pattern_id>")
@organisers
def pattern(pattern_id: int) -> Any:
    """Show a pattern as the week that it proposes."""
    refuse_strangers()
    row = mine(pattern_id)
    return render_template(
        PAGE, pattern=row, lines=lines_of(parts_of(row)), may_change=may_keep(actor(), row.organisation_id)
    )


def lines_of(parts: Iterable[PatternPart]) -> list[tuple[PatternPart, str, str]]:
    """Return parts with where each is, and what is to be thought of."""
    session, ordered = database_session(), in_order(parts)
    known = ways(session)
    wanted = {one.venue_id for one in ordered if one.venue_id}
    rows = session.execute(select(Venue.id, Venue.name).where(Venue.id.in_(wanted))).all() if wanted else []
    named = {row.id: row.name for row in rows}
    return [(one, place_words(one, named.get(one.venue_id or 0)), short_leg(one, known)) for one in ordered]


@blueprint.get("/<id:pattern_id>/details")
@organisers
def ask_details(pattern_id: int) -> Any:
    """Show the form as the pattern is."""
    refuse_strangers()
    row = mine(pattern_id, to_change=True)
    parts = parts_of(row)
    form = form_with(len(parts), data=forms.data_of(row.title, row.hint, parts))
    return render_template(FORM, pattern=row, form=form, seen=seen_of(row))


def form_with(written: int, *, typed: Any = None, data: dict[str, Any] | None = None) -> PatternForm:
    """Return the form with a few lines more than are in use."""
    rows = database_session().execute(select(Venue.id, Venue.name).order_by(Venue.site, Venue.name, Venue.id))
    lines = min(max(written + forms.SPARE, 1), MOST_LINES)
    return forms.form_of(lines, rows.all())(typed, data=data)


def typed_form() -> PatternForm:
    """Return the form as it was sent, with all lines that were in it."""
    lines = [number for number in range(MOST_LINES) if request.form.get(f"part{number}_title")]
    return form_with(max(lines, default=-1) + 1, typed=request.form)


@blueprint.post("/<id:pattern_id>/preview")
@organisers
def preview(pattern_id: int) -> Any:
    """Show the week as the form would have it, and save nothing."""
    refuse_strangers()
    row, form, seen = mine(pattern_id, to_change=True), typed_form(), request.form.get("seen", "")
    if not form.validate():
        return form_again(FORM, pattern=row, form=form, seen=seen)
    return render_template(FORM, pattern=row, form=form, seen=seen, lines=lines_of(form.details().parts))


@blueprint.post("/<id:pattern_id>/details")
@organisers
def edit(pattern_id: int) -> Any:
    """Save the form."""
    refuse_strangers()
    session, form, seen = database_session(), typed_form(), request.form.get("seen", "")
    row = mine(pattern_id, to_change=True)
    if not form.validate():
        return form_again(FORM, pattern=row, form=form, seen=seen)
    try:
        editing.edit(session, pattern_id, form.details(), actor=actor(), now=g.now, seen=seen)
    except Refusal as refusal:
        session.rollback()
        row = mine(pattern_id, to_change=True)
        form.refuse(refusal)
        return form_again(FORM, pattern=row, form=form, seen=seen_again(refusal, seen, now=seen_of(row)))
    session.commit()
    return done("The pattern is saved. What was planned by it before stays as it is.", here(pattern_id))


@blueprint.get("/<id:pattern_id>/copies/new")
@organisers
def ask_copy(pattern_id: int) -> Any:
    """Ask what the copy is called."""
    refuse_strangers()
    row = mine(pattern_id)
    form = copy_form(data={"title": f"{row.title}, copy"[: forms.LONGEST_TITLE]})
    return render_template(COPY, pattern=row, form=form)


def copy_form(*, typed: Any = None, data: dict[str, Any] | None = None) -> CopyForm:
    """Return the form of a copy, with those for whom the actor may keep one."""
    form = forms.CopyForm(typed, data=data)
    choices = [SelectChoice(row.id, row.name) for row in owners_for(database_session(), actor())]
    if actor().is_administrator:
        choices.insert(0, SelectChoice("", "All organisers"))
    form.owner.choices = choices
    return form


@blueprint.post("/<id:pattern_id>/copies")
@organisers
def copy(pattern_id: int) -> Any:
    """Copy a pattern, to change the copy."""
    refuse_strangers()
    session, row, form = database_session(), mine(pattern_id), copy_form(typed=request.form)
    if not form.validate():
        return form_again(COPY, pattern=row, form=form)
    try:
        made = editing.copy(session, row, form.title.data, organisation_id=form.owner.data, actor=actor(), now=g.now)
    except Refusal as refusal:
        session.rollback()
        form.refuse(refusal)
        return form_again(COPY, pattern=mine(pattern_id), form=form)
    session.commit()
    return done("The copy is made. Change what is different in it.", f"{here(made.id)}/details")


@blueprint.get("/<id:pattern_id>/deletion")
@organisers
def ask_deletion(pattern_id: int) -> Any:
    """Ask before a pattern is deleted."""
    refuse_strangers()
    return render_template(DELETION, pattern=mine(pattern_id, to_change=True))


@blueprint.post("/<id:pattern_id>/deletion")
@organisers
@button(here)
def delete(pattern_id: int) -> Any:
    """Delete a pattern; what was planned by it stays."""
    refuse_strangers()
    row = mine(pattern_id, to_change=True)
    title = editing.delete(database_session(), row.id, actor=actor(), now=g.now)
    database_session().commit()
    return done(f"“{title}” is deleted. What was planned by it stays.", HERE)
