"""A call for a cohort with an application, a reference that is asked for, and a reviewer."""

from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core import clock
from programme.demo import people
from programme.people.identity import actor_of
from programme.people.models import Organisation, Person
from programme.strands.cohorts.admission.reviewing.actions import declare
from programme.strands.cohorts.admission.states import Conflict
from tests.factories import admissions
from tests.factories.cast import Cast

MONTH = timedelta(days=30)


def examples(app: Flask, session: Session) -> dict[str, str]:
    """Return the numbers and secrets of an application; the participant of the examples reviews it."""
    cast, now = performers(session), clock.now()
    by: dict[str, Any] = {"closes_at": now + MONTH, "references_by": now + MONTH, "reviews_by": now + 2 * MONTH}
    call = admissions.call(session, cast, now=now, **by)
    row = admissions.apply(session, call, cast.bob, wishes=cast.oxford, now=now)
    rowan, _ = admissions.asked(session, row, now=now)
    to: dict[str, Any] = {"address": cast.alice.address, "university": cast.liverpool, "now": now}
    reviewer = admissions.reviewer(session, call, cast, **to)
    review = admissions.given(session, row, reviewer, cast, now=now)
    declare(session, review.id, Conflict.NONE, words="", actor=actor_of(cast.alice), now=now)
    return {
        "called_cohort_id": str(call.cohort_id),
        "admission_id": str(call.id),
        "reviewer_id": str(reviewer.id),
        "review_id": str(review.id),
        "application_id": str(row.id),
        "reference_token": app.extensions["reference_links"].token(rowan),
        "referees_token": app.extensions["links"].token(row),
    }


def performers(session: Session) -> Cast:
    """Return people of the demonstration in the parts of the cast."""
    places = {row.slug: row for row in session.scalars(select(Organisation))}
    parts = {
        "alice": people.RESEARCHERS[0],
        "bob": people.RESEARCHERS[1],
        "olga": people.LIVERPOOL_ORGANISER,
        "omar": people.OXFORD_ORGANISER,
        "charlie": people.RESEARCHERS[2],
        "ada": people.ADMINISTRATOR,
    }
    who = {
        part: session.scalars(select(Person).where(Person.address == one.address)).one() for part, one in parts.items()
    }
    return Cast(liverpool=places["liverpool"], oxford=places["oxford"], council=places["oxfordshire"], **who)
