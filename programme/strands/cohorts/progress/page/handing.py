"""What researchers do about one milestone: hand it in, with a file, and take it back."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, request

from programme.core.web.answers import button, carried_out, done
from programme.extensions import database_session
from programme.people.guards import actor
from programme.strands.cohorts.progress.handing import handing_in
from programme.strands.cohorts.progress.page.forms import HandInForm
from programme.strands.cohorts.progress.page.views import single_home, typed_again
from programme.strands.cohorts.records.guarding import record_for
from programme.strands.cohorts.records.laying import laid_file, take_more
from programme.strands.cohorts.rights import Relation

blueprint = Blueprint(
    "milestone_handing", __name__, url_prefix="/records/<id:candidature_id>/milestones/<id:milestone_id>"
)


@blueprint.post("/evidence")
@record_for(Relation.OWN)
def hand_in(candidature_id: int, milestone_id: int) -> Any:
    """Hand it in."""
    take_more()
    form = HandInForm(request.form)

    def verb() -> tuple[str, str]:
        given: dict[str, Any] = {"words": form.words.data or "", "actor": actor(), "now": g.now}
        row = handing_in.hand_in(database_session(), candidature_id, milestone_id, laid=laid_file(), **given)
        says = "It is done." if row.done_on else "It is handed in. Whoever signs it is asked now."
        return says, single_home(candidature_id, milestone_id)

    return carried_out(form, verb, lambda: typed_again(milestone_id, "hand_in", form))


@blueprint.post("/evidence/removal")
@record_for(Relation.OWN, Relation.RUNS)
@button(single_home)
def take_back(candidature_id: int, milestone_id: int) -> Any:
    """Take it back."""
    session = database_session()
    handing_in.take_back(session, candidature_id, milestone_id, actor=actor(), now=g.now)
    session.commit()
    return done("It is open again. Nobody is asked to sign it now.", single_home(candidature_id, milestone_id))
