"""Writing to all or some of a roll: composed, looked at as one of them will get it, then sent."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from flask import Blueprint, current_app, g, render_template, request

from programme.core.refusal import Refusal
from programme.core.tokens import new_token, token_hash
from programme.core.web.answers import done, form_again
from programme.core.web.words import plural
from programme.engines.mail import composing
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.outbox import values_of
from programme.engines.registration.roll.filters import ELSEWHERE, STATES, Wanted, roll
from programme.engines.registration.roll.forms import LetterForm
from programme.engines.registration.states import Attendance
from programme.extensions import database_session
from programme.flows.notices.messages import Message, post_for
from programme.flows.notices.places.told import contact_of
from programme.flows.roll.writing import NOBODY, one_each, write_to
from programme.people import queries as people
from programme.people.guards import actor, needs
from programme.people.permissions import Verb
from programme.screens.roll.heading import framed
from programme.screens.roll.scopes import of_opening, opening_here
from programme.screens.roll.ticked.meant import EVERYBODY, carried, meant, whom

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

    from programme.engines.mail.wire.messages import Body
    from programme.engines.registration.models import Opening, Registration

blueprint = Blueprint("roll_letters", __name__, url_prefix="/organise/openings/<id:opening_id>/letters")
NEW = "roll/letters/new.html"
MARKS = {Attendance.PRESENT: "Those who came", Attendance.ABSENT: "Those who did not come"}
USUAL = ("confirmed", "offered")


@blueprint.get("/new")
@needs(Verb.DECIDE, of_opening)
def new(opening_id: int) -> Any:
    """Show the form for a letter."""
    opening = opening_here(opening_id)
    form = LetterForm(once=new_token())
    return render_template(NEW, **shown(opening, form, asked(opening, request.args, is_first=True)))


def asked(opening: Opening, args: MultiDict[str, str], *, is_first: bool = False) -> Wanted:
    """Read to whom it goes; at first to those with a place. All whom a roll's filters left are those very people."""
    if args.get(EVERYBODY):
        return meant(opening, args) or Wanted()
    given = args.copy()
    if is_first and not any(given.getlist(name) for name in ("state", "id", "home", "attendance")):
        given.setlist("state", list(USUAL))
    return whom(opening, given)


def shown(opening: Opening, form: LetterForm, readers: Wanted, **more: Any) -> dict[str, Any]:
    """Return what the page shows."""
    session = database_session()
    rows = recipients(opening, readers)
    return {
        **framed(session, opening, now=g.now),
        "form": form,
        "whom": readers,
        "carried": list(carried(readers)) if readers.everybody else [],
        "later": later(opening, readers),
        "recipients": rows,
        "states": {word: name for word, (name, _) in STATES.items() if word != "draft"},
        "homes": [*((row.slug, row.name) for row in people.universities(session)), (ELSEWHERE, "Elsewhere")],
        "marks": MARKS,
        "reply_to": contact_of(opening),
        "preview": None,
        **more,
    }


def later(opening: Opening, readers: Wanted) -> str:
    """Return what the address of a letter to many asks for that begins with the same people.

    It cannot keep ticks: one of them is enough for its form to say so.
    """
    filters = [pair for pair in carried(replace(readers, everybody=True)) if pair[0] != EVERYBODY]
    ticked = [("id", str(one)) for one in readers.ids[:1]]
    return urlencode([("opening", str(opening.id)), *(ticked or filters)])


def recipients(opening: Opening, readers: Wanted) -> list[Registration]:
    """Return who is written to; of nothing chosen nobody."""
    if not (readers.is_narrow or readers.everybody):
        return []
    return one_each(database_session().scalars(roll(opening.id, readers)))


@blueprint.post("/preview")
@needs(Verb.DECIDE, of_opening)
def preview(opening_id: int) -> Any:
    """Show the letter as the first of its readers will get it, and how many there are; nothing is sent."""
    opening, form = opening_here(opening_id), LetterForm(request.form)
    readers = asked(opening, request.form)
    if not form.validate():
        return form_again(NEW, **shown(opening, form, readers))
    return looked_at(opening, form, readers)


def looked_at(opening: Opening, form: LetterForm, readers: Wanted) -> Any:
    """Show the form with the letter above it, marked as seen."""
    variables = shown(opening, form, readers)
    if not variables["recipients"]:
        form.refuse(Refusal(NOBODY))
        return form_again(NEW, **variables)
    variables["preview"] = body_for(opening, variables["recipients"][0], message_of(form))
    variables["seen"] = seen_as(form, readers)
    return render_template(NEW, **variables)


def seen_as(form: LetterForm, readers: Wanted) -> str:
    """Return a mark of what was looked at: another letter, or other people, have another."""
    return token_hash(repr((form.subject.data, form.text.data, readers)))


def message_of(form: LetterForm) -> Message:
    """Return what was written."""
    return Message(token_hash(form.once.data or new_token()), form.subject.data, form.text.data)


def body_for(opening: Opening, row: Registration, message: Message) -> Body | None:
    """Return the letter as one person will get it, its secret link hidden."""
    letter = OutboxMessage(**values_of(post_for(opening, row, message), g.now))
    return composing.preview(database_session(), letter, room=current_app.extensions["mail_room"], now=g.now)


@blueprint.post("")
@needs(Verb.DECIDE, of_opening)
def send(opening_id: int) -> Any:
    """Queue the letters; the same one sent twice goes once, and one changed since it was seen is shown again."""
    session, opening = database_session(), opening_here(opening_id)
    form, readers = LetterForm(request.form), asked(opening, request.form)
    if not form.validate():
        return form_again(NEW, **shown(opening, form, readers))
    if request.form.get("seen", "") not in {"", seen_as(form, readers)}:
        return looked_at(opening, form, readers)
    try:
        number = write_to(session, opening, recipients(opening, readers), message_of(form), actor=actor(), now=g.now)
    except Refusal as refusal:
        form.refuse(refusal)
        return form_again(NEW, **shown(opening, form, readers))
    session.commit()
    said = f"{plural(number, 'letter')} on the way." if number else "This letter was on its way already."
    return done(said, f"/organise/openings/{opening_id}")
