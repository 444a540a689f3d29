"""Deleting somebody's data for them, by administrators: found by the address, shown first, then done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, current_app, g, redirect, render_template, request

from programme.core.refusal import Refusal
from programme.core.web.answers import button, done, form_again
from programme.core.web.forms import Form, mail_address
from programme.extensions import database_session
from programme.flows.keeping.erasing import erase_person, preview
from programme.people.affiliations import address_key, person_of
from programme.people.guards import actor, administrators
from programme.people.models import Person

if TYPE_CHECKING:
    from collections.abc import Sequence

    from programme.people.keeping.ports import Keeper

blueprint = Blueprint("organiser_erasure", __name__, url_prefix="/organise/people")
FIND = "organiser_people/find.html"
NOBODY = "We hold nothing under this address."


class FindForm(Form):
    """Whose data."""

    address = mail_address(
        "Their e-mail address",
        hint="The one they registered or signed in with. Make sure that it is they who ask: answer to that address.",
        ask="Enter the address of the person who asks.",
    )


def keepers() -> Sequence[Keeper]:
    """Return every room that keeps data on people."""
    found: Sequence[Keeper] = current_app.extensions["keepers"]
    return found


def page_of_person(person_id: int) -> str:
    """Return the address of what deleting somebody would mean."""
    return f"/organise/people/{person_id}/erasure"


@blueprint.get("/erasure")
@administrators
def find() -> Any:
    """Ask whose data are to be deleted."""
    return render_template(FIND, form=FindForm(), section="people")


@blueprint.post("/erasure")
@administrators
def found() -> Any:
    """Find the person of an address; it is not written into an address of ours."""
    form = FindForm(request.form)
    if form.validate():
        person = person_of(database_session(), key=address_key(form.address.data))
        if person is not None:
            return redirect(page_of_person(person.id), 303)
        form.refuse(Refusal(NOBODY, field="address"))
    return form_again(FIND, form=form, section="people")


@blueprint.get("/<id:person_id>/erasure")
@administrators
def ask(person_id: int) -> Any:
    """Show what deleting would mean, by numbers: what somebody answered is not for administrators."""
    session = database_session()
    person = session.get(Person, person_id) or abort(404)
    told = preview(session, person, keepers(), now=g.now)
    return render_template("organiser_people/erasure.html", person=person, it=told, section="people")


@blueprint.post("/<id:person_id>/erasure")
@administrators
@button(page_of_person)
def erase(person_id: int) -> Any:
    """Delete everything that is held on somebody."""
    session = database_session()
    person = session.get(Person, person_id) or abort(404)
    if person.id == actor().person_id:
        raise Refusal("Delete your own account in your account.")
    address = person.address
    erase_person(session, person, keepers(), actor=actor(), now=g.now)
    session.commit()
    return done(f"Everything held under {address} is deleted. One last e-mail says so.", "/organise/people")
