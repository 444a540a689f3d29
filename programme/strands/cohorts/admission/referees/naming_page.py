"""Naming referees, for whoever holds the link of an application: they see where each stands, never what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, current_app, g, render_template, request

from programme.core.tokens import id_in
from programme.core.web.answers import carried_out, form_again
from programme.core.web.words import plural
from programme.engines.registration.queries import registration_with_events
from programme.engines.registration.states import LIVE
from programme.extensions import database_session
from programme.people.guards import actor, secret_link
from programme.strands.cohorts.admission.referees import actions
from programme.strands.cohorts.admission.referees.forms import RefereesForm, referees_form
from programme.strands.cohorts.admission.referees.queries import admission_for, referees_of
from programme.strands.cohorts.admission.states import ReferenceState

if TYPE_CHECKING:
    from programme.engines.registration.models import Registration
    from programme.strands.cohorts.models import Admission, Reference

blueprint = Blueprint("referees", __name__, url_prefix="/registrations/<token>/referees")
PAGE = "cohorts/references/referees.html"


def its_page(token: str) -> str:
    """Return the address of the page."""
    return f"/registrations/{token}/referees"


def application_here(token: str) -> tuple[Registration, Admission]:
    """Return the application that a link opens; what is no application to a cohort has no such page."""
    number = id_in(token)
    row = registration_with_events(database_session(), number) if number else None
    if row is None or not current_app.extensions["links"].opens(token, row):
        abort(404)
    admission = admission_for(database_session(), row.opening_id)
    if admission is None or not admission.references_wanted or row.person_id is None:
        abort(404)
    return row, admission


@blueprint.get("")
@secret_link
def page(token: str) -> Any:
    """Show who is named and where each stands."""
    row, admission = application_here(token)
    return render_template(PAGE, **shown(row, admission, token))


def shown(row: Registration, admission: Admission, token: str, form: RefereesForm | None = None) -> dict[str, Any]:
    """Return what the page shows: of each reference its state, never what it says."""
    rows = referees_of(database_session(), row.id)
    asked = [one for one in rows if one.state is not ReferenceState.NOT_ASKED]
    unasked = [one for one in rows if one.state is ReferenceState.NOT_ASKED]
    return {
        "it": row,
        "admission": admission,
        "asked": [(one.name, one.address, state_of(one, admission)) for one in asked],
        "unasked": unasked,
        "form": form or form_of(rows, admission),
        "is_live": row.state in LIVE,
        "here": its_page(token),
        "back": f"/registrations/{token}",
    }


def form_of(rows: Any, admission: Admission, typed: Any = None) -> RefereesForm:
    """Return the form with as many lines as there are referees to name."""
    living = [one for one in rows if one.state not in {ReferenceState.NOT_ASKED, ReferenceState.DECLINED}]
    unasked = [one for one in rows if one.state is ReferenceState.NOT_ASKED]
    return referees_form(max(0, admission.references_wanted - len(living)), unasked, typed)


def state_of(row: Reference, admission: Admission) -> str:
    """Return where a reference stands, as its applicant sees it: late where it is still waited for after its time."""
    waits = row.state in {ReferenceState.ASKED, ReferenceState.BEGUN}
    late = admission.references_by is not None and admission.references_by <= g.now
    return "late" if waits and late else row.state.value


@blueprint.post("")
@secret_link
def name(token: str) -> Any:
    """Keep whom the applicant names."""
    session = database_session()
    row, admission = application_here(token)
    form = form_of(referees_of(session, row.id), admission, request.form)
    asks = request.form.get("do") == "ask"

    def verb() -> tuple[str, str]:
        actions.name_referees(session, row, form.named(), now=g.now)
        number = actions.ask_referees(session, row, actor=actor(), now=g.now) if asks else 0
        asked = f"{plural(number, 'referee is', 'referees are')} asked by e-mail."
        return asked if asks else "Saved. Nobody is asked before you say so.", its_page(token)

    return carried_out(form, verb, lambda: form_again(PAGE, **shown(*application_here(token), token, form)))
