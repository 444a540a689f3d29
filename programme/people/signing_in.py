"""Signing in by an e-mailed link: asked for, confirmed once, and the browsers that are signed in since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, or_, select, update

from programme.core.refusal import Refusal
from programme.core.tokens import new_token, token_hash
from programme.core.web.forms import LONGEST_LINE, normal_address
from programme.people.affiliations import address_key, person_for, person_of, prove_address
from programme.people.identity import SIGNED_IN_FOR
from programme.people.models import BrowserSession, Person, SignInLink

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.engine import Engine
    from sqlalchemy.orm import Session

LINK_LASTS = timedelta(minutes=15)
LONGEST_PATH = 500
MARKED_EVERY = timedelta(minutes=10)
LINKS_KEPT = timedelta(days=1)

UNKNOWN_LINK = "This link is not complete. Copy the whole address from the e-mail, or ask for a new link."
USED_LINK = "This link was used already. Each link signs in once; ask for a new one."
ENDED_LINK = "This link has ended: each lasts 15 minutes. Ask for a new one."


@dataclass(frozen=True, slots=True)
class Asked:
    """A link that was asked for, with its secret, which is kept nowhere; `person` is empty where nobody is known."""

    link: SignInLink
    token: str
    person: Person | None

    @property
    def path(self) -> str:
        """Return the path that goes into the letter."""
        return f"/sign-in/{self.token}"


def ask(session: Session, address: str, *, next_path: str, now: datetime) -> Asked:
    """Make a link for `address`, known or not: the work is the same, so that nobody can tell which.

    Raises Refusal where the text cannot be an address.
    """
    person = person_of(session, key=address_key(address))
    token = new_token()
    link = SignInLink(
        token_hash=token_hash(token),
        person_id=person.id if person else None,
        address=person.address if person else normal_address(address.strip()),
        next_path=next_path if len(next_path) <= LONGEST_PATH else "",
        created_at=now,
        expires_at=now + LINK_LASTS,
    )
    session.add(link)
    session.flush()
    return Asked(link, token, person)


def usable_link(session: Session, token: str, *, now: datetime) -> SignInLink:
    """Return the link of `token` while it can sign in; Refusal says why it cannot."""
    link = session.scalar(select(SignInLink).where(SignInLink.token_hash == token_hash(token)))
    if link is None:
        raise Refusal(UNKNOWN_LINK)
    if link.used_at is not None:
        raise Refusal(USED_LINK)
    if link.expires_at <= now:
        raise Refusal(ENDED_LINK)
    return link


def confirm(session: Session, token: str, *, name: str, browser: str, now: datetime) -> tuple[BrowserSession, str]:
    """Sign a browser in by its link, once, and return it with the secret for its cookie.

    Whoever holds the link reads mail at its address, so the address counts as proved. A person nobody knew yet is
    made here, with `name`.
    """
    link = usable_link(session, token, now=now)
    use_up(session, link, now=now)
    person = owner(session, link, name=name, now=now)
    prove_address(session, person, now=now)
    person.signed_in_at = now
    return open_browser(session, person, browser=browser, now=now)


def use_up(session: Session, link: SignInLink, *, now: datetime) -> None:
    """Mark the link used; of two at once one is refused."""
    unused = update(SignInLink).where(SignInLink.id == link.id, SignInLink.used_at.is_(None))
    if session.execute(unused.values(used_at=now).returning(SignInLink.id)).first() is None:
        raise Refusal(USED_LINK)


def owner(session: Session, link: SignInLink, *, name: str, now: datetime) -> Person:
    """Return whose link it is; made now where nobody was known when it was asked for."""
    known = session.get(Person, link.person_id) if link.person_id is not None else None
    person = known or person_for(session, address=link.address, name=name, now=now)
    if not person.name:
        person.name = " ".join(name.split())[:LONGEST_LINE]
    return person


def open_browser(session: Session, person: Person, *, browser: str, now: datetime) -> tuple[BrowserSession, str]:
    """Add a signed-in browser."""
    secret = new_token()
    row = BrowserSession(
        token_hash=token_hash(secret),
        person_id=person.id,
        person=person,
        browser=browser[:LONGEST_LINE],
        created_at=now,
        last_seen_at=now,
    )
    session.add(row)
    session.flush()
    return row, secret


def open_browsers(session: Session, person_id: int, *, now: datetime) -> Sequence[BrowserSession]:
    """Return the browsers signed in as this person, the one seen last first."""
    return session.scalars(
        select(BrowserSession)
        .where(
            BrowserSession.person_id == person_id,
            BrowserSession.revoked_at.is_(None),
            BrowserSession.created_at > now - SIGNED_IN_FOR,
        )
        .order_by(BrowserSession.last_seen_at.desc(), BrowserSession.id.desc())
    ).all()


def revoke(session: Session, session_id: int, *, person_id: int, now: datetime) -> None:
    """Sign one browser of this person out; Refusal where there is no such browser."""
    row = session.get(BrowserSession, session_id)
    if row is None or row.person_id != person_id:
        raise Refusal("That browser is not signed in any more.")
    row.revoked_at = row.revoked_at or now


def revoke_all_others(session: Session, *, person_id: int, kept: int | None, now: datetime) -> int:
    """Sign every browser of this person out but the one `kept`; return how many."""
    others = [row for row in open_browsers(session, person_id, now=now) if row.id != kept]
    for row in others:
        row.revoked_at = now
    return len(others)


def mark_seen(engine: Engine, session_id: int, *, seen_at: datetime, now: datetime) -> bool:
    """Note that a browser was here, in a short transaction of its own, at most every ten minutes."""
    if now - seen_at < MARKED_EVERY:
        return False
    with engine.execution_options(begin="IMMEDIATE").begin() as connection:
        connection.execute(update(BrowserSession).where(BrowserSession.id == session_id).values(last_seen_at=now))
    return True


def forget_old(session: Session, *, now: datetime) -> None:
    """Delete links a day after their end, and browsers thirty days after they were signed out or ended."""
    gone = now - SIGNED_IN_FOR
    session.execute(delete(SignInLink).where(SignInLink.expires_at < now - LINKS_KEPT))
    ended = or_(BrowserSession.revoked_at < gone, BrowserSession.created_at < gone - SIGNED_IN_FOR)
    session.execute(delete(BrowserSession).where(ended))
