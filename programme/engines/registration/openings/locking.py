"""An opening's lock, and the one look at what a newcomer's place depends on: few statements, as others wait."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, text, update

from programme.engines.registration.models import Opening
from programme.engines.registration.openings.counted import Origins, counted, recalled
from programme.engines.registration.places import Tally, tally_from
from programme.engines.registration.states import HOLDING, LIVE, RegistrationState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Row, TextClause
    from sqlalchemy.orm import Session

    from programme.engines.registration.places import Guarantee, Size

Parts = tuple[tuple[object, ...], ...]

UNDECIDED = (RegistrationState.WAITLISTED, RegistrationState.PENDING)
COUNTED = (*HOLDING, *UNDECIDED)
COLUMNS = tuple(column for column in Opening.__table__.columns if column.name != "revision")
NAMES = (*(column.name for column in COLUMNS), "revision")
RAISED = (
    update(Opening.__table__)  # type: ignore[arg-type]
    .where(Opening.id == bindparam("opening_id"))
    .values(revision=Opening.revision + 1)
    .returning(*COLUMNS, Opening.revision)
)
VERSIONS = (
    "SELECT 'event', event.id, event.version FROM opening_event JOIN event ON event.id = opening_event.event_id"
    " WHERE opening_event.opening_id = :opening_id"
    " UNION ALL SELECT 'trail', max(id), 0 FROM audit_entry WHERE subject_kind = 'opening' AND subject_id = :opening_id"
)
AROUND = "trail of everything"
PARTS = text(f"{VERSIONS} UNION ALL SELECT '{AROUND}', max(id), 0 FROM audit_entry")  # noqa: S608
FORMER = "former"
LIVING, SPENT = 1, 2
"""Whether the same form was sent before: for a registration that lives, or for one that has ended since."""


def words(states: Iterable[RegistrationState]) -> str:
    """Return states as a list in SQL."""
    return ", ".join(f"'{state}'" for state in sorted(states))


def look_at_former() -> str:
    """Return the statement of `look` that counts nobody.

    A person has few registrations and an opening many: the plus keeps SQLite from going through the opening's.
    """
    alive = words(LIVE)
    former = (
        f"SELECT '{FORMER}', id, CASE WHEN form_key = :form_key THEN"  # noqa: S608  our own words
        f" CASE WHEN state IN ({alive}) THEN {LIVING} ELSE {SPENT} END ELSE 0 END FROM registration"
        f" WHERE +opening_id = :opening_id AND person_id = :person_id"
        f" AND (state IN ({alive}) OR form_key = :form_key)"
    )
    return f"{VERSIONS} UNION ALL {former}"


def look_counting(states: Iterable[RegistrationState]) -> TextClause:
    """Return the statement of `look` that counts the registrations in `states`, whoever they count for."""
    counts = (
        f"SELECT state, sum(heads), 0 FROM registration WHERE opening_id = :opening_id"  # noqa: S608  our own words
        f" AND state IN ({words(states)}) AND leaves_at IS NULL GROUP BY state"
    )
    return text(f"{look_at_former()} UNION ALL {counts}")


UNCOUNTED = text(look_at_former())
UNDECIDED_COUNTED = look_counting(UNDECIDED)


class StaleError(Exception):
    """What was known of an opening is not so any more: know it afresh, and begin again."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What a newcomer's place depends on: versions of what is known, what they sent before, and what is taken.

    `same` is the id of the live registration of the same form, `former` that of the person's live one. A form is spent
    when what it made has ended: sent once more, it is a new wish.
    """

    parts: Parts
    same: int | None
    former: int | None
    is_spent: bool
    counts: Origins

    def tally(
        self,
        *,
        capacity: int | None,
        chairs: int | None,
        guarantees: Iterable[Guarantee],
        sizes: Iterable[Size] = (),
    ) -> Tally:
        """Return what is taken; without a limit nobody who has a place is counted."""
        heads = [(state, home, number) for state, home, _, number in self.counts]
        return tally_from(heads, capacity=capacity, chairs=chairs, guarantees=guarantees, sizes=sizes)


def raise_revision(session: Session, opening_id: int) -> Row[Any]:
    """Raise an opening's revision, and return what its row says now, the revision last.

    Nobody else gets past this statement until the transaction ends: it is the lock.
    """
    return session.execute(RAISED, {"opening_id": opening_id}).one()


def parts_of(session: Session, opening_id: int) -> Parts:
    """Return the versions of an opening's events, and the last entries of the trail.

    Organisers' verbs upon an opening write to the trail under its lock, so its own last entry misses none of them;
    what is not under that lock (an organisation's name, the dates of terms) shows in the last entry of all. That one
    matters to what is shown only: nothing is decided by it, or every entry anywhere would stop a sign-up.
    """
    return sorted_parts(session.execute(PARTS, {"opening_id": opening_id}))


def sorted_parts(rows: Iterable[Any]) -> Parts:
    """Return versions in an order that does not depend on the database."""
    return tuple(sorted(tuple(row) for row in rows))


def decisive(parts: Parts) -> Parts:
    """Return those versions that a decision depends on."""
    return tuple(part for part in parts if part[0] != AROUND)


def look(session: Session, opening: Opening, *, person_id: int, form_key: str | None) -> Looked:
    """Look at everything that a newcomer's place depends on, in one statement, or two or three with a limit."""
    has_limit = opening.capacity is not None
    kept = (recalled(session, opening.id) or counted(session, opening.id, COUNTED)) if has_limit else None
    statement = UNCOUNTED if has_limit else UNDECIDED_COUNTED
    values = {"opening_id": opening.id, "person_id": person_id, "form_key": form_key}
    rows = session.execute(statement, values).all()
    former = sorted((row for row in rows if row[0] == FORMER), key=lambda row: -row[1])
    undecided: Origins = [(RegistrationState(row[0]), None, None, int(row[1])) for row in rows if row[0] in COUNTED]
    return Looked(
        sorted_parts(row for row in rows if row[0] != FORMER and row[0] not in COUNTED),
        next((row[1] for row in former if row[2] == LIVING), None),
        next((row[1] for row in former if row[2] != SPENT), None),
        any(row[2] == SPENT for row in former),
        undecided if kept is None else kept,
    )
