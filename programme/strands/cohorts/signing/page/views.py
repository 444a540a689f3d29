"""The page of what waits for one's signature: everything, the longest first; several agreed to in one press."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, g, render_template, request

from programme.core.refusal import Refusal
from programme.core.web.answers import button, done
from programme.core.web.lists import page_number, page_of
from programme.core.web.words import plural
from programme.engines.calendar.times import london_day
from programme.extensions import database_session
from programme.people.guards import actor, signed_in
from programme.strands.cohorts.models import Signature
from programme.strands.cohorts.organising.progress import handed_in
from programme.strands.cohorts.records.guarding import note_looks
from programme.strands.cohorts.signing.actions import answer
from programme.strands.cohorts.signing.page.shown import lines_of, loaded
from programme.strands.cohorts.signing.queries import waiting_for
from programme.strands.cohorts.signing.steps import HERE
from programme.strands.cohorts.signing.telling import GATHERED
from programme.strands.cohorts.signing.views import links, things

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from programme.strands.cohorts.models import Milestone

blueprint = Blueprint("own_signatures", __name__, url_prefix=HERE)
SIZE, MOST_OF_ORGANISERS, MOST_DIGITS = 20, 20, 18
NOTHING_TICKED = "Nothing is ticked. Tick what you agree to, then press the button again."
SETTLED = "What you ticked is settled already: it was agreed to, changed or taken back meanwhile."


def home() -> str:
    """Return the address of the page."""
    return HERE


@blueprint.get("")
@signed_in
def page() -> Any:
    """Show what waits; that somebody read in the records of others is noted."""
    session, today = database_session(), london_day(g.now)
    found = page_of(session, loaded(me(), today=today), number=page_number(request.args.get("page")), size=SIZE)
    lines = lines_of(session, found.rows, things=things(), links=links())
    note_looks([one.signature.candidature for one in lines], actor(), now=g.now)
    return render_template(
        "cohorts/signing/waiting.html",
        page=found,
        lines=lines,
        tickable=sum(one.may_be_ticked for one in lines),
        as_organiser=for_organisers(),
        today=today,
    )


def me() -> int:
    """Return who is signed in."""
    return actor().person_id or 0


def for_organisers() -> Sequence[Milestone]:
    """Return the milestones that any organiser of the home university may sign, where the reader is one."""
    if not actor().organises_for:
        return ()
    return handed_in(database_session(), actor(), now=g.now).own[:MOST_OF_ORGANISERS]


@blueprint.post("/agreement")
@signed_in
@button(home)
def agree() -> Any:
    """Agree to what is ticked; what cannot be agreed to is said, and stops nothing else."""
    session = database_session()
    ticked = ids_in(request.form.getlist("also")[:SIZE])
    if not ticked:
        raise Refusal(NOTHING_TICKED)
    own = waiting_for(me(), today=london_day(g.now)).where(Signature.subject_kind.in_(GATHERED))
    rows = session.scalars(own.where(Signature.id.in_(ticked))).all()
    signed, refused = 0, list[str]()
    for row in sorted(rows, key=lambda row: (row.candidature_id, row.id)):
        try:
            with session.begin_nested():
                signed += answer(session, row, agrees=True, things=things(), actor=actor(), now=g.now).changed
        except Refusal as refusal:
            refused.append(refusal.sentence)
    session.commit()
    if not signed:
        raise Refusal(refused[0] if refused else SETTLED)
    said = [f"You have agreed to {plural(signed, 'entry', 'entries')}.", *dict.fromkeys(refused)]
    return done(" ".join(said), HERE)


def ids_in(words: Iterable[str]) -> set[int]:
    """Return the numbers among what a form sent."""
    return {int(word) for word in words if word.isascii() and word.isdecimal() and len(word) <= MOST_DIGITS}
