"""Writing a letter to many: a new draft, changes to one, a copy of another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, g, redirect, render_template, request

from programme.core.refusal import Refusal
from programme.core.web.answers import button, done, form_again
from programme.core.web.lists import one_of
from programme.engines.mail.ports import Purpose
from programme.engines.mail.states import BroadcastState
from programme.engines.mail.written import broadcasts
from programme.engines.mail.written.broadcasts import Details
from programme.engines.registration.models import Opening
from programme.extensions import database_session
from programme.flows.broadcasting.audiences import GROUP, NEWS, REGISTERED
from programme.people.guards import actor, needs, organisers
from programme.people.models import Role, Strand
from programme.people.permissions import Scope, Verb, may
from programme.screens.organiser.broadcasts.choices import offer
from programme.screens.organiser.broadcasts.forms import FORMS, KIND_WORDS, LetterForm, RegisteredForm, version_in
from programme.screens.organiser.broadcasts.from_roll import audience_of, left_out
from programme.screens.organiser.broadcasts.scopes import HERE, address_of, broadcast_here, of_broadcast
from programme.screens.roll.asking import ids_in, wanted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from programme.engines.mail.written.models import Broadcast

blueprint = Blueprint("broadcast_writing", __name__, url_prefix=HERE)
FORM = "organiser/broadcasts/form.html"
OTHER_STRAND = "You organise other strands for this organisation: choose one of those."


@blueprint.get("/new")
@organisers
def new() -> Any:
    """Show the form for a letter; `opening` with the filters of its roll, or `group`, say in the address to whom."""
    if not actor().organises_for:
        abort(403)
    audience = asked_audience()
    kind = audience.get("kind") or one_of(request.args.get("kind", ""), set(FORMS), label="kind of people")
    form = form_of(kind or REGISTERED, audience=audience)
    form.organisation.data, form.strand.data = usual_sender(audience)
    lost = left_out(form, wanted(request.args)) if isinstance(form, RegisteredForm) and "opening" in audience else []
    return render_template(FORM, **shown(form, kind or REGISTERED), left_out=lost)


def asked_audience() -> dict[str, Any]:
    """Read to whom the address says that it goes: to a group, or to whom it asks for of a roll."""
    for number in ids_in(request.args.getlist("opening"))[:1]:
        return audience_of(number, wanted(request.args))
    for number in ids_in(request.args.getlist("group"))[:1]:
        return {"kind": GROUP, "group": number}
    return {}


def usual_sender(audience: Mapping[str, Any]) -> tuple[int, str]:
    """Return the organisation and strand to begin with: the lead of an opening, if that is the actor's own."""
    opening = database_session().get(Opening, audience.get("opening", 0))
    mine = sorted(actor().organises_for)
    lead = opening.lead_organisation_id if opening is not None and opening.lead_organisation_id in mine else mine[0]
    grants = [one for one in actor().grants if one.role is Role.ORGANISER and one.organisation == lead]
    strands = [grant.strand for grant in grants if grant.strand is not None]
    return lead, strands[0].value if len(strands) == len(grants) and strands else ""


def form_of(
    kind: str, typed: Any = None, *, row: Broadcast | None = None, audience: Mapping[str, Any] | None = None
) -> LetterForm:
    """Return the form for a kind of people, with what it offers."""
    form = FORMS[kind](typed)
    if typed is None:
        if row is not None:
            fill(form, row)
        form.fill(audience or {})
    if kind == NEWS:
        form.purpose.data = Purpose.MARKETING.value
    offer(database_session(), actor(), form)
    return form


def fill(form: LetterForm, row: Broadcast) -> None:
    """Show what is written."""
    form.version.data = str(row.version)
    form.subject.data, form.text.data = row.subject_line, row.text
    form.purpose.data, form.organisation.data = row.purpose.value, row.organisation_id
    form.strand.data = row.strand.value if row.strand else ""


def shown(form: LetterForm, kind: str, row: Broadcast | None = None) -> dict[str, Any]:
    """Return what the form's page shows."""
    return {"form": form, "kind": kind, "kinds": KIND_WORDS, "row": row, "section": "broadcasts"}


@blueprint.post("")
@organisers
def write() -> Any:
    """Keep a new draft, and show whom it would reach."""
    kind = kind_typed()
    form = form_of(kind, request.form)
    problem = problem_of(form)
    if problem:
        return form_again(FORM, **shown(form, kind))
    session = database_session()
    row = broadcasts.write(session, details(form), actor=actor(), now=g.now)
    session.commit()
    return redirect(address_of(row.id), 303)


def kind_typed() -> str:
    """Return the kind of people whose form was sent."""
    kind = request.form.get("kind", "")
    return kind if kind in FORMS else abort(404)


def problem_of(form: LetterForm) -> bool:
    """Whether something is wrong with a form; it says what."""
    if isinstance(form, RegisteredForm):
        form.forget_unknown()
    if not form.validate():
        return True
    strand = Strand(form.strand.data) if form.strand.data else None
    if not may(actor(), Verb.DECIDE, Scope(lead=form.organisation.data or 0, strand=strand)):
        form.refuse(Refusal(OTHER_STRAND, field="strand"))
        return True
    return False


def details(form: LetterForm) -> Details:
    """Return what was written."""
    return Details(
        organisation_id=form.organisation.data,
        strand=Strand(form.strand.data) if form.strand.data else None,
        purpose=Purpose(form.purpose.data),
        subject=form.subject.data,
        text=form.text.data,
        audience=form.audience(),
    )


@blueprint.get("/<id:broadcast_id>/edit")
@needs(Verb.DECIDE, of_broadcast)
@button(address_of)
def edit(broadcast_id: int) -> Any:
    """Show the form of a draft; `kind` in the address changes to whom it goes."""
    row = broadcast_here(broadcast_id)
    if row.state is not BroadcastState.DRAFT:
        raise Refusal(broadcasts.NOT_A_DRAFT)
    own = row.audience.get("kind", REGISTERED)
    kind = one_of(request.args.get("kind", ""), set(FORMS), label="kind of people") or own
    form = form_of(kind, row=row, audience=row.audience if kind == own else {})
    return render_template(FORM, **shown(form, kind, row))


@blueprint.post("/<id:broadcast_id>")
@needs(Verb.DECIDE, of_broadcast)
def change(broadcast_id: int) -> Any:
    """Keep a draft as it is changed."""
    session, kind = database_session(), kind_typed()
    row = broadcasts.locked(session, broadcast_id) or abort(404)
    form = form_of(kind, request.form)
    if problem_of(form):
        return form_again(FORM, **shown(form, kind, row))
    try:
        broadcasts.change(session, row, details(form), version=version_in(form), actor=actor(), now=g.now)
    except Refusal as refusal:
        session.rollback()
        form.refuse(refusal)
        form.version.data = str(broadcast_here(broadcast_id).version)
        return form_again(FORM, **shown(form, kind, broadcast_here(broadcast_id)))
    session.commit()
    return redirect(address_of(row.id), 303)


@blueprint.post("/<id:broadcast_id>/copies")
@needs(Verb.DECIDE, of_broadcast)
@button(address_of)
def copy(broadcast_id: int) -> Any:
    """Begin a new draft that says the same."""
    session = database_session()
    made = broadcasts.copy(session, broadcast_here(broadcast_id), actor=actor(), now=g.now)
    session.commit()
    return done("This is a copy, a draft again. Change it as you like.", address_of(made.id))
