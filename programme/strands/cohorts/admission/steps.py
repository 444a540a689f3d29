"""What My programme says of admission: referees to be named, and applications to be reviewed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy.orm import joinedload

from programme.core.web.words import plural
from programme.engines.registration.models import Registration
from programme.flows.steps.forms import form_step
from programme.flows.steps.step import Act
from programme.strands.cohorts.admission.judging import is_locked
from programme.strands.cohorts.admission.letters.reviews import numbers
from programme.strands.cohorts.admission.referees.queries import lacking
from programme.strands.cohorts.admission.reviewing.queries import reviewing
from programme.strands.cohorts.models import Admission

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.registration.links import Links
    from programme.flows.steps.step import Step
    from programme.strands.cohorts.models import AdmissionReviewer

MOST = 30


@dataclass(frozen=True, slots=True)
class AdmissionSteps:
    """What applicants and reviewers have to do."""

    def steps(self, session: Session, person_id: int, *, links: Links, now: datetime) -> Iterator[Step]:
        """Give a step for each application that lacks referees, and for each call with something left to review."""
        own = lacking().add_columns(Admission.references_by).where(Registration.person_id == person_id)
        for row, wanted_by in session.execute(own.options(joinedload(Registration.opening)).limit(MOST)):
            yield naming_step(row, wanted_by, links.path(row), now=now)
        rows = reviewing(session, person_id)
        left = numbers(session, [row.id for row in rows]) if rows else {}
        for reviewer in rows:
            number = left.get(reviewer.id, 0)
            if number and not is_locked(reviewer.admission.reviews_by, reviewer.open_until, now=now):
                yield reviewing_step(reviewer, number, now=now)


def naming_step(row: Registration, wanted_by: datetime | None, page: str, *, now: datetime) -> Step:
    """Return the step of an application that lacks referees."""
    return form_step(
        row.opening,
        Act("Name your referees", f"{page}/referees"),
        about=f"referees:{row.id}",
        look="pending",
        words="References are wanted",
        why=("Not all your referees are asked yet.",),
        due=wanted_by if wanted_by and wanted_by > now else None,
    )


def reviewing_step(row: AdmissionReviewer, number: int, *, now: datetime) -> Step:
    """Return the step of somebody who reviews."""
    admission = row.admission
    until = row.open_until if row.open_until and row.open_until > now else admission.reviews_by
    return form_step(
        admission.opening,
        Act("Review", f"/reviewing/{admission.id}"),
        about=f"reviewing:{row.id}",
        look="pending",
        words=f"{plural(number, 'application')} to review",
        why=("Before you read each, you say what ties you to the applicant.",),
        due=until if until and until > now else None,
    )


ADMISSION_STEPS = AdmissionSteps()
