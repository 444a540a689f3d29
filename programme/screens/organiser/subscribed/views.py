"""Subscribed addresses in the browser: give one, look at what it would bring, follow it; see one and what it did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Blueprint, current_app, g, redirect, render_template, request

from programme.core.database import begin_writing
from programme.core.refusal import Refusal
from programme.core.web.answers import button, done, form_again
from programme.core.web.lists import one_of, page_number
from programme.engines.calendar.subscribed.models import SubscribedAddress
from programme.engines.calendar.subscribed.states import AddressState
from programme.extensions import database_session
from programme.flows.following import proposing
from programme.flows.following.deciding import lock
from programme.flows.following.refreshing import reading_of, sentence
from programme.flows.importing.values import RowKind
from programme.people.guards import actor, needs, organisers
from programme.people.permissions import Scope, Verb
from programme.screens.organiser.imports import pages as import_pages
from programme.screens.organiser.subscribed import pages
from programme.screens.organiser.subscribed.forms import HOURS, address_form

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session

    from programme.core.fetching.client import Fetcher
    from programme.flows.importing.values import ImportPlan
    from programme.screens.organiser.subscribed.forms import AddressForm

HOME = "/organise/imports/addresses"
blueprint = Blueprint("organise_subscribed", __name__, url_prefix=HOME)
LIST, PREVIEW, ONE = (f"organiser/subscribed/{name}.html" for name in ("addresses", "preview", "address"))


def of_address(session: Session, address_id: int, **rest: Any) -> Scope | None:
    """Return the scope of an address: what it makes is led by its organisation, in its strand."""
    del rest
    row = session.get(SubscribedAddress, address_id)
    return Scope(lead=row.organisation_id, strand=row.strand) if row else None


@blueprint.get("")
@organisers
def addresses() -> Any:
    """List the calendars that are followed for what I organise, with the form for another."""
    return render_template(LIST, **listing(form_for()))


@blueprint.post("")
@organisers
def propose() -> Any:
    """Fetch a calendar, and keep it to be looked at; nothing is followed yet."""
    session = database_session()
    form = form_for(request.form)
    if not form.validate():
        return form_again(LIST, **listing(form))
    wanted = form.wanted()
    session.rollback()  # so that nobody waits for the database while others answer, or do not
    stored_as = ""
    try:
        found = fetcher().fetch(wanted.url)
        reading_of(found.body or b"", around=g.now.date())
        stored_as = proposing.stash(store(), found.body or b"")
        begin_writing(session)
        row, replaced = proposing.propose(session, wanted, found.marks, stored_as=stored_as, actor=actor(), now=g.now)
    except Refusal as refusal:
        session.rollback()
        proposing.wipe(store(), stored_as)
        form.refuse(Refusal(refusal.sentence, field="url"))
        return form_again(LIST, **listing(form))
    session.commit()
    proposing.wipe(store(), replaced)
    return redirect(f"{HOME}/{row.id}", 303)


@blueprint.get("/<id:address_id>")
@needs(Verb.CREATE, of_address)
def show(address_id: int) -> Any:
    """Show what an address would bring, or how it stands and what is to be decided."""
    session = database_session()
    row = session.get_one(SubscribedAddress, address_id)
    if row.state is not AddressState.PROPOSED:
        return render_template(ONE, **one(session, row))
    try:
        reading = proposing.kept_reading(store(), row.stored_as, around=g.now.date())
    except Refusal as refusal:
        return render_template(PREVIEW, address=row, plan=None, refusal=refusal.sentence)
    return render_template(PREVIEW, **preview(session, row, proposing.foreseen(session, row, reading, now=g.now)))


@blueprint.post("/<id:address_id>/confirmation")
@needs(Verb.CREATE, of_address)
@button(lambda address_id: f"{HOME}/{address_id}")
def confirm(address_id: int) -> Any:
    """Follow an address from now on."""
    session = database_session()
    stored_as = session.get_one(SubscribedAddress, address_id).stored_as
    session.rollback()  # nobody waits for the database while the calendar is read
    reading = proposing.kept_reading(store(), stored_as, around=g.now.date())
    begin_writing(session)
    row = lock(session, address_id)
    did = proposing.confirm(session, row, reading, actor=actor(), now=g.now)
    session.commit()
    proposing.wipe(store(), stored_as)
    return done(f"It is followed from now on. {sentence(did)}", f"{HOME}/{address_id}")


def form_for(typed: Any = None) -> AddressForm:
    """Return the form, with what was typed."""
    settings = current_app.extensions["settings"]
    own_host = urlsplit(settings.base_url).hostname or ""
    return address_form(database_session(), actor(), typed, allowed=fetcher().allowed, own_host=own_host)


def fetcher() -> Fetcher:
    """Return how this installation fetches."""
    found: Fetcher = current_app.extensions["fetcher"]
    return found


def store() -> Path:
    """Return where what was fetched is kept."""
    found: Path = current_app.extensions["settings"].store
    return found


def listing(form: AddressForm) -> dict[str, Any]:
    """Return what the list shows."""
    number = page_number(request.args.get("page"))
    return {"form": form, **pages.listed(database_session(), actor(), number=number)}


def preview(session: Session, row: SubscribedAddress, found: ImportPlan) -> dict[str, Any]:
    """Return what following would bring at first: counts, what is odd, and one page of rows."""
    wanted = one_of(request.args.get("show", ""), {import_pages.ODD, *RowKind}, label="kind of row")
    number = page_number(request.args.get("page"))
    return {
        **import_pages.preview_part(found),
        "address": row,
        "hours": HOURS.get(row.every_hours, ""),
        "rows": import_pages.shown(session, found, wanted=wanted, number=number),
        "tally": import_pages.tally(found, wanted),
    }


def one(session: Session, row: SubscribedAddress) -> dict[str, Any]:
    """Return what the page of an address that is followed, or paused, shows."""
    odd = row.last.get("odd", [])
    return {
        "address": row,
        "hours": HOURS.get(row.every_hours, ""),
        "decisions": pages.decisions(session, row.id, number=page_number(request.args.get("page"))),
        "followed": pages.how_many(session, row.id),
        "drafts": pages.drafts(session, row.id, now=g.now),
        "counted": pages.counted(row),
        "lately": pages.lately(row),
        **import_pages.odd_part(odd),
    }
