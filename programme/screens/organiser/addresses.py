"""Addresses that get no letters: which, since when, why, from which letter; stop one, or let letters go again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, current_app, g, render_template, request
from sqlalchemy import ColumnElement, exists, false, func, or_, select, true

from programme.core.refusal import Refusal
from programme.core.web.answers import button, done, form_again
from programme.core.web.forms import LONGEST_LINE
from programme.core.web.lists import one_of, page_number, page_of
from programme.engines.mail.addresses import queries
from programme.engines.mail.addresses.forms import StopForm
from programme.engines.mail.addresses.models import Suppression
from programme.engines.mail.addresses.states import Cause
from programme.engines.mail.addresses.suppression.suppressing import lift, may_lift, stop_by_hand
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.queries import readable_by
from programme.engines.mail.states import Scope
from programme.engines.registration.models import Opening, Registration
from programme.engines.registration.openings.rights import listed_under
from programme.extensions import database_session
from programme.people.guards import actor, organisers
from programme.people.states import Role

if TYPE_CHECKING:
    from programme.people.permissions import Actor

blueprint = Blueprint("organiser_addresses", __name__, url_prefix="/organise/mail/addresses")
HERE, PAGE = "/organise/mail/addresses", "organiser/addresses/list.html"
SCOPES = {
    Scope.SERVICE: "Letters that organisers write to many",
    Scope.MARKETING: "News and invitations",
    Scope.EVERYTHING: "Every letter but links to sign in",
}


@blueprint.get("")
@organisers
def addresses() -> Any:
    """List the addresses of my letters and registrations that get no letters."""
    return render_template(PAGE, **shown(stop_form()))


def shown(form: StopForm) -> dict[str, Any]:
    """Return what the list shows."""
    session, words = database_session(), request.args.get("q", "").strip()[:LONGEST_LINE]
    cause = one_of(request.args.get("cause", ""), {one.value for one in Cause}, label="cause")
    among = concerning(actor())
    page = page_of(
        session, queries.standing(among=among, cause=cause, words=words), number=page_number(request.args.get("page"))
    )
    letters = queries.letters_behind(session, page.rows)
    return {
        "page": page,
        "words": words,
        "cause": cause,
        "counts": queries.counts_by_cause(session, queries.standing(among=among, words=words)),
        "causes": list(Cause),
        "letters": {row.id: row for row in letters.values() if may_name(row)},
        "titles": {letter.name: letter.title for letter in current_app.extensions["mail_room"].letters.values()},
        "liftable": {row.id for row in page if may_lift(actor(), row)},
        "form": form,
    }


@blueprint.post("")
@organisers
def stop() -> Any:
    """Write to an address no more, because somebody asked for it."""
    form, session = stop_form(request.form), database_session()
    if not form.validate():
        return form_again(PAGE, **shown(form))
    try:
        refuse_what_is_nobody_s(form.address.data)
        stop_by_hand(
            session,
            form.address.data,
            scope=Scope(form.scope.data),
            why=form.why.data,
            actor=actor(),
            now=g.now,
            organisation_id=min(actor().organises_for, default=None),
        )
    except Refusal as refusal:
        session.rollback()
        form.refuse(refusal)
        return form_again(PAGE, **shown(form))
    session.commit()
    return done(f"{form.address.data} gets no more of these letters.", HERE)


@blueprint.post("/<id:suppression_id>/release")
@organisers
@button(lambda suppression_id: HERE)  # noqa: ARG005  named as in the address
def release(suppression_id: int) -> Any:
    """Let letters go to an address again."""
    session, row = database_session(), own_or_404(suppression_id)
    lift(session, row, actor=actor(), now=g.now, organisation_id=min(actor().organises_for, default=None))
    session.commit()
    return done(f"Letters go to {row.address or 'this address'} again.", HERE)


def own_or_404(suppression_id: int) -> Suppression:
    """Return a suppression of an address that concerns the actor: others are nobody's business here."""
    mine = select(Suppression).where(Suppression.id == suppression_id, concerning(actor()))
    return database_session().scalars(mine).one_or_none() or abort(404)


def refuse_what_is_nobody_s(address: str) -> None:
    """Refuse an address that stands on no letter and no registration of the actor's."""
    if actor().is_administrator:
        return
    known = select(or_(*(exists().where(column == address.lower(), mine) for column, mine in places(actor()))))
    if not database_session().scalar(known):
        raise Refusal(
            "This address stands on no letter and no registration of yours. Ask an administrator.", field="address"
        )


def concerning(who: Actor) -> ColumnElement[bool]:
    """Whether a suppressed address concerns somebody: it stands on a letter or registration of what they organise."""
    if who.is_administrator:
        return true()
    found = (select(column).where(mine) for column, mine in places(who))
    return or_(*(func.lower(Suppression.address).in_(addresses) for addresses in found))


def places(who: Actor) -> list[tuple[ColumnElement[str], ColumnElement[bool]]]:
    """Return the columns where addresses stand, and which rows of each are the actor's to see."""
    organised = or_(false(), *(listed_under(grant) for grant in who.grants if grant.role is Role.ORGANISER))
    openings = select(Opening.id).where(organised)
    return [
        (func.lower(OutboxMessage.recipient), readable_by(who)),
        (func.lower(Registration.address), Registration.opening_id.in_(openings)),
    ]


def may_name(letter: OutboxMessage) -> bool:
    """Whether the actor may see which letter it was."""
    own = {grant.organisation for grant in actor().grants if grant.strand in {None, letter.strand}}
    return actor().is_administrator or letter.organisation_id in own


def stop_form(typed: Any = None) -> StopForm:
    """Return the form with the letters that the actor may stop: every one is the administrators' to stop."""
    form = StopForm(typed)
    offered = [scope for scope in SCOPES if scope is not Scope.EVERYTHING or actor().is_administrator]
    form.scope.choices = [(scope.value, SCOPES[scope]) for scope in offered]
    return form
