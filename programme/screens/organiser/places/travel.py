"""Travel times: how long the ways between our sites take, for the warning about what clashes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, g, render_template, request

from programme.core.refusal import Refusal
from programme.core.web.answers import done, form_again
from programme.core.web.words import plural
from programme.engines.calendar.forms.travel import travel_form, words_of
from programme.engines.calendar.travel import queries
from programme.engines.calendar.travel.actions import change
from programme.engines.mail.queries import installation
from programme.extensions import database_session
from programme.people.guards import actor, administrators

if TYPE_CHECKING:
    from programme.engines.calendar.forms.travel import TravelForm
    from programme.engines.calendar.travel.queries import Line

blueprint = Blueprint("organise_travel", __name__, url_prefix="/organise/travel")
HERE, PAGE = "/organise/travel", "organiser/venues/travel.html"


@blueprint.get("")
@administrators
def travel() -> Any:
    """Show every way with its times, as a form."""
    lines = queries.lines(database_session())
    return render_template(PAGE, **shown(travel_form(lines), lines))


def shown(form: TravelForm, lines: list[Line]) -> dict[str, Any]:
    """Return what the page shows: the ways between sites first, then those within one."""
    rows = [
        {"line": line, "words": words_of(line.known), "is_within": line.known.site == line.known.other}
        for line in lines
    ]
    return {"form": form, "rows": rows, "changed": sum(line.is_changed for line in lines)}


@blueprint.post("")
@administrators
def save() -> Any:
    """Save them all; where somebody else has changed them meanwhile, nothing is lost and nothing undone."""
    session = database_session()
    lines = queries.lines(session)
    form = travel_form(lines, request.form)
    if not form.validate():
        return form_again(PAGE, **shown(form, lines))
    here = installation(session) or abort(404)
    wanted, seen = form.minutes(lines), form.seen.data or ""
    try:
        number = change(session, wanted, seen=seen, installation=here, actor=actor(), now=g.now)
    except Refusal as refusal:
        session.rollback()
        lines = queries.lines(session)
        form.refuse(refusal)
        form.seen.data = queries.mark_of(lines)
        return form_again(PAGE, **shown(form, lines))
    session.commit()
    return done(f"{plural(number, 'way')} changed." if number else "Nothing was changed.", HERE)
