"""The letter to reviewers: applications wait for them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from programme.core.web.words import deadline
from programme.engines.mail.outbox import Post, Recipient, post
from programme.engines.mail.ports import Composed, Letter, Purpose
from programme.engines.registration.models import Registration
from programme.flows.notices.places.told import contact_of
from programme.strands.cohorts.admission.letters.described import DESCRIPTIONS
from programme.strands.cohorts.admission.referees.queries import UNDECIDED
from programme.strands.cohorts.admission.reviewing.conflicts import place_of
from programme.strands.cohorts.admission.states import Place
from programme.strands.cohorts.models import AdmissionCriterion, AdmissionReviewer, Review, ReviewScore

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.mail.models import OutboxMessage
    from programme.engines.registration.links import Links
    from programme.strands.cohorts.models import Admission

WAITING, REVIEWER = "reviews_waiting", "admission_reviewer"


@dataclass(frozen=True, slots=True)
class Told:
    """What the letter says; `by` is empty where no end is set."""

    name: str
    title: str
    by: str
    contact: str
    link: str
    number: int = 0


def tell_waiting(session: Session, admission: Admission, row: AdmissionReviewer, *, now: datetime) -> bool:
    """Queue the letter, once an hour at most; say whether it is new."""
    name, address = contact_of(admission.opening)
    person = row.person
    letter = Post(
        letter=WAITING,
        key=f"{WAITING}:{row.id}:{now:%Y%m%d%H}",
        recipient=Recipient(person.address, person.name, person.id),
        subject=(REVIEWER, row.id),
        sender_name=name,
        reply_to=address,
        organisation_id=admission.opening.lead_organisation_id,
        strand=admission.opening.strand,
    )
    return post(session, letter, now=now)


def compose(session: Session, message: OutboxMessage, *, now: datetime, base_url: str) -> Composed | None:
    """Write the letter from what is true now; None where nothing is left to do."""
    waiting = numbers(session, [message.subject_id or 0])
    row = session.get(AdmissionReviewer, message.subject_id or 0)
    if row is None or not waiting.get(row.id):
        return None
    admission = row.admission
    told = Told(
        name=message.recipient_name,
        title=admission.opening.title,
        by=deadline(admission.reviews_by, now) if admission.reviews_by and admission.reviews_by > now else "",
        contact=contact_of(admission.opening)[0],
        link=f"{base_url}/reviewing/{admission.id}",
        number=waiting[row.id],
    )
    return Composed({"it": told})


def numbers(session: Session, ids: Collection[int]) -> dict[int, int]:
    """Return how many applications wait for reviewers, by reviewer."""
    scored = select(func.count()).where(ReviewScore.review_id == Review.id).scalar_subquery()
    criteria = (
        select(func.count())
        .where(AdmissionCriterion.admission_id == AdmissionReviewer.admission_id, AdmissionCriterion.weight > 0)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Review.reviewer_id, Review.conflict, Review.ruling, scored < criteria)
        .join(AdmissionReviewer, AdmissionReviewer.id == Review.reviewer_id)
        .join(Registration, Registration.id == Review.registration_id)
        .where(Review.reviewer_id.in_(ids), Registration.state.in_(UNDECIDED))
    )
    found: dict[int, int] = {}
    for reviewer, conflict, ruling, lacks in rows:
        place = place_of(conflict, ruling)
        if place is Place.TO_DECLARE or (place is Place.OPEN and lacks):
            found[reviewer] = found.get(reviewer, 0) + 1
    return found


def still_wanted(session: Session, messages: Sequence[OutboxMessage], *, now: datetime) -> Collection[int]:
    """Return the ids of letters to reviewers who have something left to do."""
    del now
    waiting = numbers(session, {row.subject_id or 0 for row in messages})
    return [row.id for row in messages if waiting.get(row.subject_id or 0)]


def example() -> Mapping[str, Any]:
    """Return invented variables: the preview of the letter."""
    told = Told(
        name="Prof Rowan Redmire",
        title="Corridor Doctoral Award: apply for 2027",
        by="Friday 19 March, 17:00 GMT",
        contact="Olga Oakhurst",
        link="https://programme.example.ac.uk/reviewing/1",
        number=4,
    )
    return {"it": told}


def letters(links: Links) -> tuple[Letter, ...]:
    """Return the kind of letter."""
    write = partial(compose, base_url=links.base_url)
    return (
        Letter(
            WAITING,
            "Applications wait for your review",
            Purpose.SERVICE,
            write,
            example,
            still_wanted=still_wanted,
            description=DESCRIPTIONS[WAITING],
        ),
    )
