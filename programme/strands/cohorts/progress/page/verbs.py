"""What whoever runs a cohort does about one milestone: more time, another day, an exemption, done elsewhere."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, render_template, request

from programme.core.refusal import Refusal
from programme.core.web.answers import button, carried_out, done, form_again
from programme.engines.calendar.times import london_day
from programme.extensions import database_session
from programme.people.guards import actor
from programme.strands.cohorts.progress.handing import approving, handing_in
from programme.strands.cohorts.progress.moving import days, exempting, extending
from programme.strands.cohorts.progress.moving.foreseeing import foreseen, with_extension
from programme.strands.cohorts.progress.page.forms import (
    ApproverForm,
    DayForm,
    DoneForm,
    ExemptionForm,
    ExtensionForm,
)
from programme.strands.cohorts.progress.page.views import (
    PAGE,
    SINGLE,
    home,
    one_of_them,
    single_home,
    typed_again,
    whole,
)
from programme.strands.cohorts.progress.page.words import move_words
from programme.strands.cohorts.progress.queries import milestone_of
from programme.strands.cohorts.records.guarding import own_record, record_for
from programme.strands.cohorts.rights import Relation
from programme.strands.cohorts.rulebooks.queries import book_of

blueprint = Blueprint("milestone_verbs", __name__, url_prefix="/records/<id:candidature_id>")
HERE = "/milestones/<id:milestone_id>"


@blueprint.post(f"{HERE}/extension/preview")
@record_for(Relation.RUNS)
def foresee(candidature_id: int, milestone_id: int) -> Any:
    """Say what more time would move; nothing is saved."""
    del candidature_id
    form, row = ExtensionForm(request.form), own_record().candidature
    book = book_of(database_session(), row.home_organisation_id)
    if not form.validate():
        return typed_again(milestone_id, "extension", form)
    units = form.units.data or 0
    try:
        milestone = milestone_of(row, milestone_id)
        extending.check(row, milestone, units=units, course_units=book.units, today=london_day(g.now))
    except Refusal as refusal:
        form.refuse(refusal)
        return typed_again(milestone_id, "extension", form)
    found = foreseen(row, book, with_extension(row, milestone.code, units))
    rules = book.rules(row.cohort.award_id)
    again: dict[str, Any] = {"typed": {"extension": form}, "form": form, "opened": "extension"}
    return render_template(
        SINGLE, **one_of_them(milestone_id, **again, moves=[move_words(one, rules) for one in found])
    )


@blueprint.post(f"{HERE}/extension")
@record_for(Relation.RUNS)
def extend(candidature_id: int, milestone_id: int) -> Any:
    """Grant more time."""
    form = ExtensionForm(request.form)

    def verb() -> tuple[str, str]:
        session, units, reason = database_session(), form.units.data or 0, form.reason.data or ""
        extending.extend(session, candidature_id, milestone_id, units=units, reason=reason, actor=actor(), now=g.now)
        return "More time is granted.", single_home(candidature_id, milestone_id)

    return carried_out(form, verb, lambda: typed_again(milestone_id, "extension", form))


@blueprint.post("/extensions/<id:extension_id>/removal")
@record_for(Relation.RUNS)
@button(home)
def unextend(candidature_id: int, extension_id: int) -> Any:
    """Take an extension back."""
    session = database_session()
    extending.take_back(session, candidature_id, extension_id, actor=actor(), now=g.now)
    session.commit()
    return done("The extension is taken back.", home(candidature_id))


@blueprint.post(f"{HERE}/day")
@record_for(Relation.RUNS)
def set_day(candidature_id: int, milestone_id: int) -> Any:
    """Set the day by hand."""
    form = DayForm(request.form)

    def verb() -> tuple[str, str]:
        session, day, reason = database_session(), form.day.day, form.reason.data or ""
        if day is not None:
            days.set_day(session, candidature_id, milestone_id, day, reason=reason, actor=actor(), now=g.now)
        return "The day is set by hand.", single_home(candidature_id, milestone_id)

    return carried_out(form, verb, lambda: typed_again(milestone_id, "day", form))


@blueprint.post(f"{HERE}/day/removal")
@record_for(Relation.RUNS)
@button(single_home)
def reckon_again(candidature_id: int, milestone_id: int) -> Any:
    """Take a day set by hand back."""
    session = database_session()
    days.reckon_again(session, candidature_id, milestone_id, actor=actor(), now=g.now)
    session.commit()
    return done("The day is reckoned by the rulebook again.", home(candidature_id))


@blueprint.post(f"{HERE}/exemption")
@record_for(Relation.RUNS)
def exempt(candidature_id: int, milestone_id: int) -> Any:
    """Say that it does not apply."""
    form = ExemptionForm(request.form)

    def verb() -> tuple[str, str]:
        session, reason = database_session(), form.reason.data or ""
        exempting.exempt(session, candidature_id, milestone_id, reason=reason, actor=actor(), now=g.now)
        return "It does not apply to them any more.", single_home(candidature_id, milestone_id)

    return carried_out(form, verb, lambda: typed_again(milestone_id, "exemption", form))


@blueprint.post(f"{HERE}/exemption/removal")
@record_for(Relation.RUNS)
@button(single_home)
def ask_again(candidature_id: int, milestone_id: int) -> Any:
    """Take an exemption back."""
    session = database_session()
    exempting.ask_again(session, candidature_id, milestone_id, actor=actor(), now=g.now)
    session.commit()
    return done("It is asked for again.", home(candidature_id))


@blueprint.post(f"{HERE}/completion")
@record_for(Relation.RUNS)
def complete(candidature_id: int, milestone_id: int) -> Any:
    """Note that it was done elsewhere."""
    form = DoneForm(request.form)

    def verb() -> tuple[str, str]:
        session, day, words = database_session(), form.done_on.day, form.words.data or ""
        if day is not None:
            by: dict[str, Any] = {"actor": actor(), "now": g.now}
            handing_in.record_done(session, candidature_id, milestone_id, done_on=day, words=words, **by)
        return "It is noted as done.", single_home(candidature_id, milestone_id)

    return carried_out(form, verb, lambda: typed_again(milestone_id, "done", form))


@blueprint.post(f"{HERE}/completion/removal")
@record_for(Relation.RUNS)
@button(single_home)
def undo(candidature_id: int, milestone_id: int) -> Any:
    """Open it again."""
    session = database_session()
    handing_in.undo(session, candidature_id, milestone_id, actor=actor(), now=g.now)
    session.commit()
    return done("It is open again.", single_home(candidature_id, milestone_id))


@blueprint.post("/approver")
@record_for(Relation.RUNS)
def name_approver(candidature_id: int) -> Any:
    """Name who signs for the department."""
    form = ApproverForm(request.form)

    def verb() -> tuple[str, str]:
        given = {"address": form.address.data, "name": form.name.data or ""}
        approving.name_approver(database_session(), candidature_id, **given, actor=actor(), now=g.now)
        return "They sign for the department from now on.", home(candidature_id)

    return carried_out(form, verb, lambda: form_again(PAGE, **whole(approver_form=form, form=form)))
