"""Verbs on addresses that get no letters: suppress one, let letters go there again, and ask for a batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from programme.core import audit
from programme.core.refusal import Refusal
from programme.engines.mail.addresses.models import IS_STANDING, Suppression
from programme.engines.mail.addresses.reading.reports import LONGEST_DETAIL, refusal, status_in
from programme.engines.mail.addresses.states import OWN_WISHES, Cause, Meaning
from programme.engines.mail.addresses.suppression.hashing import address_hash
from programme.engines.mail.states import Scope

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.mail.models import OutboxMessage
    from programme.engines.mail.ports import Letter
    from programme.people.permissions import Actor

SCOPES_OF_A_COMPLAINT = (Scope.SERVICE, Scope.MARKETING)
"""Whoever calls a letter unwanted is written to no more of one's own accord: neither news nor what organisers write to
many. What answers them (a place they ask for themselves, its cancellation, a link to sign in) still comes: they would
be lost without it, and it comes only when they ask."""
PERMANENT = 500
STANDING = select(Suppression).where(
    Suppression.address_hash.in_(bindparam("hashes", expanding=True)), Suppression.lifted_at.is_(None)
)
"""Built once: it is asked for every few letters."""


def suppress(
    session: Session,
    address: str,
    *,
    scope: Scope,
    cause: Cause,
    now: datetime,
    detail: str = "",
    message_id: int | None = None,
) -> bool:
    """Let an address get no letters of a scope; False where it does not get them already.

    One statement under a unique index: of two that come at once, one is told False.
    """
    insert = (sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert)(Suppression)
    values = {
        "address_hash": address_hash(address),
        "address": address,
        "scope": scope,
        "cause": cause,
        "detail": detail[:LONGEST_DETAIL],
        "outbox_message_id": message_id,
        "since": now,
    }
    once = insert.values(values).on_conflict_do_nothing(
        index_elements=["address_hash", "scope"], index_where=IS_STANDING
    )
    return session.execute(once.returning(Suppression.id)).first() is not None


def note_refusal(session: Session, row: OutboxMessage, code: int, text: str, now: datetime) -> bool:
    """Suppress the address of a letter that the mail server refused because there is no such address (5.1.x, 5.2.1).

    Any other refusal, and one that does not say its reason by an enhanced code, tells nothing of the address. The text
    is what the server said behind its code.
    """
    status = status_in(text[:20])
    if code < PERMANENT or refusal(status) is not Meaning.HARD:
        return False
    detail = f"{code} {text}"
    return suppress(
        session,
        row.recipient,
        scope=Scope.EVERYTHING,
        cause=Cause.BOUNCED,
        now=now,
        detail=detail,
        message_id=row.id,
    )


def suppressed_among(
    session: Session, messages: Sequence[OutboxMessage], letters: Mapping[str, Letter], now: datetime
) -> dict[int, Suppression]:
    """Return which letters must not go, and why, by the ids of their rows: one statement, however many there are.

    What is between the programme and one person (a link to sign in) goes whatever happened. EVERYTHING stops all the
    rest; SERVICE and MARKETING stop kinds that may be declined in that scope.
    """
    del now
    asked = [row for row in messages if not goes_whatever_happened(row, letters)]
    if not asked:
        return {}
    hashes = {row.id: address_hash(row.recipient) for row in asked}
    found = standing_by_hash(session, hashes.values())
    stops = {row.id: stopping(found.get(hashes[row.id], {}), letters.get(row.letter)) for row in asked}
    return {row_id: stop for row_id, stop in stops.items() if stop is not None}


def goes_whatever_happened(row: OutboxMessage, letters: Mapping[str, Letter]) -> bool:
    """Whether a letter answers whoever asked from an address."""
    letter = letters.get(row.letter)
    return letter is not None and letter.is_for_one_address


def standing_by_hash(session: Session, hashes: Iterable[str]) -> dict[str, dict[Scope, Suppression]]:
    """Return what stands against addresses."""
    found: dict[str, dict[Scope, Suppression]] = {}
    for row in session.scalars(STANDING, {"hashes": list(set(hashes))}):
        found.setdefault(row.address_hash, {})[row.scope] = row
    return found


def stopping(standing: Mapping[Scope, Suppression], letter: Letter | None) -> Suppression | None:
    """Return what stops a kind of letter, of all that stands against an address."""
    declined = standing.get(letter.declinable) if letter is not None and letter.declinable is not None else None
    return standing.get(Scope.EVERYTHING) or declined


def may_lift(actor: Actor, row: Suppression) -> bool:
    """Whether `actor` may lift it, where the address concerns them at all: a wish of its owner is no organiser's."""
    return actor.is_administrator or row.cause not in OWN_WISHES


def stop_by_hand(
    session: Session,
    address: str,
    *,
    scope: Scope,
    why: str,
    actor: Actor,
    now: datetime,
    organisation_id: int | None = None,
) -> None:
    """Write to an address no more, because somebody said so: on the telephone, or as nobody is there any more."""
    if not suppress(session, address, scope=scope, cause=Cause.BY_HAND, now=now, detail=why):
        raise Refusal("This address gets none of these letters already.", field="address")
    row = standing_by_hash(session, [address_hash(address)])[address_hash(address)][scope]
    audit.record(
        session,
        person_id=actor.person_id,
        verb="stop letters to an address",
        subject=("suppression", row.id),
        now=now,
        organisation_id=organisation_id,
        after={"address": address, "letters": scope.value, "because": why},
    )


def lift(
    session: Session, row: Suppression, *, actor: Actor, now: datetime, organisation_id: int | None = None
) -> None:
    """Let letters go to an address again."""
    session.refresh(row, with_for_update=True)
    if row.lifted_at is not None:
        raise Refusal("Letters go to this address again already.")
    if not may_lift(actor, row):
        raise Refusal("Its owner asked for no more of these letters. Only they can take that back.")
    row.lifted_at, row.lifted_by_id = now, actor.person_id
    audit.record(
        session,
        person_id=actor.person_id,
        verb="let letters go to an address again",
        subject=("suppression", row.id),
        now=now,
        organisation_id=organisation_id,
        before={"address": row.address, "letters": row.scope.value, "because": row.cause.value},
    )
    session.flush()


def take_back(session: Session, address: str, *, scope: Scope, now: datetime) -> bool:
    """Let its owner have letters of a scope again; False where nothing stood that is theirs to take back."""
    row = standing_by_hash(session, [address_hash(address)]).get(address_hash(address), {}).get(scope)
    if row is None or row.cause not in OWN_WISHES:
        return False
    row.lifted_at = now
    session.flush()
    return True
