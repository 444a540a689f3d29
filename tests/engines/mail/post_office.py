"""A mail room with a few kinds of letter, and an outbox to fill: for the tests of delivery."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import Flask
from jinja2 import DictLoader, Environment, select_autoescape
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from programme.engines.mail.delivery.dispatching import dispatch
from programme.engines.mail.delivery.marking import Round
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.outbox import Post, Recipient, post
from programme.engines.mail.ports import Attachment, Composed, Letter, MailRoom, Purpose
from programme.engines.mail.states import OutboxState
from programme.extensions import db
from tests.bed.clock import START

TEMPLATES = {
    f"letters/{name}/{part}": text
    for name in ("plain", "poison", "unwanted", "film")
    for part, text in {
        "subject.txt": "{{ subject }}",
        "text.txt": "Dear {{ name }},\n\nsomething happened.\n",
        "html.html": "<html><head></head><body><p>Dear {{ name }}</p></body></html>",
    }.items()
}
Compose = Callable[..., Composed | None]


def compose_plain(session: Session, message: OutboxMessage, *, now: datetime) -> Composed | None:
    """A letter that can always be written."""
    return Composed({"subject": message.context.get("subject", "Something happened"), "name": message.recipient_name})


def compose_poison(session: Session, message: OutboxMessage, *, now: datetime) -> Composed | None:
    """A letter that can never be written."""
    raise KeyError("what it was about")


def compose_unwanted(session: Session, message: OutboxMessage, *, now: datetime) -> Composed | None:
    """A letter that is wanted no more."""
    return None


def compose_film(session: Session, message: OutboxMessage, *, now: datetime) -> Composed | None:
    """A letter with a file of 60 MB."""
    film = Attachment("film.mp4", bytes(60 * 1024 * 1024), "video/mp4")
    return Composed({"subject": "What we filmed", "name": message.recipient_name}, (film,))


KINDS: Mapping[str, Compose] = {
    "plain": compose_plain,
    "poison": compose_poison,
    "unwanted": compose_unwanted,
    "film": compose_film,
}


@dataclass
class PostOffice:
    """An outbox, and the room that empties it."""

    factory: sessionmaker[Session]
    room: MailRoom

    def put(self, key: str, *, letter: str = "plain", to: str = "", **given: Any) -> int:
        """Queue a letter and return its row's id."""
        recipient = Recipient(to or f"{key}@liverpool.example", given.pop("name", "Alice Aldgrove"))
        with self.factory() as session:
            now = given.pop("now", START)
            post(session, Post(letter=letter, key=key, recipient=recipient, subject=("trial", 1), **given), now=now)
            session.commit()
            return session.scalars(select(OutboxMessage.id).where(OutboxMessage.dedup_key == key)).one()

    def dispatch(self, now: datetime = START, **given: Any) -> Round:
        """One round."""
        return dispatch(self.factory, self.room, now=now, **given)

    def row(self, row_id: int) -> OutboxMessage:
        """The row as it is now."""
        with self.factory() as session:
            return session.get_one(OutboxMessage, row_id)

    def states(self) -> dict[str, OutboxState]:
        """Where every letter stands."""
        with self.factory() as session:
            return {row.dedup_key: row.state for row in session.scalars(select(OutboxMessage))}

    def with_limits(self, **limits: int) -> "PostOffice":
        """The same with other limits."""
        return PostOffice(self.factory, replace(self.room, limits=limits))


def office_of(app: Flask, *, compose: Mapping[str, Compose] = KINDS) -> PostOffice:
    """The post office of an application."""
    templates = Environment(loader=DictLoader(TEMPLATES), autoescape=select_autoescape())
    with app.app_context():
        factory = sessionmaker(db.engine, expire_on_commit=False)
    room: MailRoom = app.extensions["mail_room"]
    letters = {name: Letter(name, name.capitalize(), Purpose.SERVICE, write) for name, write in compose.items()}
    return PostOffice(factory, replace(room, letters=letters, render=lambda n, v: templates.get_template(n).render(v)))
