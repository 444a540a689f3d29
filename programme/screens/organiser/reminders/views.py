"""The reminders of one event or opening: what goes out when and to whom, add, change, remove, put back, preview."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, g, render_template, request

from programme.core.refusal import Refusal
from programme.core.web.answers import button, done, form_again
from programme.core.web.forms import LONGEST_LINE
from programme.core.web.lists import page_number
from programme.engines.registration.openings.rights import opening_scope
from programme.engines.reminders import actions
from programme.engines.reminders.models import ReminderRule
from programme.engines.reminders.wording import offset_words, rule_words
from programme.extensions import database_session
from programme.people.guards import actor, needs
from programme.people.permissions import Verb, may
from programme.people.states import Strand
from programme.screens.letter_frame import framed, page_around
from programme.screens.organiser.reminders import dry_run
from programme.screens.organiser.reminders.forms import rule_form, wish_of
from programme.screens.organiser.reminders.things import of_thing, thing_here
from programme.screens.organiser.reminders.told_to import may_read_names, to_words
from programme.screens.organiser.reminders.unannounced import to_come_by_themselves

if TYPE_CHECKING:
    from collections.abc import Callable

    from programme.screens.organiser.reminders.forms import RuleForm
    from programme.screens.organiser.reminders.things import Shown

blueprint = Blueprint("organise_reminders", __name__, url_prefix="/organise")
LIST, FORM, ONE = (f"organiser/reminders/{name}.html" for name in ("reminders", "form", "reminder"))


def route(method: str, tail: str = "") -> Callable[[Any], Any]:
    """Return a decorator for a view of the reminders of events, of openings, their offers and their feedback."""

    def decorate(view: Any) -> Any:
        for place in (
            "events/<id:event_id>",
            "openings/<id:opening_id>",
            "openings/<id:offers_of>/offers",
            "openings/<id:feedback_of>/feedback",
            "cohorts/<id:cohort_id>",
        ):
            blueprint.add_url_rule(f"/{place}/reminders{tail}", view_func=view, methods=[method])
        return view

    return decorate


def back_to(**address: Any) -> str:
    """Return the address of a thing's reminders."""
    if address.get("offers_of"):
        return f"/organise/openings/{address['offers_of']}/offers/reminders"
    if address.get("feedback_of"):
        return f"/organise/openings/{address['feedback_of']}/feedback/reminders"
    if address.get("cohort_id"):
        return f"/organise/cohorts/{address['cohort_id']}/reminders"
    kind = "events" if address.get("event_id") else "openings"
    return f"/organise/{kind}/{address.get('event_id') or address.get('opening_id')}/reminders"


@route("GET")
@needs(Verb.SEE_DRAFT, of_thing)
def reminders(**address: Any) -> Any:
    """Show what goes out when, and to how many."""
    shown = thing_here(**address)
    lines, removed = dry_run.table(database_session(), shown, now=g.now)
    usual = to_come_by_themselves(shown, now=g.now) if shown.is_draft and not lines and not removed else []
    rolls = [one for one in shown.openings if may(actor(), Verb.SEE_DRAFT, opening_scope(one))]
    given = {"rolls": rolls, "usual": usual, "summary": dry_run.summary(lines), "may_edit": shown.may(Verb.EDIT)}
    return render_template(LIST, shown=shown, lines=lines, removed=removed, **given)


@route("POST", "/usual")
@needs(Verb.EDIT, of_thing)
def take_usual(**address: Any) -> Any:
    """Give it what is usual now, to be changed before it is announced."""
    shown, session = thing_here(**address), database_session()
    give_usual(shown)
    session.commit()
    return done("These are its own now: change them, or take them off.", shown.address)


def give_usual(shown: Shown) -> None:
    """Give what is not announced yet what it would get then: whoever adds a reminder keeps the usual ones beside it."""
    if shown.is_draft:
        thing = shown.thing.subject.kind, shown.thing.id
        actions.give_usual_rules(database_session(), thing, strand=Strand(shown.strand), now=g.now)


@route("GET", "/new")
@needs(Verb.EDIT, of_thing)
def new(**address: Any) -> Any:
    """Ask for a reminder."""
    shown = thing_here(**address)
    form = rule_form(database_session(), shown)
    return render_template(FORM, shown=shown, form=form, rule=None, title="Add a reminder")


@route("POST")
@needs(Verb.EDIT, of_thing)
def add(**address: Any) -> Any:
    """Add a reminder."""
    shown, session = thing_here(**address), database_session()
    form = rule_form(session, shown, request.form)
    give_usual(shown)
    rule = carried_out(form, lambda: actions.add(session, shown.thing, wish(form, shown), actor=actor(), now=g.now))
    if rule is None:
        return form_again(FORM, shown=shown, form=form, rule=None, title="Add a reminder")
    session.commit()
    return done(f"Added: {rule_words(shown.thing.subject, rule)}.", shown.address)


@route("GET", "/<id:rule_id>/edit")
@needs(Verb.EDIT, of_thing)
def edit(rule_id: int, **address: Any) -> Any:
    """Ask what is to be different."""
    shown = thing_here(**address)
    rule = rule_here(shown, rule_id)
    form = rule_form(database_session(), shown, rule=rule)
    return render_template(FORM, shown=shown, form=form, rule=rule, title="Change the reminder")


@route("POST", "/<id:rule_id>")
@needs(Verb.EDIT, of_thing)
def change(rule_id: int, **address: Any) -> Any:
    """Change a reminder."""
    shown, session = thing_here(**address), database_session()
    rule = rule_here(shown, rule_id)
    form = rule_form(session, shown, request.form, rule=rule)
    changed = carried_out(
        form, lambda: actions.change(session, rule, shown.thing, wish(form, shown), actor=actor(), now=g.now)
    )
    if changed is None:
        return form_again(FORM, shown=shown, form=form, rule=rule, title="Change the reminder")
    session.commit()
    return done(f"It goes {rule_words(shown.thing.subject, changed)}.", shown.address)


@route("POST", "/<id:rule_id>/removal")
@needs(Verb.EDIT, of_thing)
@button(back_to)
def removal(rule_id: int, **address: Any) -> Any:
    """Remove a reminder; it can be put back."""
    shown, session = thing_here(**address), database_session()
    actions.remove(session, rule_here(shown, rule_id), shown.thing, actor=actor(), now=g.now)
    session.commit()
    return done("Removed. It stands below, where you can put it back.", shown.address)


@route("POST", "/<id:rule_id>/return")
@needs(Verb.EDIT, of_thing)
@button(back_to)
def put_back(rule_id: int, **address: Any) -> Any:
    """Put a removed reminder back."""
    shown, session = thing_here(**address), database_session()
    rule = rule_here(shown, rule_id, is_active=False)
    actions.put_back(session, rule, shown.thing, actor=actor(), now=g.now)
    session.commit()
    return done(f"Put back: {rule_words(shown.thing.subject, rule)}.", shown.address)


@route("GET", "/<id:rule_id>")
@needs(Verb.SEE_DRAFT, of_thing)
def reminder(rule_id: int, **address: Any) -> Any:
    """Show who would get a reminder, when, and what it would say."""
    shown, session = thing_here(**address), database_session()
    rule = rule_here(shown, rule_id)
    one, may_read = dry_run.occurrence_of(session, shown, rule, now=g.now), may_read_people(shown, rule)
    page = dry_run.readers(session, shown, one, number=asked_page(), now=g.now) if one else None
    person = chosen(shown, one) if may_read else None
    return page_around(
        ONE,
        shown=shown,
        rule=rule,
        one=one,
        when=offset_words(shown.thing.subject, rule),
        to=to_words(shown.thing.subject, rule),
        page=page,
        person=person,
        body=dry_run.letter(session, one, person, now=g.now) if one else None,
        may_edit=shown.may(Verb.EDIT),
        may_read=may_read,
        who=person.who if person is not None else "",
    )


@route("GET", "/<id:rule_id>/html")
@needs(Verb.SEE_DRAFT, of_thing)
def html(rule_id: int, **address: Any) -> Any:
    """Show the letter's HTML by itself, for the frame."""
    shown, session = thing_here(**address), database_session()
    rule = rule_here(shown, rule_id)
    one = dry_run.occurrence_of(session, shown, rule, now=g.now) or abort(404)
    person = chosen(shown, one) if may_read_people(shown, rule) else None
    return framed(dry_run.letter(session, one, person, now=g.now).html)


def may_read_people(shown: Shown, rule: ReminderRule) -> bool:
    """Whether the acting person may read to whom a reminder goes."""
    return shown.may(Verb.SEE_PEOPLE) and may_read_names(rule, shown.openings)


def rule_here(shown: Shown, rule_id: int, *, is_active: bool = True) -> ReminderRule:
    """Return a rule of the thing of the address."""
    rule = database_session().get(ReminderRule, rule_id) or abort(404)
    mine = (rule.subject_kind, rule.subject_id) == (shown.thing.subject.kind, shown.thing.id)
    return rule if mine and rule.is_active is is_active else abort(404)


def asked_page() -> int:
    """Return the page of people that is asked for."""
    return page_number(request.args.get("page"))


def chosen(shown: Shown, one: Any) -> Any:
    """Return whose letter is shown: the one asked for, or else the first."""
    if one is None:
        return None
    asked = request.args.get("who", "").strip()[:LONGEST_LINE]
    who = asked if asked.isascii() and asked.isalnum() else ""
    session = database_session()
    found = dry_run.reader(session, shown, one, who=who, now=g.now)
    return found or dry_run.reader(session, shown, one, who="", now=g.now)


def wish(form: RuleForm, shown: Shown) -> actions.Wish:
    """Return what was wished for; raises Refusal."""
    return wish_of(form, shown.thing.subject)


def carried_out(form: RuleForm, verb: Callable[[], ReminderRule]) -> ReminderRule | None:
    """Do what a form asks; None where it cannot be, which the form then says."""
    if not form.validate():
        return None
    try:
        return verb()
    except Refusal as refusal:
        database_session().rollback()
        form.refuse(refusal)
        return None
