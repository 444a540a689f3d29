"""A signature, for whoever holds its secret link: no account is needed, looking is noted and changes nothing."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, current_app, g, make_response, render_template, request

from programme.core.tokens import id_in
from programme.core.web.answers import button, done, form_again
from programme.engines.calendar.times import london_day
from programme.extensions import database_session
from programme.people.guards import secret_link
from programme.people.permissions import Actor
from programme.strands.cohorts.models import Signature
from programme.strands.cohorts.records.guarding import note_look
from programme.strands.cohorts.signing.actions import answer
from programme.strands.cohorts.signing.forms import RefusalForm
from programme.strands.cohorts.signing.queries import waiting_with
from programme.strands.cohorts.signing.standing import standing
from programme.strands.cohorts.states import SignatureState
from programme.strands.cohorts.supervising.words import signing_as

if TYPE_CHECKING:
    from collections.abc import Sequence

    from programme.strands.cohorts.signing.links import SignatureLinks
    from programme.strands.cohorts.signing.ports import Described, SignedThings

blueprint = Blueprint("signatures", __name__, url_prefix="/signatures/<token>")
MOST_AT_ONCE = 24
PAGE, ENDED = "cohorts/signing/link.html", "cohorts/signing/ended.html"


def its_page(token: str) -> str:
    """Return the address of the page."""
    return f"/signatures/{token}"


def links() -> SignatureLinks:
    """Return what makes and checks links to sign."""
    found: SignatureLinks = current_app.extensions["signature_links"]
    return found


def things() -> SignedThings:
    """Return the kinds of things that are signed."""
    found: SignedThings = current_app.extensions["signed_things"]
    return found


@blueprint.get("")
@secret_link
def page(token: str) -> Any:
    """Show what is to be signed, with everything its signer has to know. Looking is noted, and changes nothing."""
    row = signature_here(token)
    it = described(row)
    if it is None:
        return ended(row)
    note_reading(row)
    return render_template(PAGE, **shown(row, it, RefusalForm(), token))


def note_reading(row: Signature) -> None:
    """Note that whoever holds a link read in a record; a programme that asks for its head alone reads nothing."""
    if request.method == "GET":
        note_look(row.candidature, signer_of(row), now=g.now)


def signer_of(row: Signature) -> Actor:
    """Return who acts by a link: whomever it was sent to."""
    person = row.person
    return Actor(person_id=person.id, name=person.name, address=person.address)


def signature_here(token: str) -> Signature:
    """Return the signature of a link, also of one that has ended; an invented one is of nobody."""
    number = id_in(token)
    row = database_session().get(Signature, number) if number else None
    if row is None or row.subject_kind not in things():
        abort(404)
    known = links()
    if not known.opens(token, row):
        if not known.once_opened(token, row):
            abort(404)
        abort(ended(row))
    return row


def described(row: Signature) -> Described | None:
    """Return what is signed; None where it is not asked any more, of them or at all."""
    session = database_session()
    if row.state is SignatureState.NOT_ASKED or not standing(session, [row.id], today=london_day(g.now)):
        return None
    return things()[row.subject_kind].described(session, [row.subject_id]).get(row.subject_id)


def ended(row: Signature) -> Any:
    """Say that a link has ended, and whom to turn to."""
    lead = row.candidature.cohort.award.lead_organisation
    return make_response(render_template(ENDED, lead=lead), HTTPStatus.GONE)


def shown(row: Signature, it: Described, form: RefusalForm, token: str) -> dict[str, Any]:
    """Return what the page shows."""
    return {
        "signature": row,
        "thing": it,
        "facts": told_of(row),
        "signer": signing_as(row.signer),
        "form": form,
        "here": its_page(token),
        "others": others_told(row),
    }


def others_told(row: Signature) -> list[tuple[int, str, Sequence[tuple[str, str]]]]:
    """Return what else may be agreed to at once: the signature's id, what it is under, and its facts."""
    rows, kind = others_of(row), things()[row.subject_kind]
    ids = [one.subject_id for one in rows]
    titles, facts = kind.described(database_session(), ids), kind.facts(database_session(), ids)
    return [(one.id, titles[one.subject_id].title, facts[one.subject_id]) for one in rows if one.subject_id in titles]


def others_of(row: Signature) -> Sequence[Signature]:
    """Return what else of the kind waits for the same person in the record: they may agree to all of it at once."""
    if row.state is not SignatureState.ASKED:
        return ()
    today, kind = london_day(g.now), row.subject_kind
    found = waiting_with(database_session(), row.candidature_id, row.person_id, today=today, kind=kind)
    return [one for one in found if one.id != row.id][:MOST_AT_ONCE]


def told_of(row: Signature) -> Sequence[tuple[str, str]]:
    """Return what whoever signs has to know."""
    return things()[row.subject_kind].facts(database_session(), [row.subject_id])[row.subject_id]


@blueprint.post("/agreement")
@secret_link
@button(its_page)
def agree(token: str) -> Any:
    """Sign, and whatever else that waits was ticked, too."""
    row = signature_here(token)
    ticked = set(request.form.getlist("also"))
    also = [one for one in others_of(row) if str(one.id) in ticked]
    changed = [answer_here(one, agrees=True) for one in (row, *also)]
    database_session().commit()
    if len(changed) > 1:
        return done(f"Thank you: you have signed all {len(changed)}.", its_page(token))
    return done("Thank you: you have signed." if any(changed) else "You had signed already.", its_page(token))


@blueprint.post("/refusal")
@secret_link
@button(its_page)
def refuse(token: str) -> Any:
    """Refuse to sign, and say why."""
    row, form = signature_here(token), RefusalForm(request.form)
    it = described(row)
    if it is None:
        return ended(row)
    if not form.validate():
        return form_again(PAGE, **shown(row, it, form, token))
    said = answer_here(row, agrees=False, reason=form.reason.data)
    database_session().commit()
    return done("It is noted, and whoever asked is told why." if said else "You had refused already.", its_page(token))


def answer_here(row: Signature, *, agrees: bool, reason: str = "") -> bool:
    """Let the person of a link answer; return whether that changed anything."""
    by = {"things": things(), "actor": signer_of(row), "now": g.now}
    return answer(database_session(), row, agrees=agrees, reason=reason, **by).changed
