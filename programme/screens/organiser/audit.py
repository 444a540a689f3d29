"""The audit trail: who did what to which thing, when, and what it was before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from flask import Blueprint, render_template, request

from programme.core.audit import AuditEntry
from programme.core.clock import LONDON
from programme.core.web.forms import LONGEST_LINE
from programme.core.web.lists import note_unread, page_number, page_of
from programme.extensions import database_session
from programme.flows.granting.things import titles
from programme.people import queries
from programme.people.guards import actor, organisers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Select

blueprint = Blueprint("organiser_audit", __name__, url_prefix="/organise/audit")
LAST_DAY = date(9000, 1, 1)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the address asks for; what cannot be read is left out, and told."""

    person: str = ""
    verb: str = ""
    kind: str = ""
    since: str = ""
    until: str = ""

    @property
    def odd(self) -> list[str]:
        """Say which dates are none."""
        dates = {"first day": self.since, "last day": self.until}
        return [label for label, text in dates.items() if text and day(text) is None]


@blueprint.get("")
@organisers
def audit() -> Any:
    """List the entries of the organisations I organise for."""
    session = database_session()
    wanted = Wanted(**{name: request.args.get(name, "").strip()[:LONGEST_LINE] for name in Wanted.__slots__})
    for label in wanted.odd:
        note_unread(label)
    page = page_of(session, narrowed(wanted), number=page_number(request.args.get("page")))
    changes = {entry.id: differences(entry.before, entry.after) for entry in page.rows}
    return render_template(
        "organiser_audit/audit.html", page=page, wanted=wanted, changes=changes, **named(page.rows), **choices()
    )


def named(rows: Sequence[AuditEntry]) -> dict[str, Any]:
    """Return what people and things in `rows` are called now, in one query a kind."""
    session = database_session()
    people = {row.person_id for row in rows if row.person_id is not None}
    people |= {row.subject_id for row in rows if row.subject_kind == "person"}
    things = titles(session, [(row.subject_kind, row.subject_id) for row in rows])
    return {"names": queries.names(session, people), "things": things}


def narrowed(wanted: Wanted) -> Select[AuditEntry]:
    """Return the entries that the filters leave."""
    found = queries.entries(actor())
    if wanted.person:
        found = found.where(AuditEntry.person_id.in_(queries.people_called(wanted.person)))
    if wanted.verb:
        found = found.where(AuditEntry.verb == wanted.verb)
    if wanted.kind:
        found = found.where(AuditEntry.subject_kind == wanted.kind)
    since, until = day(wanted.since), day(wanted.until)
    if since:
        found = found.where(AuditEntry.at >= midnight(since))
    if until:
        found = found.where(AuditEntry.at < midnight(until + timedelta(days=1)))
    return found


def choices() -> dict[str, Sequence[str]]:
    """Return the verbs and kinds there are to filter by."""
    seen = queries.entries(actor()).order_by(None)
    rows = database_session().execute(
        seen.with_only_columns(AuditEntry.verb, AuditEntry.subject_kind).distinct().select_from(AuditEntry)
    )
    pairs = [tuple(row) for row in rows]
    return {"verbs": sorted({verb for verb, _ in pairs}), "kinds": sorted({kind for _, kind in pairs})}


def differences(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> list[tuple[str, str, str]]:
    """Return (field, before, after) for every field that is not the same on both sides."""
    old, new = before or {}, after or {}
    fields = [*old, *(name for name in new if name not in old)]
    told = [(name.replace("_", " "), in_words(old.get(name)), in_words(new.get(name))) for name in fields]
    return [line for line in told if line[1] != line[2]]


def in_words(value: object) -> str:
    """Return a kept value as people read it."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return ", ".join(in_words(part) for part in value)
    if isinstance(value, dict):
        return ", ".join(f"{name}: {in_words(part)}" for name, part in value.items())
    return str(value)


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
