"""Verbs of an event's picture: given, described otherwise, taken off and put back, under the event's lock."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete

from programme.core.audit import note
from programme.core.refusal import Refusal, refuse_if_changed
from programme.engines.calendar.actions.locking import lock
from programme.engines.calendar.feeds.renewing import renew
from programme.engines.calendar.pictures.models import EventPicture, Picture
from programme.engines.calendar.pictures.queries import former_of, picture_of, removed_before

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor

FORMER_STAYS = timedelta(days=1)
"""How long what was taken off can be put back; then it is gone for good."""
AT_ONCE = 500
CHOOSE = "Choose a picture."
NONE_LEFT = "There is no picture to put back: one that is taken off is kept for a day."


@dataclass(frozen=True, slots=True, kw_only=True)
class Caption:
    """What is said of a picture: to those who do not see it (nothing where it is decoration alone), and whose it is."""

    words: str = ""
    credit: str = ""


def mark_of(shown: EventPicture | None) -> str:
    """Return what a form was made from: another one once anything about the picture is changed."""
    told = (shown.id, shown.words, shown.credit) if shown else ()
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def give(
    session: Session,
    event_id: int,
    caption: Caption,
    *,
    picture: Picture | None = None,
    seen: str = "",
    actor: Actor,
    now: datetime,
) -> EventPicture:
    """Let an event show a picture, or the one it shows with other words.

    Refusal where there is none yet, or where somebody changed it since the form was made, of which `seen` is the mark.
    """
    event = lock(session, event_id)
    shown = picture_of(session, event_id)
    refuse_if_changed(seen, mark_of(shown))
    before = told_of(shown)
    if picture is not None:
        put_aside(session, event_id, shown, now=now)
        shown = EventPicture(event_id=event_id, picture=picture, added_at=now)
        session.add(shown)
    elif shown is None:
        raise Refusal(CHOOSE, field="picture")
    shown.words, shown.credit = caption.words, caption.credit
    if picture is not None or told_of(shown) != before:
        event.changed_at = now
        verb = "changed the words of its picture" if picture is None else "gave it a picture"
        note(session, event, verb, actor=actor, now=now, before=before, after=asdict(caption))
    renew(session, [event_id])
    return shown


def remove(session: Session, event_id: int, *, actor: Actor, now: datetime) -> None:
    """Take the picture off an event; nothing happens where it shows none."""
    event = lock(session, event_id)
    shown = picture_of(session, event_id)
    if shown is not None:
        put_aside(session, event_id, shown, now=now)
        event.changed_at = now
        note(session, event, "took its picture off", actor=actor, now=now, before=told_of(shown))
    renew(session, [event_id])


def put_back(session: Session, event_id: int, *, actor: Actor, now: datetime) -> EventPicture:
    """Let an event show again what it showed before; what it shows now takes its place, and can be put back in turn."""
    event = lock(session, event_id)
    shown, former = picture_of(session, event_id), former_of(session, event_id)
    if former is None or former.removed_at is None or former.removed_at < now - FORMER_STAYS:
        raise Refusal(NONE_LEFT)
    if shown is not None:
        shown.removed_at = now
        session.flush()
    former.removed_at = None
    event.changed_at = now
    note(session, event, "put its picture back", actor=actor, now=now, after=told_of(former))
    renew(session, [event_id])
    return former


def put_aside(session: Session, event_id: int, shown: EventPicture | None, *, now: datetime) -> None:
    """Keep what is shown as the one that can be put back, and forget the one before it."""
    if shown is None:
        return
    older = delete(EventPicture).where(EventPicture.event_id == event_id, EventPicture.removed_at.is_not(None))
    session.execute(older, execution_options={"synchronize_session": False})
    shown.removed_at = now
    session.flush()


def copy_picture(session: Session, event_id: int, draft_id: int, *, now: datetime) -> None:
    """Let a copy show what the event shows that it is like."""
    shown = picture_of(session, event_id)
    if shown is not None:
        same = {"picture_id": shown.picture_id, "words": shown.words, "credit": shown.credit}
        session.add(EventPicture(event_id=draft_id, added_at=now, **same))


def forget_former(session: Session, *, now: datetime) -> int:
    """Forget what was taken off so long ago that it cannot be put back; returns how many."""
    gone = removed_before(session, now - FORMER_STAYS, most=AT_ONCE)
    for one in gone:
        session.delete(one)
    session.flush()
    return len(gone)


def told_of(shown: EventPicture | None) -> dict[str, object]:
    """Return what the trail keeps."""
    return {"words": shown.words, "credit": shown.credit} if shown else {}
