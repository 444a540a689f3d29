"""What is written once for many comes out for each reader as if it had been written for them alone."""

import email
import email.policy
from collections.abc import Mapping
from dataclasses import replace
from email.message import EmailMessage

import pytest
from flask import Flask
from jinja2 import StrictUndefined
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from programme.engines.mail import composing
from programme.engines.mail.addresses.unsubscribing import unsubscribe_url
from programme.engines.mail.composing import Filled, bytes_of, drafts_of, rendered, with_blanks
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.ports import Letter, MailRoom
from programme.engines.mail.wire.stencils import Stencils
from programme.engines.mail.wording.stationery import Stationery, stationery_of, written
from programme.people.models import Person
from tests.factories.cast import assemble
from tests.factories.desk import Desk
from tests.factories.letters import EXAMPLES

TO_MANY = (
    "event_reminder",
    "event_notice",
    "event_briefing",
    "opening_closes",
    "opening_briefing",
    "offer_ends",
    "feedback_asked",
    "invited",
    "broadcast",
    "news",
)
EACH_ITS_OWN = ("milestones_due",)
"""Written many at a time, too, but each tells its reader's own: there is nothing that others share."""
DECLINE = ("Get no more letters like this one", "Get no more news")
OUT_OF_WORDS = "{name} & <b>{title}</b>{sender}{name}"
"""What an installation may put around a name: it stands twice, beside what HTML reads otherwise."""


@pytest.fixture
def room(app: Flask) -> MailRoom:
    """The mail room, which bears nothing undefined and has written nothing yet."""
    room: MailRoom = app.extensions["mail_room"]
    strict = app.jinja_env.overlay(undefined=StrictUndefined)
    base_url = room.base_url
    render = lambda name, given: strict.get_template(name).render(base_url=base_url, **given)  # noqa: E731
    return replace(room, render=render, stencils=Stencils())


@pytest.mark.one_database
def test_these_are_the_kinds_that_are_written_many_at_a_time(room: MailRoom) -> None:
    assert {name for name, one in room.letters.items() if one.compose_all is not None} == {*TO_MANY, *EACH_ITS_OWN}


@pytest.mark.parametrize("kind", TO_MANY)
def test_stencil_says_what_each_letter_says_by_itself(app: Flask, session: Session, room: MailRoom, kind: str) -> None:
    desk, rows = queued(app, session, kind)
    both_ways(session, room, rows, desk=composing.Desk(room, desk.now, stationery_of(session)))


@pytest.mark.one_database
@pytest.mark.parametrize("kind", TO_MANY)
def test_so_it_does_in_an_installations_own_words(app: Flask, session: Session, room: MailRoom, kind: str) -> None:
    desk, rows = queued(app, session, kind)
    passages = [one for one in room.letters[kind].description.passages if not one.is_subject]
    wording = {(kind, one.name): one.text + OUT_OF_WORDS for one in passages}
    stationery = replace(stationery_of(session), wording=wording, version="own")
    both_ways(session, room, rows, desk=composing.Desk(room, desk.now, stationery))


@pytest.mark.one_database
@pytest.mark.parametrize("kind", TO_MANY)
def test_no_name_gets_into_what_others_read(app: Flask, session: Session, room: MailRoom, kind: str) -> None:
    desk, rows = queued(app, session, kind)
    filled = both_ways(session, room, rows, desk=composing.Desk(room, desk.now, stationery_of(session)))
    for one in filled:
        common = one.stencil.body
        for value in one.blanks.values():
            assert value not in common.text
            assert value not in common.html


@pytest.mark.one_database
@pytest.mark.parametrize("kind", TO_MANY)
def test_who_may_decline_is_told_how_in_both_parts(room: MailRoom, kind: str) -> None:
    letter = room.letters[kind]
    assert letter.example is not None
    body = written(letter, letter.example(), room=room, stationery=Stationery())
    for part in (body.text, body.html):
        assert any(words in part for words in DECLINE) == (letter.declinable is not None)
        assert ("/unsubscribe" in part) == (letter.declinable is not None)


def queued(app: Flask, session: Session, kind: str) -> tuple[Desk, list[OutboxMessage]]:
    """Letters of a kind to people whose names are hard to write."""
    desk = Desk(session, assemble(session), app.extensions["keepers"])
    session.execute(update(Person).values(name=Person.name + " O’Łódź-Smith & Co <b>" + " of the long name" * 4))
    session.expire_all()
    EXAMPLES[kind](desk)
    session.commit()
    return desk, list(session.scalars(select(OutboxMessage).where(OutboxMessage.letter == kind)))


def both_ways(session: Session, room: MailRoom, rows: list[OutboxMessage], *, desk: composing.Desk) -> list[Filled]:
    """Write letters by a stencil and each by itself, see that they are the same, and return those of the stencil."""
    letter = room.letters[rows[0].letter]
    drafts = drafts_of(session, letter, rows, desk=desk)
    assert drafts, "the story queues a letter that is wanted"
    filled = []
    for row in rows:
        if row.id not in drafts:
            continue
        draft = drafts[row.id]
        assert isinstance(draft, Filled), draft
        alone = by_itself(session, letter, row, desk=desk, room=room)
        assert parts(bytes_of(row, draft, room=room)) == alone
        url = unsubscribe_url(room, row)
        assert bool(url) == (letter.declinable is not None)
        assert not url or all(url in alone[part] for part in ("plain", "html"))
        filled.append(draft)
    return filled


def by_itself(
    session: Session, letter: Letter, row: OutboxMessage, *, desk: composing.Desk, room: MailRoom
) -> Mapping[str, str]:
    """Write one letter without a stencil."""
    composed = letter.compose(session, row, now=desk.now)
    assert composed is not None
    return parts(bytes_of(row, rendered(letter, with_blanks(composed), message=row, desk=desk), room=room))


def parts(data: bytes) -> Mapping[str, str]:
    """The headers of a message and its two bodies, as a mail program reads them."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    bodies = {}
    for kind in ("plain", "html"):
        body = message.get_body((kind,))
        assert body is not None
        bodies[kind] = body.get_content()
    # Python reads a space where a long name is cut into encoded words, which mail programs do not.
    headers = {name: "".join(str(value).split()) for name, value in message.items() if name != "Content-Type"}
    return {**headers, **bodies}
