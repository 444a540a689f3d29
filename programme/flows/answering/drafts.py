"""Long forms that are saved as one goes: begun with a letter that holds the link, saved, reminded of, and sent."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from programme.core.refusal import Refusal
from programme.engines.documents.actions import forget_others, put_to
from programme.engines.registration import terms
from programme.engines.registration.actions import Happened
from programme.engines.registration.drafts import actions
from programme.engines.registration.drafts.keeping import DRAFT, let_go
from programme.engines.registration.drafts.queries import to_remind
from programme.engines.registration.eligibility.checking import NotListedError
from programme.engines.registration.queries import terms_of
from programme.flows.notices.drafts import tell_begun, tell_waiting
from programme.flows.registering import sign_up
from programme.people.affiliations import address_key

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.registration.drafts.actions import Typed
    from programme.engines.registration.drafts.models import Draft
    from programme.engines.registration.models import Opening
    from programme.engines.registration.openings.known import KnownOpening
    from programme.flows.registering import SignedUp, SignUp
    from programme.people.permissions import Actor

    Files = Mapping[int, tuple[str, str]]

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Kept:
    """A draft that was saved, and whether its link went out by mail."""

    draft: Draft
    is_own: bool


@dataclass(frozen=True, slots=True)
class Sent:
    """A draft's form as it was sent: as it is judged, as it was typed, and its files, tokens and names by question."""

    sign_up: SignUp
    typed: Typed
    files: Files


def begin_draft(session: Session, opening: Opening, typed: Typed, files: Files, *, actor: Actor, now: datetime) -> Kept:
    """Keep a form for the first time, and send its link to the address, unless its person is signed in.

    `files` are tokens and names by question. Refusal where registration is not open: there is nothing to go on with.
    """
    refuse_closed(opening, now=now)
    key = address_key(typed.address)
    is_own = actor.is_signed_in and key == address_key(actor.address)
    person_id = actor.person_id if is_own else None
    draft = actions.begin(session, opening.id, typed, key=key, person_id=person_id, now=now)
    hold(session, draft, files, now=now)
    tell_begun(session, draft, opening, now=now)
    return Kept(draft, is_own)


def save_draft(session: Session, draft_id: int, typed: Typed, files: Files, *, seen: int, now: datetime) -> Draft:
    """Keep what a form holds now, over the revision that was seen; SavedElsewhereError where another came meanwhile.

    To another address the link is sent anew.
    """
    draft, key = actions.seen_draft(session, draft_id, seen=seen), address_key(typed.address)
    before = draft.address_key
    actions.save(session, draft, typed, key=key, now=now)
    draft.person_id = draft.person_id if key == before else None
    hold(session, draft, files, now=now)
    if key != before:
        tell_begun(session, draft, draft.opening, now=now)
    return draft


def hold(session: Session, draft: Draft, files: Files, *, now: datetime) -> None:
    """Let a draft hold its files, and forget those that it holds no more."""
    for question, (token, name) in files.items():
        put_to(session, token, subject=(DRAFT, draft.id), part=question, name=name)
    forget_others(session, (DRAFT, draft.id), kept=[token for token, _ in files.values()], now=now)


def send_draft(
    session: Session,
    draft: Draft,
    sent: Sent,
    *,
    seen: int,
    known: KnownOpening,
    actor: Actor,
    now: datetime,
) -> SignedUp:
    """Register by a draft, which is gone then for whoever holds its link, whatever came of it.

    Everything is judged as any form that is sent; a refusal leaves the draft as it was. Where its address is on no
    list, or registered already and not that of whoever is signed in, the draft goes on under a new link, which that
    address alone gets. Who is signed in under the address keeps the draft of what they are registered for already.
    """
    actions.seen_draft(session, draft.id, seen=seen)
    try:
        found = sign_up(
            session, known.opening.id, replace(sent.sign_up, draft_id=draft.id), actor=actor, now=now, known=known
        )
    except NotListedError:
        keep_back(session, draft, sent, now=now)
        raise
    if found.happened is not Happened.ALREADY:
        let_go(session, [draft.id], now=now)
    elif not found.is_own:
        keep_back(session, draft, sent, now=now)
        tell_begun(session, draft, known.opening, now=now)
    return found


def keep_back(session: Session, draft: Draft, sent: Sent, *, now: datetime) -> None:
    """Keep a draft under a new link, with what it held when it was sent, in as many statements as it takes to go."""
    forget_others(session, (DRAFT, draft.id), kept=[token for token, _ in sent.files.values()], now=now)
    actions.keep_back(session, draft, sent.typed, key=address_key(sent.typed.address), now=now)


def refuse_closed(opening: Opening, *, now: datetime) -> None:
    """Refuse where the window is not open."""
    where = terms.window(terms_of(opening), now)
    if where is not terms.Window.OPEN:
        raise Refusal(terms.SENTENCES[where])


def remind_of_drafts(session: Session, now: datetime) -> int:
    """Queue the letters about drafts whose opening closes soon; once for each closing."""
    rows = session.scalars(to_remind(now, limit=AT_ONCE)).all()
    for draft in rows:
        tell_waiting(session, draft, now=now)
        draft.reminded_of = draft.opening.closes_at
    session.flush()
    return len(rows)
