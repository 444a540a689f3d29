"""A key, for whoever holds its secret link: no account is needed, looking changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, g, render_template, request

from programme.core.web.answers import button, done, form_again
from programme.engines.approvals.outcome import TURNED
from programme.engines.approvals.queries import key_of_link
from programme.engines.approvals.rights import still_holds
from programme.engines.approvals.states import ApprovalState, KeyState
from programme.extensions import database_session
from programme.flows.deciding.keys import turn_by_link
from programme.people.guards import secret_link
from programme.screens.keys.forms import TurnForm
from programme.screens.keys.scopes import described, subjects

if TYPE_CHECKING:
    from programme.engines.approvals.models import SignOffLink

blueprint = Blueprint("keys_by_link", __name__, url_prefix="/keys/<token>")
PAGE = "keys/link.html"
LONGEST_TOKEN = 64


def its_page(token: str) -> str:
    """Return the address of the page."""
    return f"/keys/{token}"


@blueprint.get("")
@secret_link
def page(token: str) -> Any:
    """Show what is to be decided. Looking changes nothing."""
    return render_template(PAGE, **shown(link_or_404(token), TurnForm(), token))


def shown(link: SignOffLink, form: TurnForm, token: str) -> dict[str, Any]:
    """Return what the page shows: of a link that has ended, or whose person holds no key any more, only that."""
    key, approval = link.key, link.key.approval
    waits = link.ended_at is None and approval.state is ApprovalState.OPEN and key.state is KeyState.WAITING
    session, subject = database_session(), subjects()[approval.subject_kind]
    apart = subject.kept_out(session, approval.subject_id, link.person_id) if waits else ""
    opens = waits and not apart and still_holds(session, link)
    facts = subject.facts(session, approval.subject_id) if opens else ()
    return {
        "key": key,
        "thing": described(approval),
        "facts": facts,
        "form": form,
        "opens": opens,
        "apart": apart,
        "holds_no_more": waits and not opens,
        "said": key.state.value if link.used_at is not None and key.state in TURNED else "",
        "here": its_page(token),
    }


@blueprint.post("/decision")
@secret_link
@button(its_page)
def decide(token: str) -> Any:
    """Turn the key."""
    session, link, form = database_session(), link_or_404(token), TurnForm(request.form)
    if not form.validate():
        return form_again(PAGE, **shown(link, form, token))
    turned = turn_by_link(session, link, form.turn(), subjects=subjects(), now=g.now)
    session.commit()
    return done("Thank you: it is noted." if turned.changed else "It was noted before.", its_page(token))


def link_or_404(token: str) -> SignOffLink:
    """Return the link that a secret opens; an invented one opens nothing."""
    found = key_of_link(database_session(), token) if len(token) <= LONGEST_TOKEN else None
    if found is None or found.key.approval.subject_kind not in subjects():
        abort(404)
    return found
