"""Signing on the page of a milestone: for whoever is asked, and for organisers where it is their turn."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, current_app, g, request

from programme.core.web.answers import button, carried_out, done
from programme.engines.documents.handing_out import file_or_404
from programme.engines.documents.ports import Reader
from programme.extensions import database_session
from programme.people.guards import actor, secret_link
from programme.strands.cohorts.progress.handing import signing
from programme.strands.cohorts.progress.page.forms import SendBackForm
from programme.strands.cohorts.progress.page.views import single_home, typed_again
from programme.strands.cohorts.records.evidence import FILE_PART
from programme.strands.cohorts.records.guarding import record_for
from programme.strands.cohorts.rights import Relation
from programme.strands.cohorts.signing.views import described, note_reading, signature_here

blueprint = Blueprint(
    "milestone_signing", __name__, url_prefix="/records/<id:candidature_id>/milestones/<id:milestone_id>"
)

by_link = Blueprint("signature_evidence", __name__, url_prefix="/signatures/<token>")


@by_link.get("/file")
@secret_link
def file(token: str) -> Any:
    """Give the file that was handed in to whoever signs by a link, while it is theirs to sign; it is noted."""
    row = signature_here(token)
    subject = (row.subject_kind, row.subject_id)
    if described(row) is None:
        abort(404)
    given = file_or_404(subject, FILE_PART, Reader(actor(), frozenset({subject})))
    note_reading(row)
    return given


def signed(candidature_id: int, milestone_id: int, *, agrees: bool, reason: str = "") -> None:
    """Sign, or send back."""
    session = database_session()
    by: dict[str, Any] = {"things": current_app.extensions["signed_things"], "actor": actor(), "now": g.now}
    signing.sign(session, candidature_id, milestone_id, agrees=agrees, reason=reason, **by)


@blueprint.post("/signature")
@record_for(Relation.SUPERVISES, Relation.RUNS)
@button(single_home)
def agree(candidature_id: int, milestone_id: int) -> Any:
    """Sign."""
    signed(candidature_id, milestone_id, agrees=True)
    database_session().commit()
    return done("You have signed. Whoever signs next is asked now.", single_home(candidature_id, milestone_id))


@blueprint.post("/asking")
@record_for(Relation.OWN, Relation.RUNS)
@button(single_home)
def ask_again(candidature_id: int, milestone_id: int) -> Any:
    """Ask whoever's turn it is once more: whoever that is by now."""
    session = database_session()
    person = signing.remind(session, candidature_id, milestone_id, now=g.now)
    session.commit()
    says = f"{person.name or person.address} is asked to sign it."
    return done(says, single_home(candidature_id, milestone_id))


@blueprint.post("/return")
@record_for(Relation.SUPERVISES, Relation.RUNS)
def send_back(candidature_id: int, milestone_id: int) -> Any:
    """Send it back with a comment."""
    form = SendBackForm(request.form)

    def verb() -> tuple[str, str]:
        signed(candidature_id, milestone_id, agrees=False, reason=form.reason.data or "")
        return "It is sent back, with your comment.", single_home(candidature_id, milestone_id)

    return carried_out(form, verb, lambda: typed_again(milestone_id, "send_back", form))
