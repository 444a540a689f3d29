"""Saving a long form as one goes, coming back to it by its link, and sending it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, flash, g, jsonify, make_response, redirect, render_template

from programme.core.database import begin_writing, go_on_writing
from programme.core.refusal import Refusal
from programme.core.tokens import id_in
from programme.core.web import errors
from programme.core.web.answers import done, form_again, reading_first, wants_json
from programme.core.web.limits import limiter, setting
from programme.core.web.words import clock_time, zone
from programme.engines.registration.drafts.actions import GONE, SavedElsewhereError
from programme.engines.registration.drafts.keeping import let_go
from programme.engines.registration.drafts.links import opened_by
from programme.engines.registration.drafts.models import Draft
from programme.engines.registration.eligibility.checking import NotListedError
from programme.engines.registration.openings.locking import StaleError
from programme.extensions import database_session
from programme.flows.answering.drafts import Sent, begin_draft, save_draft, send_draft
from programme.people.guards import actor, public, secret_link
from programme.screens.registrations.desk import TEMPLATE, desk_as_recalled, desk_for, is_seen, known_openings, page_of
from programme.screens.registrations.drafts.page import (
    address_of,
    files_in,
    invitation_kept,
    revision_seen,
    saved_form,
    sent_form,
    shown,
    troubles,
    typed_in,
)
from programme.screens.registrations.drafts.walking import (
    goes_on,
    is_right_here,
    is_walked,
    next_number,
    section_kept,
    section_shown,
    walk_through,
    walk_to_mend,
    walks,
)
from programme.screens.registrations.forms import sign_up_of
from programme.screens.registrations.invited.links import invitation_here
from programme.screens.registrations.signing_up import TRIES, answer, check_mail, links

if TYPE_CHECKING:
    from programme.engines.registration.drafts.actions import Typed
    from programme.engines.registration.eligibility.models import Invitation
    from programme.engines.registration.openings.known import KnownOpening
    from programme.flows.registering import SignedUp
    from programme.screens.registrations.forms import RegistrationForm

blueprint = Blueprint("drafts", __name__)
ELSEWHERE = (
    "Another window saved this form at {time}. What you typed here is below, and not saved: save it to keep it instead "
    "of the other, or open the link afresh to see the other."
)
COME_BACK = "Come back by the link in the letter to {address}."
CONFLICT, ENDED = 409, 410


@blueprint.post("/openings/<slug:ref>/drafts")
@reading_first
@public
@limiter.limit(lambda: setting("SIGN_UP_LIMIT"))  # type: ignore[untyped-decorator]
def begin(ref: tuple[int, str]) -> Any:
    """Save a form for the first time."""
    session, known = database_session(), desk_for(ref[0])
    form = sent_form(known)
    right, typed = kept_of(known, form, invitation_here(known.opening.id))
    if typed is None or not right:
        return form_again(TEMPLATE, **page_of(known, form, walk_to_mend(known, form)))
    go_on_writing(session)
    try:
        kept = begin_draft(session, known.opening, typed, files_in(form), actor=actor(), now=g.now)
    except Refusal as refusal:
        session.rollback()
        form.refuse(refusal)
        return form_again(TEMPLATE, **page_of(known, form, walk_to_mend(known, form)))
    session.commit()
    tell_troubles(form)
    where = "You find it under My programme, and its link" if kept.is_own else "Its link"
    return done(f"Saved, not sent yet. {where} is on its way to {typed.address}.", address_of(known, kept.draft))


@blueprint.get("/drafts/<token>")
@secret_link
def draft(token: str) -> Any:
    """Show a form as it was saved; of one that has several pages, where it was left."""
    row = draft_or_404(token)
    return page_of_draft(row, section_kept(row.texts))


@blueprint.get("/drafts/<token>/sections/<id:number>")
@secret_link
def section(token: str, number: int) -> Any:
    """Show one section of a form as it was saved; in place of one that is skipped, the next."""
    return page_of_draft(draft_or_404(token), number)


def page_of_draft(row: Draft, number: int) -> Any:
    """Draw a form as it was saved. No browser keeps it: its way back has to show what was saved since."""
    known = desk_for(row.opening_id, has_begun=True)
    form = saved_form(known, row)
    walk = walk_through(known, form, number)
    response = make_response(render_template(TEMPLATE, **shown(known, form, row, revision=row.revision, walk=walk)))
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.post("/drafts/<token>")
@reading_first
@secret_link
def save(token: str) -> Any:
    """Save a form again: from its buttons, or behind the page as somebody types."""
    session, row = database_session(), draft_or_404(token)
    known, seen = desk_for(row.opening_id, has_begun=True), revision_seen()
    form = sent_form(known, draft_id=row.id)
    right, typed = kept_of(known, form, invitation_kept(row, form.email.data or ""))
    if typed is None:
        return unsaved(known, form, row)
    go_on_writing(session)
    try:
        row = save_draft(session, row.id, typed, files_in(form), seen=seen, now=g.now)
    except SavedElsewhereError:
        return elsewhere(known, form, token)
    except Refusal as refusal:
        session.rollback()
        form.refuse(refusal)
        return unsaved(known, form, row)
    session.commit()
    return saved(known, form, row) if right else unsaved(known, form, row, revision=row.revision)


def kept_of(known: KnownOpening, form: RegistrationForm, invitation: Invitation | None) -> tuple[bool, Typed | None]:
    """Return whether one may go on to the page that was asked for, and what is kept, if anything can be."""
    right = not goes_on() or is_right_here(known, form)
    section = next_number(known, form) if right else section_shown()
    return right, typed_in(form, known, section=section, invitation=invitation)


def saved(known: KnownOpening, form: RegistrationForm, row: Draft) -> Any:
    """Say that a form is saved, and lead to the page that was asked for."""
    said = f"Saved at {clock_time(g.now)} {zone(g.now)}, not sent yet."
    if wants_json():
        return jsonify(revision=row.revision, said=said)
    tell_troubles(form)
    if walks():
        return redirect(address_of(known, row), 303)
    return done(f"{said} {COME_BACK.format(address=row.address)}" if is_walked(known) else said, address_of(known, row))


@blueprint.post("/drafts/<token>/registration")
@reading_first
@secret_link
@limiter.limit(lambda: setting("SIGN_UP_LIMIT"))  # type: ignore[untyped-decorator]
def submit(token: str) -> Any:
    """Send the form: everything is judged now."""
    row = draft_or_404(token)
    for _ in range(TRIES):
        known = desk_as_recalled(row.opening_id, has_begun=True)
        try:
            return submitted(known, row, token)
        except StaleError:
            database_session().rollback()
            known_openings().forget(row.opening_id)
    return abort(503)


def submitted(known: KnownOpening, row: Draft, token: str) -> Any:
    """Register by a draft; StaleError where its opening has changed."""
    session, seen = database_session(), revision_seen()
    form = sent_form(known, draft_id=row.id)
    if not form.validate():
        return refused(known, form, row)
    go_on_writing(session)
    found, typed = None, typed_in(form, known, section=section_shown())
    if typed is None:
        return refused(known, form, row)
    invitation = invitation_kept(row, form.email.data)
    whole = Sent(sign_up_of(form, known.people.universities, invitation), typed, files_in(form))
    try:
        found = send_draft(session, row, whole, seen=seen, known=known, actor=actor(), now=g.now)
    except SavedElsewhereError:
        return elsewhere(known, form, token)
    except NotListedError:
        pass
    except Refusal as refusal:
        form.refuse(refusal)
        return refused(known, form, row)
    session.commit()
    return sent(known, found, form.email.data)


def sent(known: KnownOpening, found: SignedUp | None, address: str) -> Any:
    """Lead on from a form that was sent: whoever is not its person reads the same, whatever came of it."""
    if found is not None and found.is_own:
        return answer(known.opening, found)
    if is_seen(known):
        return check_mail(known.opening)
    return done(f"It is sent. A letter to {address} says where you stand.", "/")


@blueprint.post("/drafts/<token>/removal")
@secret_link
def remove(token: str) -> Any:
    """Throw a draft away."""
    session, row = database_session(), draft_or_404(token)
    let_go(session, [row.id], now=g.now)
    session.commit()
    return done("What you typed is deleted. Nothing was sent.", "/")


def draft_or_404(token: str) -> Draft:
    """Return the draft that a link opens; of one that was sent or thrown away, a page says so."""
    row_id = id_in(token)
    version = opened_by(links(), token, row_id) if row_id else None
    if version is None:
        abort(404)
    row = database_session().get(Draft, row_id)
    if (row is None or row.link_version != version) and wants_json():
        abort(make_response(jsonify(said=GONE), ENDED))
    if row is None or row.link_version != version:
        abort(errors.page(ENDED, sentence=f"{GONE} If it was sent, a letter says where you stand."))
    return row


def refused(known: KnownOpening, form: RegistrationForm, row: Draft) -> Any:
    """Show the form as it was typed, with what is wrong; with the questions as they are asked now."""
    database_session().rollback()
    now_known = desk_for(known.opening.id, has_begun=True)
    if now_known.asked != known.asked:
        raise StaleError
    walk = walk_to_mend(now_known, form)
    return form_again(TEMPLATE, **shown(now_known, form, row, revision=revision_seen(), walk=walk))


def unsaved(known: KnownOpening, form: RegistrationForm, row: Draft, *, revision: int | None = None) -> Any:
    """Say why a form could not even be saved; or, with the `revision` that was, what keeps somebody from going on."""
    if wants_json():
        return make_response(jsonify(said=form.problems[0][1] if form.problems else "Not saved."), 422)
    walk, seen = walk_to_mend(known, form), revision or revision_seen()
    return form_again(TEMPLATE, **shown(known, form, row, revision=seen, walk=walk))


def elsewhere(known: KnownOpening, form: RegistrationForm, token: str) -> Any:
    """Tell a window that another saved the form; whoever saves it again knows what they do."""
    session = database_session()
    session.rollback()
    begin_writing(session)
    row = draft_or_404(token)
    said = ELSEWHERE.format(time=f"{clock_time(row.saved_at)} {zone(row.saved_at)}")
    if wants_json():
        return make_response(jsonify(said=said), CONFLICT)
    form.refuse(Refusal(said))
    walk = walk_through(known, form, section_shown())
    return form_again(TEMPLATE, **shown(known, form, row, revision=row.revision, walk=walk))


def tell_troubles(form: RegistrationForm) -> None:
    """Say on the next page which files were not taken."""
    for sentence in troubles(form):
        flash(sentence, "bad")
