"""What personal data has served its time goes, and nothing else does."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from programme.core import audit
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.outbox import Post, Recipient, post
from programme.engines.questionnaire.actions import add_question, answer, new_questionnaire
from programme.engines.questionnaire.models import Answer
from programme.flows.retention import LETTERS_KEPT, SENSITIVE_KEPT, TRAIL_KEPT, forget
from tests.factories.cast import LONG_AGO, assemble
from tests.factories.things import SOON, event, opening, registration

HOUR = timedelta(hours=1)


def test_sensitive_answers_go_thirty_days_after_the_last_event_and_others_stay(app: Flask, session: Session) -> None:
    cast = assemble(session)
    talks = [event(session, lead=cast.oxford, starts_at=SOON + timedelta(days=days)) for days in (0, 7)]
    to = opening(session, events=talks)
    to.questionnaire = new_questionnaire(session, now=LONG_AGO)
    food = add_question(session, to.questionnaire, kind="short_text", label="Food you cannot eat", is_sensitive=True)
    topic = add_question(session, to.questionnaire, kind="short_text", label="Your topic")
    row = registration(session, to=to, who=cast.alice)
    row.answer_sheet = answer(session, to.questionnaire, {food.id: "Nuts", topic.id: "Moss"}, now=LONG_AGO)
    session.commit()
    over = talks[1].ends_at + SENSITIVE_KEPT
    assert forget(session, over - HOUR) == 0
    assert forget(session, over + HOUR) == 1
    session.commit()
    assert session.scalars(select(Answer.text)).all() == ["Moss"]


def test_letters_go_after_a_year_and_the_trail_after_two(app: Flask, session: Session) -> None:
    cast = assemble(session)
    to_alice = Recipient(cast.alice.address, cast.alice.name)
    post(session, Post(letter="sign_in", key="old", recipient=to_alice, subject=("person", 1)), now=LONG_AGO)
    audit.record(session, person_id=cast.omar.id, verb="edit", subject=("event", 1), now=LONG_AGO)
    session.commit()
    assert forget(session, LONG_AGO + LETTERS_KEPT - HOUR) == 0
    assert forget(session, LONG_AGO + LETTERS_KEPT + HOUR) == 1
    assert session.scalar(select(func.count()).select_from(OutboxMessage)) == 0
    assert forget(session, LONG_AGO + TRAIL_KEPT + HOUR) == 1
