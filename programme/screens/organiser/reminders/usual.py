"""What is usual: the reminders that events and registrations of a strand get when they are announced."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, current_app, g, render_template, request
from wtforms import SelectChoice

from programme.core.refusal import Refusal
from programme.core.web.answers import button, done, form_again
from programme.engines.reminders import usual
from programme.engines.reminders.actions import DEFAULT
from programme.engines.reminders.models import ReminderRule, UsualRule, UsualSilence
from programme.engines.reminders.queries import every_usual_rule, is_silent, silences
from programme.engines.reminders.wording import rule_words
from programme.extensions import database_session
from programme.people.guards import actor, administrators, organisers
from programme.people.states import Strand
from programme.screens.organiser.reminders.forms import THINGS, SilenceForm, UsualForm, sentence, sides_of
from programme.screens.organiser.reminders.things import subject_of

blueprint = Blueprint("organise_usual_reminders", __name__, url_prefix="/organise/reminders")
HERE, PAGE = "/organise/reminders", "organiser/reminders/usual.html"
NONE = "none-"
EACH = {str(one.value): str(one.label) for one in THINGS}


def here(**rest: object) -> str:
    """Return the address of this page."""
    del rest
    return HERE


@blueprint.get("")
@organisers
def page() -> Any:
    """Show what is usual; administrators change it."""
    return render_template(PAGE, **shown(usual_form()))


def shown(form: UsualForm) -> dict[str, Any]:
    """Return what the page shows."""
    session, groups = database_session(), dict[str, list[tuple[UsualRule | UsualSilence, str]]]()
    for row in every_usual_rule(session):
        words = rule_words(subject_of(row.subject_kind), row)
        groups.setdefault(strand_of(row), []).append((row, sentence(words)))
    for none in silences(session):
        groups.setdefault(strand_of(none), []).append((none, f"{EACH[none.subject_kind]}: no reminder"))
    default = rule_words(subject_of("event"), ReminderRule(**DEFAULT.columns))
    return {
        "groups": dict(sorted(groups.items())),
        "default": "" if is_silent(session, "event", None) else sentence(default),
        "form": form,
        "silence_form": SilenceForm(prefix=NONE),
        "is_empty": not groups,
        "is_silence": lambda row: isinstance(row, UsualSilence),
    }


def strand_of(row: UsualRule | UsualSilence) -> str:
    """Return the strand that something is usual in; empty is every one."""
    return row.strand.value if row.strand else ""


def usual_form(typed: Any = None) -> UsualForm:
    """Return the form; only audiences that nothing has to narrow can be usual."""
    form = UsualForm(typed, data={"amount": 1, "unit": "days", "audience": "confirmed"})
    subjects = current_app.extensions["reminder_subjects"]
    form.side.choices = sides_of(subjects)
    known = {
        audience.value: reach.words
        for subject in subjects
        for audience, reach in subject.audiences.items()
        if not reach.parameter
    }
    form.audience.choices = [SelectChoice(value, sentence(words)) for value, words in known.items()]
    form.kind.choices = [one for one in form.kind.choices if one.value in {subject.kind for subject in subjects}]
    return form


@blueprint.post("")
@administrators
def add() -> Any:
    """Let something be usual."""
    session, form = database_session(), usual_form(request.form)
    if form.validate():
        try:
            subject, strand = subject_of(str(form.kind.data)), Strand(form.strand.data) if form.strand.data else None
            row = usual.add(session, subject, form.wish(), strand=strand, actor=actor(), now=g.now)
            session.commit()
            return done(f"Usual from now on: {rule_words(subject, row)}.", HERE)
        except Refusal as refusal:
            session.rollback()
            form.refuse(refusal)
    return form_again(PAGE, **shown(form))


@blueprint.post("/silences")
@administrators
@button(here)
def silence() -> Any:
    """Let nothing be usual."""
    session, form = database_session(), SilenceForm(request.form, prefix=NONE)
    if not form.validate():
        raise Refusal("Choose what shall get no reminder, and in which strand.")
    strand = Strand(form.strand.data) if form.strand.data else None
    usual.silence(session, subject_of(str(form.kind.data)), strand=strand, actor=actor(), now=g.now)
    session.commit()
    return done("Nothing is usual there any more. What is announced already keeps what it has.", HERE)


@blueprint.post("/silences/<id:silence_id>/removal")
@administrators
@button(here)
def speak_again(silence_id: int) -> Any:
    """Let something be usual again."""
    session = database_session()
    row = session.get(UsualSilence, silence_id) or abort(404)
    usual.speak_again(session, row, subject_of(row.subject_kind), actor=actor(), now=g.now)
    session.commit()
    return done("What is usual comes again.", HERE)


@blueprint.post("/<id:usual_id>/removal")
@administrators
@button(here)
def removal(usual_id: int) -> Any:
    """Let something be usual no more."""
    session = database_session()
    row = session.get(UsualRule, usual_id) or abort(404)
    usual.remove(session, row, subject_of(row.subject_kind), actor=actor(), now=g.now)
    session.commit()
    return done("It is not usual any more. What has it keeps it.", HERE)
