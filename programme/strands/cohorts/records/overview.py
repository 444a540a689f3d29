"""A record's first page, the researcher's own records, and those of whom one supervises."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, g, render_template, request

from programme.core.web.lists import page_number, page_of
from programme.engines.calendar.times import to_wall
from programme.extensions import database_session
from programme.people.guards import actor, signed_in
from programme.strands.cohorts.awards.queries import next_steps
from programme.strands.cohorts.awards.words import LOOKS, STATE_WORDS
from programme.strands.cohorts.milestones.course import FULL
from programme.strands.cohorts.progress.lacking import lack_of
from programme.strands.cohorts.records import queries
from programme.strands.cohorts.records.beginning import first_things
from programme.strands.cohorts.records.guarding import record_for
from programme.strands.cohorts.records.looking import note_researchers
from programme.strands.cohorts.records.parts import PARTS
from programme.strands.cohorts.records.resting import resting
from programme.strands.cohorts.rights import Relation
from programme.strands.cohorts.rulebooks.queries import books
from programme.strands.cohorts.signing.queries import number_waiting
from programme.strands.cohorts.states import CANDIDATURE_MOVES, UNDER_WAY

if TYPE_CHECKING:
    from programme.strands.cohorts.models import Candidature
    from programme.strands.cohorts.rulebooks.queries import Book

blueprint = Blueprint("records", __name__, url_prefix="/records")
SHOWN = 6


@blueprint.get("")
@signed_in
def records() -> Any:
    """List my own records, and the researchers whom I supervise; that I looked at theirs is noted."""
    session, today, me = database_session(), to_wall(g.now).date(), actor().person_id or 0
    mine = queries.own(session, me)
    page = page_of(session, queries.supervised(me, today=today), number=page_number(request.args.get("page")))
    note_researchers(page, actor(), verb="looked at whom they supervise", now=g.now)
    ids = [row.id for row in (*mine, *page)]
    return render_template(
        "cohorts/record/records.html",
        mine=mine,
        page=page,
        steps=next_steps(session, ids),
        waiting=number_waiting(session, me, today=today),
        resting=resting(session, [*mine, *page], today=today),
        state_words=STATE_WORDS,
        looks=LOOKS,
        today=today,
    )


@blueprint.get("/<id:candidature_id>")
@record_for(Relation.OWN, Relation.SUPERVISES, Relation.RUNS)
def record(candidature_id: int) -> Any:
    """Show a record: its facts, and what is next."""
    session, row = database_session(), g.record.candidature
    known, today = books(session, [row.home_organisation_id]), to_wall(g.now).date()
    is_under_way = row.state in UNDER_WAY
    book = known.get(row.home_organisation_id)
    ahead = queries.to_come(session, candidature_id) if is_under_way else []
    return render_template(
        "cohorts/record/overview.html",
        record=g.record,
        parts=PARTS,
        ahead=[(one, book.units.name(one.unit) if book else "") for one in ahead[:SHOWN]],
        lack=lack_of(book, [one.unit for one in ahead[:SHOWN] if one.due_on is None], actor=actor()),
        more=max(len(ahead) - SHOWN, 0),
        entry=book.units.name(row.entry_unit) if book else "",
        rates=rates_of(row, book),
        resting=resting(session, [row], today=today, known=known),
        may_move=bool(CANDIDATURE_MOVES[row.state]),
        state_words=STATE_WORDS,
        looks=LOOKS,
        today=today,
        first=first_things(session, g.record, today=today),
        lacks_rulebook=book is None,
        is_under_way=is_under_way,
    )


def rates_of(candidature: Candidature, book: Book | None) -> list[str]:
    """Say at which rate somebody studies, from when on where that changed."""
    rates = candidature.rates
    words = ["Full time" if rate.per_cent == FULL else f"Part time, {rate.per_cent} %" for rate in rates]
    if len(rates) < len(("before", "after")) or book is None:
        return words
    return [f"{word} from {book.units.name(rate.first_unit)}" for word, rate in zip(words, rates, strict=True)]
