"""Frameworks as administrators see them: each with its parts, and the form for another version."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, render_template, request

from programme.core.web.answers import carried_out, form_again
from programme.core.web.forms import Form, line, paragraph
from programme.extensions import database_session
from programme.people.guards import actor, administrators
from programme.strands.cohorts.training.frameworks.loading import load
from programme.strands.cohorts.training.frameworks.queries import frameworks
from programme.strands.cohorts.training.frameworks.sorting import LONGEST_TABLE

blueprint = Blueprint("organise_frameworks", __name__, url_prefix="/organise/frameworks")
HERE, PAGE = "/organise/frameworks", "cohorts/training/frameworks.html"
LONGEST_VERSION = 40


class FrameworkForm(Form):
    """Another version of a framework."""

    version = line(
        "Version", hint="For example “RDF 2025”.", ask="Say what this version is called.", longest=LONGEST_VERSION
    )
    source = line("Where it comes from", hint="Named on its page, and on printed records.")
    table = paragraph(
        "Table",
        hint="Pasted from a spreadsheet or a CSV file, with the heads domain, domain_name, code, name.",
        ask="Paste the table.",
        longest=LONGEST_TABLE,
        rows=12,
        spellcheck="false",
    )


@blueprint.get("")
@administrators
def listed() -> Any:
    """Show every framework."""
    return render_template(PAGE, frameworks=frameworks(database_session()), form=FrameworkForm())


@blueprint.post("")
@administrators
def bring_in() -> Any:
    """Load another version."""
    session, form = database_session(), FrameworkForm(request.form)

    def verb() -> tuple[str, str]:
        told: dict[str, Any] = {"version": form.version.data, "source": form.source.data or "", "text": form.table.data}
        row = load(session, **told, actor=actor(), now=g.now)
        return f"“{row.version}” is loaded. Training is sorted by it from now on.", HERE

    return carried_out(form, verb, lambda: form_again(PAGE, frameworks=frameworks(session), form=form))
