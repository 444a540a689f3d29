"""Taking a picture in: what was sent is laid down and drawn afresh; where the rest of the form is wrong, it waits."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from programme.core.files.pictures import TAKEN, drawn_afresh
from programme.core.refusal import Refusal
from programme.engines.calendar.pictures.models import Picture
from programme.engines.documents.actions import GONE, put_to, refuse_flood, take_in
from programme.engines.documents.models import Document
from programme.engines.documents.queries import free_or_of
from programme.engines.documents.shelf import Laid

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from typing import IO

    from sqlalchemy.orm import Session

    from programme.core.files.pictures import Drawn
    from programme.engines.documents.shelf import Shelf

PICTURE = "picture"
"""What the bytes of a picture belong to; their part is their width."""
NAME = "picture.jpg"
MOST_DRAWN = 20_000_000
"""Bytes of a picture drawn afresh: more than any of its pixels can come to."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A picture that was sent: its bytes as they came, and as they were drawn afresh."""

    laid: Laid
    drawn: tuple[Drawn, ...]


def take(session: Session, stream: IO[bytes], name: str, shelf: Shelf, *, most: int) -> Taken:
    """Lay a file down and draw it afresh. Refusal, and nothing is kept, where it is no picture or unfit.

    `most` is how many bytes it may have.
    """
    refuse_flood(session)
    laid = shelf.lay(stream, name, accepts=TAKEN, most=most)
    try:
        return Taken(laid, drawn_from(shelf, laid.token))
    except BaseException:
        shelf.wipe(laid.token)
        raise


def take_again(session: Session, token: str, name: str, shelf: Shelf) -> Taken:
    """Take the picture that waits since its form was sent first; Refusal where it is gone."""
    row = free_or_of(session, [token], subject=None).get(token)
    if row is None or row.kind not in TAKEN or not shelf.path(token).is_file():
        raise Refusal(GONE.format(name=name))
    return Taken(Laid(row.token, row.name, row.kind, row.size, row.digest), drawn_from(shelf, token))


def drawn_from(shelf: Shelf, token: str) -> tuple[Drawn, ...]:
    """Draw afresh what lies under a token."""
    with shelf.path(token).open("rb") as file:
        return drawn_afresh(file)


def let_wait(session: Session, taken: Taken, *, now: datetime) -> None:
    """Write down what was sent, so that it waits for its form; nothing where it waits already."""
    if session.scalar(select(Document.id).where(Document.token == taken.laid.token)) is None:
        take_in(session, taken.laid, now=now)


def keep(session: Session, drawn: Sequence[Drawn], shelf: Shelf, *, now: datetime) -> Picture:
    """Keep a picture in its sizes, for an event to show it in the same transaction."""
    lain = [(one.size, shelf.lay(io.BytesIO(one.content), NAME, accepts=("jpeg",), most=MOST_DRAWN)) for one in drawn]
    (size, largest), *_ = lain
    picture = Picture(digest=largest.digest, width=size.width, height=size.height, made_at=now)
    session.add(picture)
    session.flush()
    for its_size, laid in lain:
        take_in(session, laid, now=now)
        put_to(session, laid.token, subject=(PICTURE, picture.id), part=its_size.width, name=NAME)
    return picture


def let_go(session: Session, taken: Taken) -> None:
    """Forget that the bytes as they came wait. Whoever commits wipes them: they may tell where a picture was taken."""
    session.execute(
        delete(Document).where(Document.token == taken.laid.token), execution_options={"synchronize_session": False}
    )
