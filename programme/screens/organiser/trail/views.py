"""The audit trail: who did what to which thing, when, and what it was before."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from flask import Blueprint, render_template, request

from programme.core.audit import AuditEntry
from programme.core.clock import LONDON
from programme.core.web.forms import LONGEST_LINE
from programme.core.web.lists import note_unread, one_of, page_number, page_of
from programme.extensions import database_session
from programme.people import queries
from programme.people.guards import actor, organisers
from programme.screens.organiser.trail.doctoral import in_sight, is_named
from programme.screens.organiser.trail.kinds import KINDS
from programme.screens.organiser.trail.lines import lines_of

if TYPE_CHECKING:
    from sqlalchemy import Select

blueprint = Blueprint("organiser_audit", __name__, url_prefix="/organise/audit")
LAST_DAY = date(9000, 1, 1)
MOST_DIGITS = 18


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the address asks for; what cannot be read is left out, and told. `id` with a kind is one thing's trail."""

    person: str = ""
    kind: str = ""
    id: str = ""
    since: str = ""
    until: str = ""

    @property
    def odd(self) -> list[str]:
        """Say which dates are none."""
        dates = {"first day": self.since, "last day": self.until}
        return [label for label, text in dates.items() if text and day(text) is None]

    @property
    def number(self) -> int | None:
        """Return the id, if it is one."""
        plain = self.id.isascii() and self.id.isdecimal() and len(self.id) <= MOST_DIGITS
        return int(self.id) if plain and self.kind else None


@blueprint.get("")
@organisers
def audit() -> Any:
    """List the entries of the organisations I organise for."""
    session, wanted = database_session(), read()
    page = page_of(session, narrowed(wanted), number=page_number(request.args.get("page")))
    lines = lines_of(session, page.rows, reader=actor())
    return render_template("organiser_audit/audit.html", page=page, lines=lines, wanted=wanted, kinds=KINDS)


def read() -> Wanted:
    """Read the address."""
    given = {field.name: request.args.get(field.name, "").strip()[:LONGEST_LINE] for field in fields(Wanted)}
    wanted = Wanted(**{**given, "kind": one_of(given["kind"], KINDS, label="kind")})
    for label in wanted.odd:
        note_unread(label)
    return wanted


def narrowed(wanted: Wanted) -> Select[AuditEntry]:
    """Return the entries that the filters leave."""
    found = queries.entries(actor()).where(in_sight(actor()))
    if wanted.person:
        found = found.where(AuditEntry.person_id.in_(queries.people_called(wanted.person)), is_named(actor()))
    if wanted.kind:
        found = found.where(AuditEntry.subject_kind == wanted.kind)
    if wanted.number is not None:
        found = found.where(AuditEntry.subject_id == wanted.number)
    since, until = day(wanted.since), day(wanted.until)
    if since:
        found = found.where(AuditEntry.at >= midnight(since))
    if until:
        found = found.where(AuditEntry.at < midnight(until + timedelta(days=1)))
    return found


def day(text: str) -> date | None:
    """Read a day as a date field sends it; None where it is none."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if date.min < found < LAST_DAY else None


def midnight(when: date) -> datetime:
    """Return when a day begins in London, in UTC."""
    return datetime.combine(when, time(), tzinfo=LONDON).astimezone(UTC)
