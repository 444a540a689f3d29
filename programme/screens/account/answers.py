"""What an account fills in for its person in forms: dietary and access needs, by their own choice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, g, render_template, request

from programme.core.refusal import Refusal
from programme.core.web.answers import done, form_again
from programme.engines.questionnaire.forms import QuestionsForm, form_class
from programme.engines.questionnaire.kinds import KINDS, Asked
from programme.engines.questionnaire.profiles import actions
from programme.extensions import database_session
from programme.people.guards import actor, signed_in

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

blueprint = Blueprint("own_answers", __name__, url_prefix="/me/account/answers")
HERE = "/me/account/answers"
TEMPLATE = "account/answers.html"
WISH = 99
ASKED = (
    Asked(id=1, kind="dietary", label="What do you eat?", options=KINDS["dietary"].usual_options),
    Asked(id=2, kind="access", label="What do you need to take part?", options=KINDS["access"].usual_options),
    Asked(id=WISH, kind="consent", label="Keep this in my account, and fill it in for me where a form asks for it"),
)
KEPT = "Kept. Forms that ask for it come filled in, and you can change it there."
NO_WISH = "Tick the box if we are to keep this, or leave everything empty."


@blueprint.get("")
@signed_in
def page() -> Any:
    """Show what is kept."""
    return render_template(TEMPLATE, form=answers_form(None))


@blueprint.post("")
@signed_in
def save() -> Any:
    """Keep it as it is now, or nothing."""
    session, form = database_session(), answers_form(request.form)
    given = form.answers() if form.validate() else {}
    values = {one.kind: given.get(one.id) for one in ASKED}
    wanted = any(values[kind] for kind in actions.OFFERED)
    if wanted and not values["consent"]:
        form.refuse(Refusal(NO_WISH, field=f"q{WISH}"))
    if form.errors:
        return form_again(TEMPLATE, form=form)
    actions.keep(session, actor().person_id or 0, values, now=g.now)
    session.commit()
    return done(KEPT if wanted else "Nothing is kept.", HERE)


def answers_form(sent: MultiDict[str, str] | None) -> QuestionsForm:
    """Return the form, filled in with what is kept."""
    profile = actions.profile_of(database_session(), actor().person_id)
    kept = {**actions.filled_in(ASKED, profile), f"q{WISH}": bool(profile)}
    return form_class(QuestionsForm, ASKED)(sent, data=kept)
