"""What is known of each organisation: its mailboxes, who answers about data there, and the domains that prove a tie."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g, render_template, request

from programme.core.refusal import Refusal
from programme.core.web.answers import done, form_again, seen_again
from programme.core.web.forms import Form, mail_address, paragraph
from programme.engines.calendar.forms.choices import web_address
from programme.extensions import database_session
from programme.people import queries
from programme.people.guards import actor, administrators
from programme.people.models import Organisation
from programme.people.organisations.actions import Details, edit, seen_of

blueprint = Blueprint("organise_organisations", __name__, url_prefix="/organise/organisations")
HERE = "/organise/organisations"
FORM = "organiser/organisations/form.html"
LONGEST_LIST = 5_000


class OrganisationForm(Form):
    """What may change of an organisation; who it is stays."""

    contact_address = mail_address(
        "Mailbox",
        hint="Answers to letters about its events go here, where an event names no other.",
        ask="",
    )
    domains = paragraph(
        "Mail domains",
        hint="One on each line, like liverpool.ac.uk; sub-domains count too. Whoever reads mail there is a member.",
        longest=LONGEST_LIST,
        rows=4,
    )
    privacy_address = mail_address("Mailbox about personal data", hint="Stands on the privacy page.", ask="")
    privacy_url = web_address("Its own privacy pages", hint="Stands on the privacy page, if you give one.")

    def details(self) -> Details:
        """Return what was typed."""
        return Details(
            contact_address=self.contact_address.data or "",
            privacy_address=self.privacy_address.data or "",
            privacy_url=self.privacy_url.data or "",
            domains=tuple((self.domains.data or "").split()),
        )


@blueprint.get("")
@administrators
def organisations() -> Any:
    """List them."""
    return render_template("organiser/organisations/all.html", rows=queries.organisations(database_session()))


@blueprint.get("/<id:organisation_id>")
@administrators
def organisation(organisation_id: int) -> Any:
    """Show one as a form."""
    row = database_session().get(Organisation, organisation_id) or abort(404)
    given = {name: getattr(row, name) for name in ("contact_address", "privacy_address", "privacy_url")}
    form = OrganisationForm(data={**given, "domains": "\n".join(one.domain for one in row.domains)})
    return render_template(FORM, form=form, organisation=row, seen=seen_of(row))


@blueprint.post("/<id:organisation_id>")
@administrators
def save(organisation_id: int) -> Any:
    """Save it."""
    session, form = database_session(), OrganisationForm(request.form)
    row = session.get(Organisation, organisation_id) or abort(404)
    seen = request.form.get("seen", "")
    if not form.validate():
        return form_again(FORM, form=form, organisation=row, seen=seen)
    try:
        edit(session, row, form.details(), actor=actor(), now=g.now, seen=seen)
    except Refusal as refusal:
        session.rollback()
        form.refuse(refusal)
        return form_again(FORM, form=form, organisation=row, seen=seen_again(refusal, seen, now=seen_of(row)))
    session.commit()
    return done(f"{row.name} is saved.", HERE)
