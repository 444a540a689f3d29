"""One letter to many: whom it reaches and how it looks while it is a draft, and what became of it afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, current_app, g, make_response, render_template, request
from sqlalchemy import func, select

from programme.core.database import go_on_in_a_transaction
from programme.core.web.lists import one_of, page_number, page_of
from programme.engines.mail import composing
from programme.engines.mail.addresses.models import Suppression
from programme.engines.mail.addresses.suppression.hashing import address_hash
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.outbox import Post, Recipient, values_of
from programme.engines.mail.ports import Purpose
from programme.engines.mail.states import BroadcastState, Scope
from programme.extensions import database_session
from programme.flows.broadcasting.audiences import recipients, visible
from programme.flows.broadcasting.reporting import FATES, Fate, letters, report
from programme.flows.broadcasting.sending import BROADCAST, LETTERS, count_of, sender_of
from programme.flows.broadcasting.telling import in_words, names_in
from programme.people.guards import actor, needs
from programme.people.models import Person
from programme.people.permissions import Verb
from programme.screens.letter_frame import AROUND, framed
from programme.screens.organiser.broadcasts.forms import SendingForm
from programme.screens.organiser.broadcasts.scopes import HERE, address_of, broadcast_here, of_broadcast
from programme.screens.roll.asking import ids_in

if TYPE_CHECKING:
    from collections.abc import Iterable

    from programme.engines.mail.wire.messages import Body
    from programme.engines.mail.written.models import Broadcast

blueprint = Blueprint("broadcast_page", __name__, url_prefix=HERE)
PEOPLE_A_PAGE = 12
LOOKED_AT = frozenset({BroadcastState.DRAFT, BroadcastState.SCHEDULED, BroadcastState.STOPPED})
PAGE = "organiser/broadcasts/page.html"
SCOPES = {Purpose.SERVICE: Scope.SERVICE, Purpose.MARKETING: Scope.MARKETING}


@blueprint.get("/<id:broadcast_id>")
@needs(Verb.DECIDE, of_broadcast)
def page(broadcast_id: int) -> Any:
    """Show a draft with the people it reaches, or what became of a letter that went."""
    row = broadcast_here(broadcast_id)
    return answer(row, SendingForm(version=str(row.version)))


def answer(row: Broadcast, form: SendingForm, *, code: int = 200) -> Any:
    """Answer with the page of a broadcast."""
    if row.state in LOOKED_AT:
        shown = render_template(PAGE, form=form, **told(row), **looked_at(row))
    else:
        shown = render_template("organiser/broadcasts/report.html", **told(row), **reported(row))
    response = make_response(shown, code)
    response.headers["Content-Security-Policy"] = AROUND
    return response


def told(row: Broadcast) -> dict[str, Any]:
    """Return what every page of a broadcast shows."""
    session = database_session()
    author = session.get(Person, row.author_id) if row.author_id else None
    return {
        "row": row,
        "audience": in_words(row.audience, names_in(session, [row.audience]), by=row.organisation_id),
        "sender": sender_of(session, row),
        "author": (author.name or author.address) if author else "",
        "is_mine": row.author_id == actor().person_id,
        "home": address_of(row.id),
        "section": "broadcasts",
    }


def looked_at(row: Broadcast) -> dict[str, Any]:
    """Return the people it reaches, a page of them, and the letter as one of them gets it."""
    session, count = database_session(), count_of(database_session(), row, now=g.now)
    seen = select(Person).where(Person.id.in_(recipients(row, now=g.now)), visible(row))
    found = seen.order_by(func.lower(Person.name), Person.id)
    people = page_of(session, found, number=page_number(request.args.get("page")), size=PEOPLE_A_PAGE)
    chosen = chosen_person(row) or next(iter(people), None)
    return {
        "count": count,
        "people": people,
        "unseen": count - people.total,
        "chosen": chosen,
        "body": body_for(row, chosen) if chosen else None,
        "declined": declined(row, people),
    }


def chosen_person(row: Broadcast) -> Person | None:
    """Return the person whom the address asks for, if the letter reaches them and they may be seen."""
    number = next(iter(ids_in(request.args.getlist("person"))), 0)
    meant = select(Person).where(Person.id == number, Person.id.in_(recipients(row, now=g.now)), visible(row))
    return database_session().scalar(meant) if number else None


def body_for(row: Broadcast, person: Person) -> Body | None:
    """Return the letter as one person would get it."""
    session, (name, address) = database_session(), sender_of(database_session(), row)
    recipient = Recipient(person.address, person.name, person.id)
    post = Post(LETTERS[row.purpose], "", recipient, (BROADCAST, row.id), sender_name=name, reply_to=address)
    letter = OutboxMessage(**values_of(post, g.now))
    go_on_in_a_transaction(session)
    return composing.preview(session, letter, room=current_app.extensions["mail_room"], now=g.now)


def declined(row: Broadcast, people: Iterable[Person]) -> set[int]:
    """Return who of some people gets no such letters."""
    hashes = {address_hash(person.address): person.id for person in people}
    meant = Suppression.scope.in_((Scope.EVERYTHING, SCOPES[row.purpose]))
    standing = select(Suppression.address_hash).where(Suppression.lifted_at.is_(None), meant)
    found = database_session().scalars(standing.where(Suppression.address_hash.in_(hashes)))
    return {hashes[one] for one in found}


@blueprint.get("/<id:broadcast_id>/html")
@needs(Verb.DECIDE, of_broadcast)
def html(broadcast_id: int) -> Any:
    """Show the letter's HTML by itself, for the frame."""
    row = broadcast_here(broadcast_id)
    person = chosen_person(row)
    body = body_for(row, person) if person else None
    return framed(body.html if body else abort(404))


def reported(row: Broadcast) -> dict[str, Any]:
    """Return what became of the letters: counts, and a page of them."""
    session, word = database_session(), one_of(request.args.get("fate", ""), set(Fate), label="state")
    counts = report(session, [row.id])[row.id]
    fate = Fate(word) if word else None
    found = page_of(session, letters(row, fate=fate), number=page_number(request.args.get("page")))
    return {
        "counts": counts,
        "fates": {one: words for one, (words, _) in FATES.items()},
        "fate": word,
        "letters": found,
        "unseen": (counts.counts.get(fate, 0) if fate else counts.all) - found.total,
        "waiting": counts.counts.get(Fate.WAITING, 0),
    }
