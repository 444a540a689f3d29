"""That somebody looked at others: for a list one entry of the trail that knows whom it showed, or one application's.

Pages are read in a transaction that cannot write: each note has a short one of its own, and is written before the
page is shown. Of one record `guarding` notes it.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from programme.core import audit
from programme.core.database import begin_writing
from programme.extensions import db
from programme.strands.cohorts.queries import COHORT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from programme.engines.registration.models import Registration
    from programme.people.permissions import Actor
    from programme.strands.cohorts.models import Admission, Candidature

Seen = tuple[str, int, int]
"""What was looked at: its kind, its id, and the organisation that leads it."""
ADMISSION, REGISTRATION = "admission", "registration"
SHOWN = "shown"
"""Under this an entry keeps the ids of those whom a list showed."""


def note_researchers(shown: Iterable[Candidature | None], who: Actor, *, verb: str, now: datetime) -> None:
    """Note that a list showed researchers, once for each of their cohorts; the reader's own record is no look."""
    found: dict[Seen, set[int]] = defaultdict(set)
    for row in shown:
        if row is not None and row.person_id != who.person_id:
            found[COHORT, row.cohort_id, row.cohort.award.lead_organisation_id].add(row.id)
    write(found, who, verb=verb, now=now)


def note_applicants(
    admission: Admission, shown: Iterable[tuple[int, int | None]], who: Actor, *, verb: str, now: datetime
) -> None:
    """Note that a list showed who applies: (id of the registration, id of the person) of each."""
    others = {number for number, person_id in shown if person_id != who.person_id}
    call = (ADMISSION, admission.id, admission.opening.lead_organisation_id)
    write({call: others} if others else {}, who, verb=verb, now=now)


def note_application(row: Registration, who: Actor, *, verb: str, now: datetime) -> None:
    """Note that somebody looked at one application."""
    write({(REGISTRATION, row.id, row.opening.lead_organisation_id): set()}, who, verb=verb, now=now)


def write(seen: Mapping[Seen, set[int]], who: Actor, *, verb: str, now: datetime) -> None:
    """Write an entry for each thing that was looked at, all of them in one statement."""
    if not seen:
        return
    leads = {(kind, number): lead for kind, number, lead in sorted(seen)}
    shown = {(kind, number): {SHOWN: sorted(ids)} for (kind, number, _), ids in seen.items() if ids}
    with Session(db.engine) as session:
        begin_writing(session)
        audit.record_each(session, leads, person_id=who.person_id, verb=verb, now=now, after=shown)
        session.commit()
