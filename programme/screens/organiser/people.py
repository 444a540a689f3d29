"""People with roles in my organisations: given, taken back, handed over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, g, render_template, request

from programme.core.refusal import Refusal
from programme.core.web.answers import button, done, form_again
from programme.core.web.forms import LONGEST_LINE
from programme.core.web.lists import one_of, page_number, page_of
from programme.core.web.words import join_words
from programme.extensions import database_session
from programme.flows.granting import giving, handing_over
from programme.flows.granting.things import titles
from programme.people import queries, roles
from programme.people.affiliations import address_key, person_of
from programme.people.forms import GrantForm, HandOverForm
from programme.people.guards import actor, organisers
from programme.people.models import Organisation, Person, Role, RoleGrant, Strand

if TYPE_CHECKING:
    from programme.people.permissions import Grant

blueprint = Blueprint("organiser_people", __name__, url_prefix="/organise/people")
HERE = "/organise/people"
UNKNOWN_SUCCESSOR = "Nobody with this address has a role here yet. Give them one first."


def address_of(person_id: int) -> str:
    """Return the address of a person's page."""
    return f"{HERE}/{person_id}"


@blueprint.get("")
@organisers
def people() -> Any:
    """List who holds a role in what I organise."""
    session, search = database_session(), request.args.get("q", "").strip()[:LONGEST_LINE]
    never = one_of(request.args.get("never", ""), {"1"}, label="filter")
    found = queries.holders(actor(), search=search, never_here=bool(never))
    page = page_of(session, found, number=page_number(request.args.get("page")))
    held = queries.visible_roles(session, actor(), page.rows)
    things = titles(session, [(row.subject_kind, row.subject_id) for rows in held.values() for row in rows])
    shown = {"held": held, "things": things, "search": search, "never": never}
    return render_template("organiser_people/people.html", page=page, **shown)


@blueprint.get("/<id:person_id>")
@organisers
def person(person_id: int) -> Any:
    """Show one person's roles, and the way to hand their things over."""
    return render_template("organiser_people/person.html", **shown(holder_or_404(person_id), hand_over_form()))


def shown(holder: Person, form: HandOverForm) -> dict[str, Any]:
    """Return what a person's page shows."""
    held = queries.visible_roles(database_session(), actor(), [holder])[holder.id]
    things = titles(database_session(), [(row.subject_kind, row.subject_id) for row in held])
    return {"person": holder, "held": held, "things": things, "form": form, "section": "people"}


def holder_or_404(person_id: int) -> Person:
    """Return a person who holds a role that I may see: others are nobody's business here."""
    found = database_session().scalars(queries.holders(actor()).where(Person.id == person_id)).one_or_none()
    return found or abort(404)


@blueprint.get("/grants")
@organisers
def new_grant() -> Any:
    """Show the form for a role."""
    given = request.args.get("address", "")
    return render_template("organiser_people/new_grant.html", form=grant_form(address=given), section="people")


@blueprint.post("/grants")
@organisers
def grant() -> Any:
    """Give a role and tell its holder."""
    typed = grant_form(request.form)
    if not typed.validate():
        return form_again("organiser_people/new_grant.html", form=typed, section="people")
    session = database_session()
    holder = giving.Holder(typed.address.data, typed.name.data or "")
    try:
        row, person, is_new = giving.give(session, holder, wanted(typed), actor=actor(), now=g.now)
    except Refusal as refusal:
        session.rollback()
        typed.refuse(refusal)
        return form_again("organiser_people/new_grant.html", form=typed, section="people")
    session.commit()
    said = "is told by e-mail" if is_new else "holds this role already"
    return done(f"{roles.in_words(row)}: {person.name or person.address} {said}.", address_of(person.id))


def grant_form(typed: Any = None, **given: str) -> GrantForm:
    """Return the form for a role with what I may give."""
    made = GrantForm(typed, **given)
    all_of_them = actor().is_administrator
    choices = list(Role) if all_of_them else [Role.ORGANISER, Role.HELPER]
    known = queries.organisations_run_by(database_session(), actor())
    made.offer(choices, known, may_be_empty=all_of_them)
    return made


def wanted(typed: GrantForm) -> Grant:
    """Return the role that was chosen."""
    session, slug = database_session(), typed.organisation.data
    organisation = roles.organisation_named(session, slug) if slug else None
    return giving.wanted_grant(
        session,
        role=Role(typed.role.data),
        organisation=organisation.id if organisation else None,
        strand=Strand(typed.strand.data) if typed.strand.data else None,
        helps_with=typed.helps_with.data or "",
    )


@blueprint.post("/grants/<id:grant_id>/revocation")
@organisers
@button(lambda grant_id: HERE)  # noqa: ARG005  the view's own argument
def revoke(grant_id: int) -> Any:
    """Take a role back."""
    session = database_session()
    row = session.get(RoleGrant, grant_id)
    if row is None:
        raise Refusal("That role was taken back already.")
    words = roles.in_words(row)
    roles.revoke(session, row, actor=actor(), now=g.now)
    session.commit()
    return done(f"Taken back: {words}.", HERE)


@blueprint.get("/<id:person_id>/hand-over")
@organisers
def preview(person_id: int) -> Any:
    """Count what would change hands before it does."""
    leaver, typed = holder_or_404(person_id), hand_over_form(request.args)
    if not typed.validate():
        return form_again("organiser_people/person.html", **shown(leaver, typed))
    session = database_session()
    try:
        organisation, successor = chosen(typed)
        things = handing_over.preview(
            session, actor=actor(), leaver=leaver, successor=successor, organisation=organisation
        )
    except Refusal as refusal:
        typed.refuse(refusal)
        return form_again("organiser_people/person.html", **shown(leaver, typed))
    names = {"leaver": leaver, "successor": successor, "organisation": organisation}
    return render_template("organiser_people/preview.html", things=things, section="people", **names)


@blueprint.post("/<id:person_id>/hand-over")
@organisers
@button(address_of)
def hand_over(person_id: int) -> Any:
    """Hand a colleague's things to a successor."""
    leaver, typed = holder_or_404(person_id), hand_over_form(request.form)
    if not typed.validate():
        return form_again("organiser_people/person.html", **shown(leaver, typed))
    session = database_session()
    organisation, successor = chosen(typed)
    things = handing_over.hand_over(
        session, actor=actor(), leaver=leaver, successor=successor, organisation=organisation, now=g.now
    )
    session.commit()
    counted = join_words(things.in_words())
    return done(f"Handed over to {successor.name or successor.address}: {counted}.", address_of(successor.id))


def hand_over_form(typed: Any = None) -> HandOverForm:
    """Return the form for handing over, with the organisations I may do it for."""
    made = HandOverForm(typed)
    made.offer(queries.organisations_run_by(database_session(), actor()))
    return made


def chosen(typed: HandOverForm) -> tuple[Organisation, Person]:
    """Return the organisation and the successor, who must be known here already."""
    session = database_session()
    successor = person_of(session, key=address_key(typed.address.data))
    if successor is None or not queries.visible_roles(session, actor(), [successor])[successor.id]:
        raise Refusal(UNKNOWN_SUCCESSOR, field="address")
    return roles.organisation_named(session, typed.organisation.data), successor
