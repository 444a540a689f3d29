"""What was done to a researcher's record, for those who run the cohort."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, render_template

from programme.extensions import database_session
from programme.people.guards import actor
from programme.screens.organiser.trail.lines import history
from programme.strands.cohorts.records.guarding import record_for
from programme.strands.cohorts.records.parts import PARTS
from programme.strands.cohorts.rights import CANDIDATURE, Relation

blueprint = Blueprint("record_history", __name__, url_prefix="/records/<id:candidature_id>")
LONGEST = 50


@blueprint.get("/changes")
@record_for(Relation.RUNS)
def changes(candidature_id: int) -> Any:
    """Show who did what to a record, and who looked at it, the latest first."""
    since = g.record.candidature.created_at
    lines = history(database_session(), CANDIDATURE, candidature_id, reader=actor(), limit=LONGEST, since=since)
    return render_template("cohorts/record/changes.html", record=g.record, parts=PARTS, lines=lines)
