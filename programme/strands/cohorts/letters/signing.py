"""Letters about signatures: one is asked for, one was given or refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, tuple_
from sqlalchemy.orm import joinedload

from programme.engines.calendar.times import london_day
from programme.engines.mail.ports import Composed, Letter, Purpose
from programme.strands.cohorts.letters.described import DESCRIPTIONS
from programme.strands.cohorts.models import Candidature, Cohort, FundingAward, Signature
from programme.strands.cohorts.signing.queries import described, key_of
from programme.strands.cohorts.signing.standing import waits
from programme.strands.cohorts.signing.telling import ANSWERED, ASKED, stamp
from programme.strands.cohorts.states import SignatureState
from programme.strands.cohorts.supervising.words import SIGNERS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.mail.models import OutboxMessage
    from programme.strands.cohorts.signing.links import SignatureLinks
    from programme.strands.cohorts.signing.ports import Described, SignedThings

GIVEN = (SignatureState.AGREED, SignatureState.REFUSED)


@dataclass(frozen=True, slots=True)
class Said:
    """One answer, as the letter to whoever asked tells it."""

    title: str
    about: str
    agreed: bool
    reason: str = ""


def compose_asked(
    session: Session, message: OutboxMessage, *, now: datetime, links: SignatureLinks, things: SignedThings
) -> Composed | None:
    """Write the letter that asks; None where it is answered, ended, or of somebody who signs no more."""
    rows = asked_still(session, [message], things, now=now)
    if message.id not in rows:
        return None
    row, it = rows[message.id]
    asker = row.asked_by
    return Composed(
        {
            "name": message.recipient_name,
            "title": it.title,
            "about": it.about,
            "asker": (asker.name or asker.address) if asker else "",
            "signer": SIGNERS[row.signer],
            "due_on": it.due_on,
            "contact": row.candidature.cohort.award.lead_organisation.name,
            "sign_url": links.url(row),
        }
    )


def asked_still(
    session: Session, messages: Sequence[OutboxMessage], things: SignedThings, *, now: datetime
) -> dict[int, tuple[Signature, Described]]:
    """Return what letters that ask are about, by the letter's id, where it is still asked for by that link."""
    asked = {message.id: message.subject_id or 0 for message in messages}
    record = joinedload(Signature.candidature).joinedload(Candidature.cohort).joinedload(Cohort.award)
    found = select(Signature).where(Signature.id.in_(set(asked.values())), waits(london_day(now)))
    loaded = (record.joinedload(FundingAward.lead_organisation), joinedload(Signature.asked_by))
    rows = {row.id: row for row in session.scalars(found.options(*loaded))} if asked else {}
    told = described(session, rows.values(), things)
    return {
        message.id: (row, told[key_of(row)])
        for message in messages
        for row in [rows.get(message.subject_id or 0)]
        if row and key_of(row) in told and message.context.get("version") == row.link_version
    }


def asked_wanted(
    session: Session, messages: Sequence[OutboxMessage], *, now: datetime, things: SignedThings
) -> Collection[int]:
    """Return the ids of letters whose signature is still waited for."""
    return asked_still(session, messages, things, now=now).keys()


def compose_answered(
    session: Session, message: OutboxMessage, *, now: datetime, links: SignatureLinks, things: SignedThings
) -> Composed | None:
    """Write the letter that tells what somebody answered at one instant; None where nothing of it stands."""
    del now
    rows = answered_still(session, [message], things).get(message.id, [])
    if not rows:
        return None
    first, it = rows[0]
    person = first.person
    said = [Said(one.title, one.about, row.state is SignatureState.AGREED, row.reason) for row, one in rows]
    record = {"path": it.path, "contact": first.candidature.cohort.award.lead_organisation.name}
    return Composed(variables(message.recipient_name, person.name or person.address, said, record, links.base_url))


def variables(name: str, who: str, said: Sequence[Said], record: Mapping[str, str], base_url: str) -> dict[str, Any]:
    """Return what the letter about an answer is written from."""
    return {
        "name": name,
        "who": who,
        "it": said[0],
        "said": said,
        "refused": any(not one.agreed for one in said),
        "record_url": f"{base_url}{record['path']}",
        "contact": record["contact"],
    }


def answered_still(
    session: Session, messages: Sequence[OutboxMessage], things: SignedThings
) -> dict[int, list[tuple[Signature, Described]]]:
    """Return the answers that letters tell of, by the letter's id: those that stand as they were given."""
    first = {message.id: message.subject_id or 0 for message in messages}
    same = (Signature.candidature_id, Signature.subject_kind, Signature.person_id, Signature.answered_at)
    together = select(*same).where(Signature.id.in_(set(first.values())), Signature.state.in_(GIVEN))
    record = joinedload(Signature.candidature).joinedload(Candidature.cohort).joinedload(Cohort.award)
    found = select(Signature).where(tuple_(*same).in_(together), Signature.state.in_(GIVEN)).order_by(Signature.id)
    loaded = (record.joinedload(FundingAward.lead_organisation), joinedload(Signature.person))
    rows = session.scalars(found.options(*loaded)).all() if first else []
    told = described(session, rows, things)
    by_id = {row.id: row for row in rows}
    return {
        message.id: [(row, told[key_of(row)]) for row in rows if same_act(row, one) and key_of(row) in told]
        for message in messages
        for one in [by_id.get(message.subject_id or 0)]
        if one and message.context.get("answered_at") == stamp(one)
    }


def same_act(row: Signature, other: Signature) -> bool:
    """Whether two were answered at once, by the same person in the same record."""
    mine, theirs = (
        (it.candidature_id, it.subject_kind, it.person_id, it.answered_at, it.asked_by_id) for it in (row, other)
    )
    return mine == theirs


def answered_wanted(
    session: Session, messages: Sequence[OutboxMessage], *, now: datetime, things: SignedThings
) -> Collection[int]:
    """Return the ids of letters of which an answer still stands."""
    del now
    return [one for one, rows in answered_still(session, messages, things).items() if rows]


def example_asked() -> Mapping[str, Any]:
    """Return invented variables: the preview of the letter that asks."""
    return {
        "name": "Quillan Harbourne",
        "title": "Joint supervision agreement",
        "about": "Alice Aldgrove",
        "asker": "Olga Oakhurst",
        "signer": "supervisor",
        "due_on": date(2027, 3, 3),
        "contact": "University of Liverpool",
        "sign_url": "https://programme.example.ac.uk/signatures/1-example",
    }


def example_answered() -> Mapping[str, Any]:
    """Return invented variables: the preview of the letter about an answer."""
    said = [Said("Joint supervision agreement", "Alice Aldgrove", agreed=True)]
    record = {"path": "/records/1/supervision", "contact": "University of Liverpool"}
    return variables("Olga Oakhurst", "Quillan Harbourne", said, record, "https://programme.example.ac.uk")


def letters(links: SignatureLinks, things: SignedThings) -> tuple[Letter, ...]:
    """Return the kinds of letter about signatures."""
    return (
        Letter(
            ASKED,
            "Your signature is asked for",
            Purpose.SERVICE,
            partial(compose_asked, links=links, things=things),
            example_asked,
            still_wanted=partial(asked_wanted, things=things),
            description=DESCRIPTIONS[ASKED],
        ),
        Letter(
            ANSWERED,
            "A signature was given or refused",
            Purpose.SERVICE,
            partial(compose_answered, links=links, things=things),
            example_answered,
            still_wanted=partial(answered_wanted, things=things),
            description=DESCRIPTIONS[ANSWERED],
        ),
    )
