"""The keys that wait for whoever looks."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from flask import Blueprint, g, render_template, request

from programme.core.web.lists import page_number, page_of
from programme.engines.approvals.queries import waiting_for
from programme.engines.registration.deciding.own import about
from programme.extensions import database_session
from programme.people.guards import actor, organisers
from programme.screens.keys.scopes import subjects

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from programme.engines.approvals.models import ApprovalKey
    from programme.engines.approvals.ports import Described

blueprint = Blueprint("keys_waiting", __name__, url_prefix="/organise/keys")


@blueprint.get("")
@organisers
def keys() -> Any:
    """List the keys that wait, the most pressing first; none about whoever looks."""
    others = waiting_for(actor()).where(~about(actor().person_id))
    page = page_of(database_session(), others, number=page_number(request.args.get("page")))
    return render_template(
        "keys/waiting.html", page=page, things=things_of(page.rows), now=g.now, section="registrations"
    )


def things_of(rows: Sequence[ApprovalKey]) -> Mapping[int, Described]:
    """Return what keys decide about, by the key's id, in a statement for each kind of thing."""
    found: dict[int, Described] = {}
    by_kind = sorted(rows, key=lambda key: key.approval.subject_kind)
    for kind, several in groupby(by_kind, key=lambda key: key.approval.subject_kind):
        keys_here = list(several)
        told = subjects()[kind].described(database_session(), [key.approval.subject_id for key in keys_here])
        found.update({key.id: told[key.approval.subject_id] for key in keys_here if key.approval.subject_id in told})
    return found
