"""Letters about references: to referees who are asked, and reminded, and to applicants who have to name some."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from programme.core.web.words import deadline
from programme.engines.mail.outbox import Post, Recipient, post
from programme.engines.mail.ports import Composed, Letter, Purpose
from programme.engines.registration.models import Registration
from programme.flows.notices.places.told import contact_of
from programme.strands.cohorts.admission.letters.described import DESCRIPTIONS
from programme.strands.cohorts.admission.referees.links import ReferenceLinks
from programme.strands.cohorts.admission.referees.queries import REFERENCE, UNDECIDED, admission_of, lacking
from programme.strands.cohorts.admission.states import AWAITED
from programme.strands.cohorts.models import Admission, Reference

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.mail.models import OutboxMessage
    from programme.engines.registration.links import Links

ASKED, DUE, WANTED = "reference_asked", "reference_due", "referees_wanted"
REGISTRATION = "registration"


@dataclass(frozen=True, slots=True)
class Told:
    """What a letter about references says; `by` is empty where no day is set."""

    name: str
    applicant: str
    title: str
    by: str
    contact: str
    link: str
    wanted: int = 0


def tell_asked(session: Session, admission: Admission, row: Reference, *, now: datetime) -> None:
    """Queue the letter that asks a referee."""
    post(session, to_referee(ASKED, admission, row, key=f"{ASKED}:{row.id}:{row.link_version}"), now=now)


def tell_due(session: Session, admission: Admission, row: Reference, *, now: datetime) -> None:
    """Queue the letter that reminds a referee."""
    key = f"{DUE}:{row.id}:{row.link_version}:{now:%Y%m%d%H%M}"
    post(session, to_referee(DUE, admission, row, key=key), now=now)


def tell_wanted(session: Session, admission: Admission, row: Registration, *, now: datetime) -> bool:
    """Queue the letter that asks an applicant to name referees, once a day at most; say whether it is new."""
    recipient = Recipient(row.address, row.name, row.person_id)
    letter = from_lead(WANTED, admission, recipient, (REGISTRATION, row.id), key=f"{WANTED}:{row.id}:{now:%Y%m%d}")
    return post(session, letter, now=now)


def to_referee(letter: str, admission: Admission, row: Reference, *, key: str) -> Post:
    """Return a letter to a referee."""
    return from_lead(letter, admission, Recipient(row.address, row.name), (REFERENCE, row.id), key=key)


def from_lead(letter: str, admission: Admission, to: Recipient, subject: tuple[str, int], *, key: str) -> Post:
    """Return a letter of those who lead the call."""
    name, address = contact_of(admission.opening)
    return Post(
        letter=letter,
        key=key,
        recipient=to,
        subject=subject,
        sender_name=name,
        reply_to=address,
        organisation_id=admission.opening.lead_organisation_id,
        strand=admission.opening.strand,
    )


def compose(session: Session, message: OutboxMessage, *, now: datetime, links: Links) -> Composed | None:
    """Write a letter from what is true now; None where it is not wanted any more."""
    if not still_wanted(session, [message], now=now):
        return None
    if message.letter == WANTED:
        registration = session.get_one(Registration, message.subject_id)
        link = f"{links.url(registration)}/referees"
    else:
        row = session.get_one(Reference, message.subject_id)
        registration = row.registration
        link = ReferenceLinks(links.secret, links.base_url).url(row)
    admission = admission_of(session, registration)
    told = Told(
        name=message.recipient_name,
        applicant=registration.name,
        title=registration.opening.title,
        by=deadline(admission.references_by, now) if admission.references_by else "",
        contact=contact_of(registration.opening)[0],
        link=link,
        wanted=admission.references_wanted,
    )
    return Composed({"it": told})


def still_wanted(session: Session, messages: Sequence[OutboxMessage], *, now: datetime) -> Collection[int]:
    """Return the ids of letters about what is still waited for."""
    del now
    own = {row.subject_id or 0 for row in messages if row.letter == WANTED}
    asked = {row.subject_id or 0 for row in messages if row.letter != WANTED}
    still = waited_for(session, asked) if asked else set()
    lacking = lacking_among(session, own) if own else set()
    return [row.id for row in messages if (row.subject_id or 0) in (lacking if row.letter == WANTED else still)]


def waited_for(session: Session, ids: Collection[int]) -> set[int]:
    """Return which references are waited for."""
    joined = select(Reference.id).join(Registration, Registration.id == Reference.registration_id)
    waits = joined.where(Reference.id.in_(ids), Reference.state.in_(AWAITED), Registration.state.in_(UNDECIDED))
    return set(session.scalars(waits))


def lacking_among(session: Session, ids: Collection[int]) -> set[int]:
    """Return which of some applications lack referees still."""
    return set(session.scalars(lacking().where(Registration.id.in_(ids)).with_only_columns(Registration.id)))


def example(letter: str) -> Mapping[str, Any]:
    """Return invented variables: the preview of a kind of letter."""
    site = "https://programme.example.ac.uk"
    own = letter == WANTED
    told = Told(
        name="Alice Aldgrove" if own else "Prof Rowan Redmire",
        applicant="Alice Aldgrove",
        title="Corridor Doctoral Award: apply for 2027",
        by="Friday 5 March, 17:00 GMT",
        contact="Olga Oakhurst",
        link=f"{site}/registrations/1-example/referees" if own else f"{site}/references/1-example",
        wanted=2,
    )
    return {"it": told}


KINDS = {
    ASKED: "A reference is asked for",
    DUE: "A reference is waited for",
    WANTED: "Name your referees",
}


def letters(links: Links) -> tuple[Letter, ...]:
    """Return the kinds of letter about references."""
    write = partial(compose, links=links)
    return tuple(
        Letter(
            name,
            title,
            Purpose.SERVICE,
            write,
            partial(example, name),
            still_wanted=still_wanted,
            description=DESCRIPTIONS[name],
        )
        for name, title in KINDS.items()
    )
