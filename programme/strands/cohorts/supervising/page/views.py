"""The supervision of one record: who supervises, whether it is joint, who has signed, and what is to be done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, current_app, g, render_template

from programme.engines.calendar.times import london_day
from programme.extensions import database_session
from programme.people.guards import actor
from programme.strands.cohorts.records.guarding import record_for
from programme.strands.cohorts.records.parts import PARTS
from programme.strands.cohorts.rights import Relation
from programme.strands.cohorts.states import SignatureState
from programme.strands.cohorts.supervising.agreement import standings
from programme.strands.cohorts.supervising.queries import held
from programme.strands.cohorts.supervising.waiting import waiting_words
from programme.strands.cohorts.supervising.words import ROLES, SIGNERS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from programme.strands.cohorts.models import Candidature, Supervision
    from programme.strands.cohorts.records.guarding import Record
    from programme.strands.cohorts.supervising.agreement import Party

blueprint = Blueprint("record_supervision", __name__, url_prefix="/records/<id:candidature_id>/supervision")
ALL = (Relation.OWN, Relation.SUPERVISES, Relation.RUNS)
PAGE = "cohorts/supervision/page.html"


def home(candidature_id: int, **rest: object) -> str:
    """Return the address of the supervision of a record."""
    del rest
    return f"/records/{candidature_id}/supervision"


@blueprint.get("")
@record_for(*ALL)
def page(candidature_id: int) -> Any:
    """Show who supervises, and who has signed."""
    del candidature_id
    record: Record = g.record
    return render_template(PAGE, **shown(record))


def shown(record: Record) -> dict[str, Any]:
    """Return what the page shows."""
    session, row, today = database_session(), record.candidature, london_day(g.now)
    standing = standings(session, [row], today=today)[row.id]
    present, past = parted(standing.supervisions, today)
    leaving = [one for one in standing.supervisions if one.ends_on is not None] if record.is_run else []
    return {
        "record": record,
        "parts": PARTS,
        "standing": standing,
        "present": present,
        "past": past,
        "today": today,
        "roles": ROLES,
        "signers": SIGNERS,
        "to_sign": to_sign(standing.parties),
        "waits": leaving and waits_for(row, leaving),
    }


def parted(rows: Sequence[Supervision], today: date) -> tuple[list[Supervision], list[Supervision]]:
    """Return who supervises or will, and who did."""
    past = [one for one in rows if held(one).is_over(today)]
    return [one for one in rows if one not in past], past


def to_sign(parties: Sequence[Party]) -> list[str]:
    """Return the addresses at which the reader signs, where they are asked: here they need no letter for it."""
    links, reader = current_app.extensions["signature_links"], actor().person_id
    asked = (SignatureState.ASKED, SignatureState.REFUSED)
    return [
        links.path(party.signature)
        for party in parties
        if party.signature and party.person.id == reader and party.state in asked
    ]


def waits_for(row: Candidature, leaving: Sequence[Supervision]) -> dict[int, str]:
    """Return what waits for those who leave or have left, by the id of their supervision."""
    session, things = database_session(), current_app.extensions["signed_things"]
    return {one.id: waiting_words(session, row, one.person_id, things=things) for one in leaving}
