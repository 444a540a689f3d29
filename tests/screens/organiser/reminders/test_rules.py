"""The reminders of an event: a dry run before anything is announced, rules added, changed, removed and put back."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from programme.engines.calendar.models import Event
from programme.engines.calendar.states import EventState
from programme.engines.mail.models import OutboxMessage
from programme.engines.questionnaire.models import Question, Questionnaire
from programme.engines.registration.models import Opening, Registration, RegistrationTag
from programme.engines.reminders.actions import ensure_default_rule
from programme.engines.reminders.models import Audience, OffsetUnit, ReminderRule
from programme.engines.reminders.queries import rules_of
from programme.people.groups.models import Group
from programme.people.models import Person
from tests.bed.databases import statements
from tests.factories.cast import LONG_AGO, Cast, cookie_for, person
from tests.factories.things import SOON, event, opening, registration


@pytest.fixture
def talk(session: Session, cast: Cast) -> Event:
    """A talk of Liverpool's with Alice in it and the usual reminder."""
    talk = event(session, lead=cast.liverpool)
    registration(session, to=opening(session, events=[talk]), who=cast.alice)
    ensure_default_rule(session, talk.id, LONG_AGO)
    session.commit()
    return talk


def home(talk: Event) -> str:
    """Where its reminders are."""
    return f"/organise/events/{talk.id}/reminders"


def text(client: FlaskClient, path: str, status: int = 200) -> str:
    """A page."""
    answer = client.get(path)
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def the_rule(session: Session, talk: Event) -> ReminderRule:
    """The event's only active rule."""
    session.rollback()
    [rule] = rules_of(session, "event", talk.id)
    return rule


def as_person(client: FlaskClient, session: Session, who: Person) -> FlaskClient:
    """Somebody else's browser."""
    client.set_cookie("programme_session", cookie_for(session, who))
    return client


PLAIN = {"amount": "2", "unit": "hours", "side": "before:start", "audience": "confirmed"}


def test_rules_stand_in_plain_words_with_instant_and_number(olga: FlaskClient, talk: Event) -> None:
    page = text(olga, home(talk))
    for words in (
        "1 day before the start",
        "everybody with a place",
        "Mon 15 Feb 2027, 14:00 GMT",
        "1 letter as",
    ):
        assert words in page


def test_dry_run_works_before_publishing(olga: FlaskClient, session: Session, talk: Event) -> None:
    talk.state, talk.published_at = EventState.DRAFT, None
    session.commit()
    page = text(olga, home(talk))
    assert "Nobody knows of it yet" in page
    assert "Would go" in page
    rule = the_rule(session, talk)
    one = text(olga, f"{home(talk)}/{rule.id}")
    assert "Would go out" in one
    assert "Tomorrow: Quantum sensing for chemists (Tue 16 Feb, 14:00)" in one
    assert "Dear Alice Aldgrove" in one
    assert "/registrations/hidden" in one
    assert "Dear Alice Aldgrove" in text(olga, f"{home(talk)}/{rule.id}/html")
    assert session.scalars(select(OutboxMessage)).all() == []


def test_reader_is_chosen(olga: FlaskClient, session: Session, cast: Cast, talk: Event) -> None:
    opening = session.scalars(select(Opening)).one()
    bob = registration(session, to=opening, who=cast.bob)
    session.commit()
    address = f"{home(talk)}/{the_rule(session, talk).id}"
    assert "Dear Alice" in text(olga, address)
    assert "Dear Bob" in text(olga, f"{address}?who={bob.seats[0].id}")
    assert "Dear Alice" in text(olga, f"{address}?who=nonsense%27")


def test_rule_is_added_changed_removed_and_put_back(olga: FlaskClient, session: Session, talk: Event) -> None:
    session.execute(delete(ReminderRule))
    session.commit()
    answer = olga.post(home(talk), data=PLAIN, follow_redirects=True)
    assert "Added: 2 hours before the start, to everybody with a place." in answer.get_data(as_text=True)
    rule = the_rule(session, talk)
    assert 'value="2"' in text(olga, f"{home(talk)}/{rule.id}/edit")
    changed = {**PLAIN, "amount": "3", "unit": "days", "words": "Bring a pen.", "subject_line": "Pens"}
    assert olga.post(f"{home(talk)}/{rule.id}", data=changed).status_code == 303
    rule = the_rule(session, talk)
    assert (rule.offset, rule.unit, rule.words) == (-3, OffsetUnit.DAYS, "Bring a pen.")
    page = text(olga, f"{home(talk)}/{rule.id}")
    assert "Bring a pen." in page
    assert "<b>Pens</b>" in page
    assert olga.post(f"{home(talk)}/{rule.id}/removal").status_code == 303
    assert "Put back" in text(olga, home(talk))
    assert olga.get(f"{home(talk)}/{rule.id}").status_code == 404
    assert olga.post(f"{home(talk)}/{rule.id}/return").status_code == 303
    assert the_rule(session, talk).id == rule.id


def test_wrong_form_keeps_what_was_typed(olga: FlaskClient, session: Session, talk: Event) -> None:
    answer = olga.post(home(talk), data={**PLAIN, "amount": "0", "words": "Mine & yours"})
    assert answer.status_code == 422
    assert "Enter 1 or more" in answer.get_data(as_text=True)
    assert "Mine &amp; yours" in answer.get_data(as_text=True)
    for wrong in (
        {"amount": ""},
        {"amount": "x"},
        {"amount": "999999999999"},
        {"side": "before:closing"},
        {"audience": "invited"},
        {"audience": "present"},
        {"unit": "weeks"},
        {"words": "a nought \0 in it"},
        {"amount": "1", "unit": "days"},
    ):
        assert olga.post(home(talk), data={**PLAIN, **wrong}).status_code == 422, wrong
    assert len(rules_of(session, "event", talk.id)) == 1


def test_answers_tags_and_groups_are_offered_where_there_are_any(
    olga: FlaskClient, session: Session, cast: Cast, talk: Event
) -> None:
    assert "Which tag" not in text(olga, f"{home(talk)}/new")
    opening = session.scalars(select(Opening)).one()
    asked = Questionnaire(created_at=LONG_AGO)
    options = {"options": ["Bus", "Train"]}
    asked.questions = [
        Question(kind="one_of", label="How do you come?", settings=options),
        Question(kind="one_of", label="Any illness?", settings=options, is_sensitive=True),
    ]
    opening.questionnaire = asked
    alice = opening_row(session)
    session.add(RegistrationTag(registration_id=alice, tag="speaker dinner"))
    session.add(Group(title="Cohort 3", organisation_id=cast.liverpool.id, created_at=LONG_AGO))
    session.add(Group(title="Not ours", organisation_id=cast.oxford.id, created_at=LONG_AGO))
    session.commit()
    page = text(olga, f"{home(talk)}/new")
    for words in ("How do you come?: Train", "speaker dinner", "Cohort 3"):
        assert words in page
    assert "illness" not in page
    assert "Not ours" not in page
    question = asked.questions[0].id
    chosen = {**PLAIN, "audience": "answered", "question": f"{question}|Train"}
    assert olga.post(home(talk), data={**chosen, "question": ""}).status_code == 422
    assert olga.post(home(talk), data={**chosen, "question": f"{asked.questions[1].id}|Train"}).status_code == 422
    assert olga.post(home(talk), data=chosen).status_code == 303
    session.rollback()
    rule = next(one for one in rules_of(session, "event", talk.id) if one.audience is Audience.ANSWERED)
    assert rule.parameters == {"question": question, "choice": "Train", "label": "How do you come?"}
    assert "those who answered “Train” to “How do you come?”" in text(olga, home(talk))


def opening_row(session: Session) -> int:
    """Alice's registration."""
    return session.scalars(select(Registration.id)).one()


def test_other_university_sees_nothing_and_a_co_owner_edits(
    client: FlaskClient, session: Session, cast: Cast, talk: Event
) -> None:
    rule = the_rule(session, talk)
    omar = as_person(client, session, cast.omar)
    doors = ["", "/new", f"/{rule.id}", f"/{rule.id}/edit", f"/{rule.id}/html"]
    assert [omar.get(home(talk) + door).status_code for door in doors] == [403] * 5
    posts = ["", f"/{rule.id}", f"/{rule.id}/removal", f"/{rule.id}/return"]
    assert [omar.post(home(talk) + door, data=PLAIN).status_code for door in posts] == [403] * 4
    talk.co_owners = [cast.oxford]
    session.commit()
    assert [omar.get(home(talk) + door).status_code for door in doors] == [200] * 5
    assert omar.post(home(talk), data=PLAIN).status_code == 303


def test_rule_of_another_event_is_not_reached_through_this_one(
    olga: FlaskClient, session: Session, cast: Cast, talk: Event
) -> None:
    other = event(session, lead=cast.oxford, title="Not Olga’s")
    foreign = ensure_default_rule(session, other.id, LONG_AGO)
    session.commit()
    assert foreign is not None
    assert olga.get(f"{home(talk)}/{foreign.id}").status_code == 404
    assert olga.post(f"{home(talk)}/{foreign.id}/removal").status_code == 404


def test_administrator_sees_numbers_alone(client: FlaskClient, session: Session, cast: Cast, talk: Event) -> None:
    ada = as_person(client, session, cast.ada)
    page = text(ada, f"{home(talk)}/{the_rule(session, talk).id}")
    assert "1 person" in page
    assert "Alice" not in page
    assert "/new" not in text(ada, home(talk))
    assert ada.get(f"{home(talk)}/new").status_code == 403


def test_cancelled_event_says_why_nothing_goes_out(olga: FlaskClient, session: Session, talk: Event) -> None:
    talk.state = EventState.CANCELLED
    session.commit()
    assert "It is cancelled, so nobody is reminded" in text(olga, home(talk))
    assert "It is cancelled" in text(olga, f"{home(talk)}/{the_rule(session, talk).id}")


def test_reminders_before_registration_ends(olga: FlaskClient, session: Session, talk: Event) -> None:
    opening = session.scalars(select(Opening)).one()
    address = f"/organise/openings/{opening.id}/reminders"
    assert "Registration has no end" in text(olga, address)
    opening.closes_at = SOON - timedelta(days=2)
    session.commit()
    data = {"amount": "1", "unit": "days", "side": "before:closing", "audience": "organisers"}
    assert olga.post(address, data=data).status_code == 303
    page = text(olga, address)
    assert "1 day before the end of registration" in page
    assert "Sat 13 Feb 2027, 14:00 GMT" in page
    [rule] = rules_of(session, "opening", opening.id)
    assert "Dear Olga Oakhurst" in text(olga, f"{address}/{rule.id}")
    assert address in text(olga, home(talk))


def test_pages_ask_no_more_for_many_people_and_rules(
    app: Flask, olga: FlaskClient, session: Session, talk: Event
) -> None:
    rule = the_rule(session, talk)
    few = [count(app, olga, path) for path in (home(talk), f"{home(talk)}/{rule.id}")]
    opening = session.scalars(select(Opening)).one()
    for number in range(30):
        registration(session, to=opening, who=person(session, f"Person {number}", f"p{number}@example.org"))
    for number in range(2, 11):
        session.add(
            ReminderRule(
                subject_kind="event", subject_id=talk.id, letter="event_reminder", offset=-number, created_at=LONG_AGO
            )
        )
    session.commit()
    assert [count(app, olga, path) for path in (home(talk), f"{home(talk)}/{rule.id}")] == few


def count(app: Flask, client: FlaskClient, path: str) -> int:
    """How many statements a page costs."""
    with statements(app) as seen:
        text(client, path)
    return len(seen)


def test_draft_shows_what_comes_by_itself_and_lets_it_be_changed(
    olga: FlaskClient, session: Session, cast: Cast
) -> None:
    draft = event(session, lead=cast.liverpool, state=EventState.DRAFT, published_at=None)
    session.commit()
    page = text(olga, home(draft))
    assert "What comes by itself when it is announced" in page
    assert "1 day before the start, to everybody with a place" in page
    assert "Mon 15 Feb 2027, 14:00 GMT" in page
    assert rules_of(session, "event", draft.id) == []
    assert olga.post(f"{home(draft)}/usual").status_code == 303
    assert the_rule(session, draft).offset == -1
    assert "Change" in text(olga, home(draft))


def test_reminder_added_to_a_draft_comes_beside_the_usual_one(olga: FlaskClient, session: Session, cast: Cast) -> None:
    draft = event(session, lead=cast.liverpool, state=EventState.DRAFT, published_at=None)
    session.commit()
    assert olga.post(home(draft), data={**PLAIN, "amount": "x"}).status_code == 422
    session.rollback()
    assert rules_of(session, "event", draft.id) == []
    assert olga.post(home(draft), data=PLAIN).status_code == 303
    session.rollback()
    assert [(rule.offset, rule.unit) for rule in rules_of(session, "event", draft.id)] == [
        (-1, OffsetUnit.DAYS),
        (-2, OffsetUnit.HOURS),
    ]
