"""Putting a kind of letter into an installation's own words, and back into the original ones."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.core import audit
from programme.core.refusal import Refusal
from programme.engines.mail.wording.passages import flaws, tidy
from programme.engines.mail.written.models import Wording
from programme.people.models import Installation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.mail.ports import Letter
    from programme.engines.mail.wording.passages import Passage
    from programme.people.permissions import Actor

MEANWHILE = (
    "Somebody changed this letter while you wrote. What they wrote stands under each part; save again to put yours in"
    " its place."
)


def wording_in_force(session: Session, letter: Letter) -> dict[str, Wording]:
    """Return the passages of a kind that are in this installation's own words."""
    names = [passage.name for passage in letter.description.passages]
    rows = session.scalars(select(Wording).where(Wording.letter == letter.name, Wording.passage.in_(names)))
    return {row.passage: row for row in rows}


def mark_of(own: Iterable[Wording]) -> str:
    """Return a mark of the words in force: a form says by it what it was made from."""
    told = sorted((row.passage, row.text) for row in own)
    return hashlib.sha256(repr(told).encode("utf-8", "replace")).hexdigest()[:16]


def change_wording(
    session: Session, letter: Letter, texts: Mapping[str, str], *, made_from: str, actor: Actor, now: datetime
) -> int:
    """Put passages into other words and return how many changed; what reads as the original is that again.

    Refusal where a wording has a flaw, and where somebody else changed the letter since the form was made.
    """
    place = locked_installation(session)
    own = wording_in_force(session, letter)
    if made_from != mark_of(own.values()):
        raise Refusal(MEANWHILE)
    changed = 0
    for passage in letter.description.passages:
        text = checked(letter, passage, texts.get(passage.name, passage.text))
        row = own.get(passage.name)
        before = row.text if row else passage.text
        if text != before:
            put(session, letter, passage, row, text=text, actor=actor, now=now)
            told = {"letter": letter.name, "passage": passage.title, "wording": text}
            record(session, place, "change wording", {"wording": before}, told, actor=actor, now=now)
            changed += 1
    session.flush()
    return changed


def checked(letter: Letter, passage: Passage, text: str) -> str:
    """Return a wording as it is kept; Refusal says what is wrong with it."""
    kept = tidy(text)
    wrong = flaws(kept, passage=passage, description=letter.description)
    if wrong:
        raise Refusal(wrong[0], field=passage.name)
    return kept


def put(
    session: Session, letter: Letter, passage: Passage, row: Wording | None, *, text: str, actor: Actor, now: datetime
) -> None:
    """Keep a wording; one that reads as the original needs no row."""
    if row is not None and text == passage.text:
        session.delete(row)
        return
    row = row or Wording(letter=letter.name, passage=passage.name)
    row.text, row.changed_at, row.changed_by_id = text, now, actor.person_id
    session.add(row)


def restore_wording(session: Session, letter: Letter, *, actor: Actor, now: datetime) -> int:
    """Put a kind of letter back into its original wording and return how many passages that changed."""
    place = locked_installation(session)
    own = wording_in_force(session, letter)
    ours = {passage.name: passage for passage in letter.description.passages}
    for name, row in own.items():
        told = {"letter": letter.name, "passage": ours[name].title, "wording": ours[name].text}
        record(session, place, "restore wording", {"wording": row.text}, told, actor=actor, now=now)
        session.delete(row)
    session.flush()
    return len(own)


def locked_installation(session: Session) -> int:
    """Return the id of the installation, locked: who changes wording takes turns."""
    place = session.scalar(select(Installation.id).order_by(Installation.id).limit(1).with_for_update())
    if place is None:
        raise Refusal("This installation has not been set up yet: run `programme init`.")
    return place


def record(
    session: Session,
    place: int,
    verb: str,
    before: dict[str, str],
    after: dict[str, str],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Write a change of wording into the trail."""
    subject = ("installation", place)
    audit.record(session, person_id=actor.person_id, verb=verb, subject=subject, now=now, before=before, after=after)
