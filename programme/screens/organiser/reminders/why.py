"""Letters to one person: every one that went or waits, and why each reminder came, will come, or did not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, current_app, g, render_template
from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload, selectinload

from programme.engines.mail.models import OutboxMessage
from programme.engines.registration.models import Registration, Seat
from programme.extensions import database_session
from programme.people.guards import needs
from programme.people.permissions import Verb
from programme.screens.organiser.reminders import record
from programme.screens.roll.scopes import of_registration

if TYPE_CHECKING:
    from collections.abc import Sequence

blueprint = Blueprint("organise_why", __name__, url_prefix="/organise/registrations/<id:registration_id>/letters")


@blueprint.get("")
@needs(Verb.SEE_PEOPLE, of_registration)
def page(registration_id: int) -> Any:
    """Show every letter to the person, and what became of each reminder."""
    session, row = database_session(), registration_here(registration_id)
    titles = {("event", seat.event_id): seat.event.title for seat in row.seats}
    titles["opening", row.opening_id] = row.opening.title
    whom = record.Whom(row, g.now, titles)
    return render_template(
        "organiser/reminders/why.html",
        row=row,
        lines=record.lines(session, current_app.extensions["reminder_subjects"], whom),
        letters=letters_to(row),
        titles={name: kind.title for name, kind in current_app.extensions["mail_room"].letters.items()},
    )


def registration_here(registration_id: int) -> Registration:
    """Return the registration of the address with its things; its guard has seen that it is there."""
    statement = (
        select(Registration)
        .where(Registration.id == registration_id)
        .options(joinedload(Registration.opening), selectinload(Registration.seats).joinedload(Seat.event))
    )
    return database_session().scalar(statement) or abort(404)


def letters_to(row: Registration) -> Sequence[OutboxMessage]:
    """Return the letters about a registration, and those to its person about its events and opening, newest first."""
    about = and_(OutboxMessage.subject_kind == "registration", OutboxMessage.subject_id == row.id)
    events = [seat.event_id for seat in row.seats]
    series = {seat.event.series_id for seat in row.seats if seat.event.series_id is not None}
    things = or_(
        and_(OutboxMessage.subject_kind == "series", OutboxMessage.subject_id.in_(series)),
        and_(OutboxMessage.subject_kind == "event", OutboxMessage.subject_id.in_(events)),
        and_(OutboxMessage.subject_kind == "opening", OutboxMessage.subject_id == row.opening_id),
    )
    mine = or_(about, and_(OutboxMessage.person_id == row.person_id, things)) if row.person_id is not None else about
    statement = select(OutboxMessage).where(mine).order_by(OutboxMessage.created_at.desc(), OutboxMessage.id.desc())
    return database_session().scalars(statement.limit(record.MOST_LETTERS)).all()
