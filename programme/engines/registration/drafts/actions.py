"""Verbs of drafts: begun, saved over the revision that was seen, and let go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select, update

from programme.core.refusal import Refusal
from programme.engines.registration.drafts.links import new_version
from programme.engines.registration.drafts.models import Draft

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

MOST_AN_HOUR = 5
HOUR = timedelta(hours=1)
OFTEN = (
    "This address was sent the links of several forms in the last hour. Look for them in your mail, or try again "
    "later; everything you typed is still here."
)
GONE = "This form was sent or thrown away in another window."
INVITATION = "invitation"
"""Under what a draft keeps the token of the invitation that it was begun by; no field of a form is called so."""


class SavedElsewhereError(Exception):
    """Another window saved the draft since this one was shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What a form held when it was saved: right or wrong, as the browser sent it."""

    name: str
    address: str
    texts: Mapping[str, list[str]]
    asked_as: str


def begin(session: Session, opening_id: int, typed: Typed, *, key: str, person_id: int | None, now: datetime) -> Draft:
    """Keep a form for the first time; `key` is the folded address. Refusal where an address gets too many of them."""
    recent = select(func.count()).where(
        Draft.opening_id == opening_id, Draft.address_key == key, Draft.created_at > now - HOUR
    )
    if (session.scalar(recent) or 0) >= MOST_AN_HOUR:
        raise Refusal(OFTEN)
    row = Draft(
        opening_id=opening_id,
        person_id=person_id,
        address_key=key,
        link_version=new_version(),
        created_at=now,
        saved_at=now,
        **fields(typed),
    )
    session.add(row)
    session.flush()
    return row


def save(session: Session, draft: Draft, typed: Typed, *, key: str, now: datetime) -> None:
    """Keep what a form holds now. Only right on a draft that was locked at the revision that was seen."""
    for name, value in {**fields(typed), "address_key": key, "saved_at": now}.items():
        setattr(draft, name, value)
    session.flush()


def keep_back(session: Session, draft: Draft, typed: Typed, *, key: str, now: datetime) -> None:
    """Keep a draft that was sent and came to nothing, under a new link; the one that is known opens it no more.

    So whoever holds that link sees what they would if it had come to something, and whoever reads the mail of the
    address goes on with it. Only right on a draft that was locked at the revision that was seen.
    """
    draft.person_id, draft.link_version = None, new_version()
    save(session, draft, typed, key=key, now=now)


def seen_draft(session: Session, draft_id: int, *, seen: int) -> Draft:
    """Lock a draft at the revision that was seen, and raise it.

    SavedElsewhereError where another window saved it meanwhile, or sent it or threw it away: compared and raised in one
    statement, so that of two windows one is told, on either database. Whether it is gone, its link tells.
    """
    raised = (
        update(Draft)
        .where(Draft.id == draft_id, Draft.revision == seen)
        .values(revision=Draft.revision + 1)
        .returning(Draft.id)
        .execution_options(synchronize_session=False)
    )
    if session.scalar(raised) is None:
        raise SavedElsewhereError
    return session.get_one(Draft, draft_id, populate_existing=True)


def fields(typed: Typed) -> dict[str, object]:
    """Return the columns of what was typed."""
    texts = {name: list(values) for name, values in typed.texts.items()}
    return {"name": typed.name, "address": typed.address, "texts": texts, "asked_as": typed.asked_as}
