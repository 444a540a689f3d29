"""Letters to many: drafts, those that wait for their time, and those that went, with how many they reached."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request

from programme.core.web.lists import here_with, one_of, page_number, page_of
from programme.engines.mail.states import BroadcastState
from programme.engines.mail.written.broadcasts import broadcasts_of, counts_by_state
from programme.extensions import database_session
from programme.flows.broadcasting.reporting import report
from programme.flows.broadcasting.telling import in_words, names_in
from programme.people.guards import actor, organisers
from programme.screens.organiser.broadcasts.forms import KIND_WORDS

blueprint = Blueprint("broadcasts", __name__, url_prefix="/organise/broadcasts")
B = BroadcastState
WORDS = {
    B.DRAFT: "not sent yet",
    B.SCHEDULED: "waiting for their time",
    B.STOPPED: "stopped",
    B.QUEUED: "sent",
    B.CANCELLED: "called off",
}


@blueprint.get("")
@organisers
def broadcasts() -> Any:
    """List the letters to many of what I organise."""
    session, word = database_session(), one_of(request.args.get("state", ""), set(B), label="state")
    found = broadcasts_of(actor(), state=B(word) if word else None)
    page = page_of(session, found, number=page_number(request.args.get("page")))
    names = names_in(session, [row.audience for row in page])
    return render_template(
        "organiser/broadcasts/all.html",
        page=page,
        state=word,
        tallies=tallies(word),
        audiences={row.id: in_words(row.audience, names, by=row.organisation_id) for row in page},
        reports=report(session, [row.id for row in page if row.queued_at]),
        kinds=KIND_WORDS,
        may_write=bool(actor().organises_for),
    )


def tallies(current: str) -> list[dict[str, Any]]:
    """Return the counts that are filters."""
    counts = counts_by_state(database_session(), actor())
    whole = {"count": sum(counts.values()), "word": "in all", "url": here_with(state=None, page=None)}
    lines = [{**whole, "current": not current}]
    for state, word in WORDS.items():
        if counts.get(state) or current == state:
            url, kind = here_with(state=state.value, page=None), "bad" if state is B.STOPPED else ""
            count = counts.get(state, 0)
            lines.append({"count": count, "word": word, "url": url, "current": current == state, "kind": kind})
    return lines
