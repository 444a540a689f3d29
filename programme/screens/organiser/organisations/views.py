"""What is known of each organisation: its mailboxes, who answers about data there, and the domains that prove a tie."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g, render_template, request
from wtforms import SelectChoice

from programme.core.refusal import Refusal
from programme.core.web.answers import done, form_again, seen_again
from programme.core.web.forms import Form, line, mail_address, paragraph
from programme.engines.calendar.forms.choices import Radios, web_address
from programme.extensions import database_session
from programme.people import queries
from programme.people.guards import actor, administrators
from programme.people.models import Organisation
from programme.people.organisations.actions import Details, add, edit, seen_of
from programme.people.states import OrganisationKind

blueprint = Blueprint("organise_organisations", __name__, url_prefix="/organise/organisations")
HERE = "/organise/organisations"
FORM = "organiser/organisations/form.html"
NEW = "organiser/organisations/new.html"
LONGEST_LIST, LONGEST_SHORT = 5_000, 40
KINDS = {
    OrganisationKind.UNIVERSITY: "A university that runs the programme with others",
    OrganisationKind.AUTHORITY: "An authority",
    OrganisationKind.HOST: "A host of placements",
    OrganisationKind.PARTNER: "Another partner",
}


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


class NewForm(Form):
    """Who an organisation is."""

    name = line("Name", hint="In full, like University of Liverpool.", ask="Enter its name.")
    short_name = line(
        "Short name",
        hint="For tight places, like Liverpool. Addresses of pages are called after it, and stay.",
        ask="Enter a short name.",
        longest=LONGEST_SHORT,
    )
    kind = Radios(
        "What it is",
        choices=[SelectChoice(one.value, word) for one, word in KINDS.items()],
        default=OrganisationKind.UNIVERSITY.value,
    )


@blueprint.get("")
@administrators
def organisations() -> Any:
    """List them."""
    return render_template("organiser/organisations/all.html", rows=queries.organisations(database_session()))


@blueprint.get("/new")
@administrators
def new() -> Any:
    """Show an empty form."""
    return render_template(NEW, form=NewForm())


@blueprint.post("")
@administrators
def make() -> Any:
    """Add an organisation."""
    session, form = database_session(), NewForm(request.form)
    if not form.validate():
        return form_again(NEW, form=form)
    try:
        kind = OrganisationKind(form.kind.data)
        row = add(session, form.name.data, form.short_name.data, kind, actor=actor(), now=g.now)
    except Refusal as refusal:
        session.rollback()
        form.refuse(refusal)
        return form_again(NEW, form=form)
    session.commit()
    return done(f"{row.name} is added. Say what is known of it.", f"{HERE}/{row.id}")


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
