"""How many there are in what an authority shares: sums without names, for partners and whoever organises."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, g, render_template, request
from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from programme.core.web.downloads import csv_bytes, download
from programme.core.web.lists import one_of, page_number, page_of
from programme.engines.registration.models import Opening
from programme.engines.registration.openings.queries import first_start, last_end, taken
from programme.engines.registration.openings.rights import summed_to
from programme.engines.registration.roll.counts import told_by_state
from programme.engines.registration.states import OpeningState
from programme.extensions import database_session
from programme.people.guards import actor, sum_readers
from programme.people.roles import STRAND_WORDS
from programme.screens.roll.heading import when_short

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Select

blueprint = Blueprint("sums", __name__, url_prefix="/organise")
WHEN = {"": "Ahead", "past": "Over"}
MOST_IN_A_FILE = 5_000


@blueprint.get("/sums")
@sum_readers
def sums() -> Any:
    """List what one may know the sums of: what lies ahead, or is over."""
    when = one_of(request.args.get("when", ""), WHEN, label="time")
    page = page_of(database_session(), openings(when), number=page_number(request.args.get("page")))
    return render_template("roll/openings/sums.html", page=page, rows=rows_of(page.rows), when=when, words=WHEN)


@blueprint.get("/sums.csv")
@sum_readers
def file() -> Any:
    """Give the same as a file."""
    found = database_session().scalars(openings(one_of(request.args.get("when", ""), WHEN, label="time")))
    rows = rows_of(found.unique().fetchmany(MOST_IN_A_FILE))
    head = ["Title", "Strand", "Led by", "When", *(rows[0]["sums"] if rows else ())]
    lines = [
        [row["opening"].title, row["strand"], row["opening"].lead_organisation.name, row["when"], *row["sums"].values()]
        for row in rows
    ]
    return download(csv_bytes(head, lines), title="sums", ending="csv", media_type="text/csv")


def openings(when: str) -> Select[Opening]:
    """Return the openings, the next one first; of what is over the latest."""
    is_past = last_end() <= g.now
    order = first_start().desc() if when else first_start().asc()
    options = (joinedload(Opening.lead_organisation), selectinload(Opening.events))
    return (
        select(Opening)
        .where(summed_to(actor()), Opening.state != OpeningState.DRAFT)
        .where(is_past if when else or_(last_end().is_(None), ~is_past))
        .options(*options)
        .order_by(order.nulls_last(), Opening.id)
    )


def rows_of(found: Sequence[Opening]) -> list[dict[str, Any]]:
    """Return what each line shows: only sums, as the page of each opening tells them."""
    counts = taken(database_session(), [row.id for row in found])
    return [
        {
            "opening": row,
            "strand": STRAND_WORDS[row.strand],
            "when": when_short(row),
            "sums": told_by_state(counts[row.id].states),
        }
        for row in found
    ]
