"""One's own account: name, where one belongs, which browsers are signed in, one's data to take away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, g, render_template, request

from programme.core.refusal import Refusal
from programme.core.web.answers import button, done, form_again
from programme.core.web.words import plural
from programme.extensions import database_session
from programme.flows.granting.things import titles
from programme.people import affiliations, queries, signing_in
from programme.people.forms import KIND_WORDS, AddressForm, ClaimForm, NameForm
from programme.people.guards import actor, signed_in
from programme.people.models import AffiliationKind, Organisation
from programme.people.roles import in_words, organisation_named

if TYPE_CHECKING:
    from programme.people.models import Person

blueprint = Blueprint("account", __name__, url_prefix="/me/account")
HERE = "/me/account"


def me() -> Person:
    """Return the person signed in; for views behind `signed_in`."""
    return queries.with_ties(database_session(), actor().person_id or 0)


@blueprint.get("")
@signed_in
def page() -> Any:
    """Show the account."""
    return render_template("account/page.html", **shown())


def shown(**forms: Any) -> dict[str, Any]:
    """Return what the page shows; `forms` are those typed wrongly."""
    session, person = database_session(), me()
    made = {"name_form": NameForm(name=person.name), "address_form": AddressForm(), "claim_form": claim_form()}
    browsers = signing_in.open_browsers(session, person.id, now=g.now)
    things = titles(session, [(row.subject_kind, row.subject_id) for row in person.grants])
    held = [in_words(row, thing=things.get((row.subject_kind or "", row.subject_id or 0), "")) for row in person.grants]
    return {"person": person, "browsers": browsers, "held": held, "kind_words": KIND_WORDS} | made | forms


def claim_form(typed: Any = None) -> ClaimForm:
    """Return the form for a claim with its choices."""
    made = ClaimForm(typed)
    made.offer(queries.organisations(database_session()))
    return made


@blueprint.post("/name")
@signed_in
def name() -> Any:
    """Change one's name."""
    typed = NameForm(request.form)
    if not typed.validate():
        return form_again("account/page.html", **shown(name_form=typed, form=typed))
    me().name = typed.name.data
    database_session().commit()
    return done("Your name is changed.", HERE)


@blueprint.post("/affiliations")
@signed_in
def claim() -> Any:
    """Say where one belongs."""
    typed = claim_form(request.form)
    if not typed.validate():
        return form_again("account/page.html", **shown(claim_form=typed, form=typed))
    session = database_session()
    organisation = organisation_named(session, typed.organisation.data)
    affiliations.claim(session, me(), organisation, AffiliationKind(typed.kind.data))
    session.commit()
    return done(f"{organisation.name} is among the places you belong to.", f"{HERE}#belonging")


@blueprint.post("/affiliations/<id:organisation_id>/withdrawal")
@signed_in
@button(lambda organisation_id: f"{HERE}#belonging")  # noqa: ARG005  the view's own argument
def withdrawal(organisation_id: int) -> Any:
    """Take a claim back."""
    session = database_session()
    organisation = session.get(Organisation, organisation_id)
    if organisation is None:
        raise Refusal("There is no such organisation.")
    affiliations.withdraw(session, me(), organisation)
    session.commit()
    return done(f"You no longer say that you belong to {organisation.name}.", f"{HERE}#belonging")


@blueprint.post("/browsers/<id:session_id>/sign-out")
@signed_in
@button(lambda session_id: f"{HERE}#browsers")  # noqa: ARG005  the view's own argument
def browser_out(session_id: int) -> Any:
    """Sign one browser out."""
    signing_in.revoke(database_session(), session_id, person_id=actor().person_id or 0, now=g.now)
    database_session().commit()
    return done("That browser is signed out.", f"{HERE}#browsers")


@blueprint.post("/browsers/sign-out")
@signed_in
def others_out() -> Any:
    """Sign every other browser out."""
    who = actor()
    number = signing_in.revoke_all_others(
        database_session(), person_id=who.person_id or 0, kept=who.session_id, now=g.now
    )
    database_session().commit()
    return done(f"{plural(number, 'other browser')} signed out.", f"{HERE}#browsers")
