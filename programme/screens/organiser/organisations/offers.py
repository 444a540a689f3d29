"""What is usual for offers in the whole installation: from which hour in the morning they may end."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, render_template, request
from wtforms import HiddenField

from programme.core.refusal import Meanwhile, Refusal
from programme.core.web.answers import done, form_again
from programme.core.web.forms import Form
from programme.engines.calendar.forms.choices import Choice
from programme.engines.registration.offers.forms import MORNINGS
from programme.engines.registration.offers.usual import change_usual_morning, usual_morning
from programme.extensions import database_session
from programme.people.guards import actor, administrators

blueprint = Blueprint("organise_usual_offers", __name__, url_prefix="/organise/offers")
HERE, PAGE = "/organise/offers", "organiser/organisations/offers.html"


class MorningForm(Form):
    """The earliest hour; `seen` is the one that was shown."""

    seen = HiddenField()
    morning = Choice(
        "Earliest in the morning",
        choices=MORNINGS,
        coerce=int,
        description="What would end at night ends then, London time. Each opening’s settings may say another.",
    )


@blueprint.get("")
@administrators
def page() -> Any:
    """Show it as a form."""
    now_so = usual_morning(database_session())
    return render_template(PAGE, form=MorningForm(data={"seen": str(now_so), "morning": now_so}))


@blueprint.post("")
@administrators
def save() -> Any:
    """Save it; where somebody else changed it meanwhile, what was typed stands and may be sent again."""
    session, form = database_session(), MorningForm(request.form)
    if not form.validate():
        return form_again(PAGE, form=form)
    try:
        change_usual_morning(session, form.morning.data, seen=form.seen.data or "", actor=actor(), now=g.now)
    except Refusal as refusal:
        session.rollback()
        form.refuse(refusal)
        if isinstance(refusal, Meanwhile):
            form.seen.data = str(usual_morning(session))
        return form_again(PAGE, form=form)
    session.commit()
    return done("Saved. New openings begin with it; those there are keep theirs.", HERE)
