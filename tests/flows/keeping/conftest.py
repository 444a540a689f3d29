"""Somebody of whom every room holds something, and the whole database as text."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core import audit
from programme.engines.calendar.feeds.subscriptions import subscribe
from programme.engines.calendar.models import Contribution, Event, ImportFile, Series
from programme.engines.mail.addresses.models import InboxMessage, LetterChoice
from programme.engines.mail.addresses.states import Cause, Meaning
from programme.engines.mail.addresses.suppression.suppressing import suppress
from programme.engines.mail.models import CapturedMail, OutboxMessage
from programme.engines.mail.outbox import Post, Recipient, post
from programme.engines.mail.states import Scope
from programme.engines.mail.written.models import LetterBody
from programme.engines.questionnaire.actions import add_question, answer, new_questionnaire
from programme.engines.registration.models import Opening, Registration
from programme.engines.registration.states import RegistrationState
from programme.people.models import Person, Role, Strand
from programme.people.signing_in import ask, confirm
from programme.tables import METADATA
from tests.factories import cast, things
from tests.factories.cast import LONG_AGO, Cast

NOW = LONG_AGO + timedelta(days=30)
ENDED = NOW - timedelta(days=10)


@dataclass
class Held:
    """Petra, who organises, speaks, registers and imports; one registration is to come and full, one is past."""

    people: Cast
    petra: Person
    coming: Registration
    past: Registration
    waiting: Registration
    talk: Event
    series: Series
    opening: Opening


@pytest.fixture
def held(session: Session) -> Held:
    """Put something about Petra into every table that holds something about people."""
    people = cast.assemble(session)
    petra = cast.organiser(session, "Petra Peakforest", "Petra@liverpool.example.ac.uk", people.liverpool)
    named = {"contact_name": petra.name, "contact_address": petra.address}
    talk = things.event(session, lead=people.liverpool, title="Talk to come", **named)
    before = things.event(session, lead=people.liverpool, title="Talk that was", starts_at=ENDED - timedelta(hours=1))
    talk.contributions = [Contribution(name="A speaker by another name", person_id=petra.id)]
    series = things.series(session, lead=people.liverpool, **named)
    to_come = things.opening(session, events=[talk], capacity=1, **named)
    over = things.opening(session, events=[before], capacity=5)
    over.questionnaire = new_questionnaire(session, now=LONG_AGO)
    topic = add_question(session, over.questionnaire, kind="short_text", label="Your topic")
    past = things.registration(
        session, to=over, who=petra, organisation_id=people.liverpool.id, note="Needs a lift", reason="As agreed"
    )
    past.answer_sheet = answer(session, over.questionnaire, {topic.id: "Mosses of the Mersey"}, now=LONG_AGO)
    coming = things.registration(session, to=to_come, who=petra)
    waiting = things.registration(session, to=to_come, who=people.bob, state=RegistrationState.WAITLISTED)
    fill_other_rooms(session, petra, people, past)
    session.commit()
    return Held(people, petra, coming, past, waiting, talk, series, to_come)


def fill_other_rooms(session: Session, petra: Person, people: Cast, past: Registration) -> None:
    """Letters, a calendar address, an import, links, browsers, a role given by her, and entries of the trail."""
    to_her = Recipient(petra.address, petra.name, petra.id)
    about = ("registration", past.id)
    post(session, Post("registration_confirmed", "to-her", to_her, about, sender_name="Exchange"), now=LONG_AGO)
    to_bob = Recipient(people.bob.address, people.bob.name, people.bob.id)
    of_hers = Post(
        "role_granted",
        "of-hers",
        to_bob,
        ("x", 1),
        {"giver": petra.name},
        sender_name=petra.name,
        reply_to=petra.address,
    )
    post(session, of_hers, now=LONG_AGO)
    session.add(CapturedMail(recipient=petra.address, captured_at=LONG_AGO, raw=b"Dear Petra Peakforest"))
    came_back_and_chosen(session, petra)
    subscribe(session, petra.id, now=LONG_AGO)
    session.add(
        ImportFile(
            person_id=petra.id,
            organisation_id=people.liverpool.id,
            strand=Strand.EXCHANGE,
            filename="talks.csv",
            stored_as="a",
            uploaded_at=LONG_AGO,
        )
    )
    confirm(session, ask(session, petra.address, next_path="", now=LONG_AGO).token, name="", browser="X", now=LONG_AGO)
    cast.grant(session, people.bob, Role.HELPER, organisation=people.liverpool).granted_by_id = petra.id
    entry = {"person": petra.name, "contact_address": petra.address, "people": [f"{petra.name}, Liverpool, speaker"]}
    audit.record(session, person_id=petra.id, verb="edited", subject=("event", 1), now=LONG_AGO, after=entry)
    audit.record(session, person_id=None, verb="refuse", subject=about, now=LONG_AGO, after={"reason": "Mosses first"})
    audit.record(session, person_id=people.ada.id, verb="grant a role", subject=("person", petra.id), now=LONG_AGO)
    keep_what_was_said(session, petra)


def keep_what_was_said(session: Session, petra: Person) -> None:
    """What letters said, as long as that is kept: one to her, one to Bob that names her."""
    for key, text in (("to-her", f"Dear {petra.name},"), ("of-hers", f"{petra.name} gave you a role.")):
        row = session.scalars(select(OutboxMessage).where(OutboxMessage.dedup_key == key)).one()
        said = LetterBody(digest=key, text=text, html=f"<p>{text}</p>", made_at=LONG_AGO)
        session.add(said)
        session.flush()
        row.body_id, row.blanks = said.id, {"name": row.recipient_name}


def came_back_and_chosen(session: Session, petra: Person) -> None:
    """Letters to her came back, she answered by a machine, declined news, and chose one letter a day."""
    letter_id = session.scalars(select(OutboxMessage.id).where(OutboxMessage.dedup_key == "to-her")).one()
    detail = f"550 5.2.2 <{petra.address}>: full"
    bounce = {"meaning": Meaning.SOFT, "outbox_message_id": letter_id, "came_at": NOW}
    session.add(InboxMessage(digest="a" * 64, sender="MAILER-DAEMON@x.example", detail="550 full", **bounce))
    session.add(InboxMessage(digest="b" * 64, meaning=Meaning.UNKNOWN, detail=detail, came_at=NOW))
    session.add(
        InboxMessage(
            digest="c" * 64,
            meaning=Meaning.AUTOMATIC,
            sender=petra.address,
            subject_line="Petra is among mosses",
            came_at=NOW,
        )
    )
    for address in (petra.address, "petra.peakforest@old.example"):
        suppress(
            session,
            address,
            scope=Scope.EVERYTHING,
            cause=Cause.BOUNCED,
            now=LONG_AGO,
            detail=detail,
            message_id=letter_id,
        )
    session.add(LetterChoice(person_id=petra.id, wants_digest=True, news_words="News of mosses", changed_at=LONG_AGO))


def everything_in(session: Session, *, apart_from: frozenset[str] = frozenset()) -> str:
    """Every row of every table as one text, in small letters."""
    session.expire_all()
    rows = [
        (table.name, *row)
        for table in METADATA.sorted_tables
        if table.name not in apart_from
        for row in session.execute(select(table))
    ]
    return "\n".join(map(str, rows)).lower()


@pytest.fixture
def keepers(app: Flask) -> tuple[object, ...]:
    """Every room that keeps data on people."""
    found: tuple[object, ...] = app.extensions["keepers"]
    return found
