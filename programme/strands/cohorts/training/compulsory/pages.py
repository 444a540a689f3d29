"""What is compulsory for a cohort, as those who run it see it: event by event, who has done what, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, g, render_template, request
from wtforms import SelectChoice

from programme.core.refusal import Refusal
from programme.core.web.answers import button, carried_out, done, form_again
from programme.core.web.forms import Form, paragraph
from programme.core.web.lists import page_number, page_of
from programme.core.web.words import plural, short_date
from programme.engines.calendar.forms.choices import Choice
from programme.extensions import database_session
from programme.people.guards import actor, needs
from programme.people.permissions import Verb
from programme.strands.cohorts.awards.scopes import of_cohort
from programme.strands.cohorts.models import Candidature, Cohort
from programme.strands.cohorts.records.guarding import note_look
from programme.strands.cohorts.records.looking import note_researchers
from programme.strands.cohorts.training.compulsory import actions, queries
from programme.strands.cohorts.training.compulsory.actions import LONGEST_REASON, WHY
from programme.strands.cohorts.training.compulsory.standing import Standing
from programme.strands.cohorts.training.words import STANDS

if TYPE_CHECKING:
    from programme.engines.calendar.models import Event

blueprint = Blueprint("compulsory_training", __name__, url_prefix="/organise/cohorts/<id:cohort_id>/compulsory")
PAGE, EXEMPTION = "cohorts/training/compulsory.html", "cohorts/training/exemption.html"
EVENTS_A_PAGE = 10


class CompulsoryForm(Form):
    """What is to be compulsory: an event, or every event of a series."""

    event = Choice("Event or series")


class ExemptionForm(Form):
    """Why somebody need not come."""

    reason = paragraph(
        "Why they need not come", hint="Read by whoever runs the cohort.", ask=WHY, longest=LONGEST_REASON, rows=4
    )


def home(cohort_id: int, **rest: object) -> str:
    """Return the address of the page."""
    del rest
    return f"/organise/cohorts/{cohort_id}/compulsory"


def form_of(typed: Any = None) -> CompulsoryForm:
    """Return the form, with the events and series that the acting person sees."""
    session, form = database_session(), CompulsoryForm(typed)
    series = [
        SelectChoice(f"s{row.id}", f"Every event of {row.title}") for row in queries.series_offered(session, actor())
    ]
    events = [
        SelectChoice(f"e{row.id}", f"{row.title}, {short_date(row.starts_at)} {row.starts_at.year}")
        for row in queries.events_offered(session, actor())
    ]
    form.event.choices = [*series, *events]
    return form


def shown(cohort_id: int, form: CompulsoryForm) -> dict[str, Any]:
    """Return what the page shows."""
    session = database_session()
    wanted = queries.compulsory_events(cohort_id, actor())
    page = page_of(session, wanted, number=page_number(request.args.get("page")), size=EVENTS_A_PAGE)
    events = list(page.rows)
    return {
        "cohort": session.get_one(Cohort, cohort_id),
        "form": form,
        "page": page,
        "rolls": queries.rolls(session, cohort_id, events, now=g.now),
        "exemptions": queries.exemptions(session, [row.id for row in events], cohort_id),
        "assigned": [row for row in queries.assigned(session, cohort_id) if is_seen(row, form)],
        "stands": STANDS,
        "order": list(Standing),
    }


def is_seen(row: Any, form: CompulsoryForm) -> bool:
    """Whether the acting person sees what was made compulsory."""
    key = f"e{row.event_id}" if row.event_id else f"s{row.series_id}"
    return any(choice.value == key for choice in form.event.choices)


@blueprint.get("")
@needs(Verb.SEE_PEOPLE, of_cohort)
def page(cohort_id: int) -> Any:
    """Show what is compulsory, and where everybody stands; that somebody looked is noted."""
    told = shown(cohort_id, form_of())
    named = [row for roll in told["rolls"] for rows in roll.by_standing.values() for row in rows]
    note_researchers(named, actor(), verb="looked at the compulsory training of a cohort", now=g.now)
    return render_template(PAGE, **told)


@blueprint.post("")
@needs(Verb.EDIT, of_cohort)
def make(cohort_id: int) -> Any:
    """Let an event or a series be compulsory."""
    form = form_of(request.form)

    def verb() -> tuple[str, str]:
        kind, number = form.event.data[0], int(form.event.data[1:])
        chosen = {"event_id": number} if kind == "e" else {"series_id": number}
        actions.make_compulsory(database_session(), cohort_id, **chosen, actor=actor(), now=g.now)
        return "It is compulsory for this cohort now. Nobody has been written to yet.", home(cohort_id)

    return carried_out(form, verb, lambda: form_again(PAGE, **shown(cohort_id, form)))


@blueprint.post("/<id:compulsory_id>/removal")
@needs(Verb.EDIT, of_cohort)
@button(home)
def let_be(cohort_id: int, compulsory_id: int) -> Any:
    """Let it be compulsory no more."""
    session = database_session()
    actions.let_be(session, cohort_id, compulsory_id, actor=actor(), now=g.now)
    session.commit()
    return done("It is not compulsory for this cohort any more.", home(cohort_id))


@blueprint.post("/events/<id:event_id>/reminders")
@needs(Verb.EDIT, of_cohort)
@button(home)
def remind(cohort_id: int, event_id: int) -> Any:
    """Write to everybody who has not booked or did not come."""
    session = database_session()
    number = actions.remind(session, cohort_id, event_id, actor=actor(), now=g.now)
    session.commit()
    if not number:
        return done("Nobody is written to: whoever lacks it was reminded today already.", home(cohort_id))
    return done(f"{plural(number, 'letter')} on the way.", home(cohort_id))


def people_here(cohort_id: int, candidature_id: int, event_id: int) -> tuple[Candidature, Event]:
    """Return a researcher of the cohort, and an event that is compulsory for it; others are not there."""
    session = database_session()
    row = session.get(Candidature, candidature_id)
    if row is None or row.cohort_id != cohort_id:
        abort(404)
    try:
        return row, actions.refuse_voluntary(session, cohort_id, event_id, actor=actor())
    except Refusal:
        abort(404)


@blueprint.get("/events/<id:event_id>/exemptions/<id:candidature_id>")
@needs(Verb.EDIT, of_cohort)
def ask_why(cohort_id: int, event_id: int, candidature_id: int) -> Any:
    """Ask why somebody need not come."""
    row, event = people_here(cohort_id, candidature_id, event_id)
    note_look(row, actor(), now=g.now)
    return render_template(EXEMPTION, form=ExemptionForm(), row=row, event=event, home=home(cohort_id))


@blueprint.post("/events/<id:event_id>/exemptions/<id:candidature_id>")
@needs(Verb.EDIT, of_cohort)
def exempt(cohort_id: int, event_id: int, candidature_id: int) -> Any:
    """Let somebody need not come."""
    form = ExemptionForm(request.form)
    row, event = people_here(cohort_id, candidature_id, event_id)

    def verb() -> tuple[str, str]:
        told: dict[str, Any] = {"reason": form.reason.data, "actor": actor(), "now": g.now}
        actions.exempt(database_session(), cohort_id, candidature_id, event_id, **told)
        return "They are exempt, and not reminded.", home(cohort_id)

    return carried_out(form, verb, lambda: form_again(EXEMPTION, form=form, row=row, event=event, home=home(cohort_id)))


@blueprint.post("/events/<id:event_id>/exemptions/<id:candidature_id>/removal")
@needs(Verb.EDIT, of_cohort)
@button(home)
def take_back(cohort_id: int, event_id: int, candidature_id: int) -> Any:
    """Take an exemption back."""
    session = database_session()
    actions.take_exemption_back(session, cohort_id, candidature_id, event_id, actor=actor(), now=g.now)
    session.commit()
    return done("They have to come after all.", home(cohort_id))
