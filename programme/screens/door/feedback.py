"""Saying how it was, by a link that serves once. What is said is kept without a name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, current_app, render_template, request

from programme.core.refusal import Refusal
from programme.core.tokens import id_in
from programme.core.web.answers import form_again
from programme.engines.questionnaire.actions import asked_by
from programme.engines.questionnaire.forms import QuestionsForm, form_class
from programme.engines.registration.feedback.actions import form_of, give, reason_against
from programme.engines.registration.queries import registration_with_events
from programme.extensions import database_session
from programme.people.guards import secret_link

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from programme.engines.registration.feedback.links import FeedbackLinks
    from programme.engines.registration.models import Registration

blueprint = Blueprint("feedback", __name__)
FORM, ENDED = "door/feedback.html", "door/feedback_ended.html"
THANKS = "Thank you. What you said is kept without your name."


@blueprint.get("/feedback/<token>")
@secret_link
def form(token: str) -> Any:
    """Show the form, or why there is none for them."""
    row = registration_here(token)
    against = reason_against(database_session(), row)
    if against:
        return render_template(ENDED, title=row.opening.title, words=against)
    return render_template(FORM, **shown(token, row, made_for(row)))


def registration_here(token: str) -> Registration:
    """Return the registration of the link; an old or invented one is of nobody."""
    number = id_in(token)
    row = registration_with_events(database_session(), number) if number else None
    links: FeedbackLinks = current_app.extensions["feedback_links"]
    if row is None or not links.opens(token, row):
        abort(404)
    return row


def made_for(row: Registration, sent: Any = None) -> QuestionsForm:
    """Return the form of what is asked now."""
    asked = form_of(database_session(), row.opening_id)
    return form_class(QuestionsForm, asked_by(asked.questionnaire if asked else None))(sent)


def shown(token: str, row: Registration, made: QuestionsForm) -> dict[str, Any]:
    """Return what the form's page shows."""
    return {"form": made, "title": row.opening.title, "here": f"/feedback/{token}"}


@blueprint.post("/feedback/<token>")
@secret_link
def say(token: str) -> Response | str | Any:
    """Keep what somebody says, once."""
    session, row = database_session(), registration_here(token)
    made = made_for(row, request.form)
    if not reason_against(session, row) and not made.validate():
        return form_again(FORM, **shown(token, row, made))
    try:
        give(session, row.id, made.answers())
    except Refusal as refusal:
        session.rollback()
        return form_again(ENDED, title=registration_here(token).opening.title, words=refusal.sentence)
    session.commit()
    return render_template(ENDED, title=row.opening.title, words=THANKS)
