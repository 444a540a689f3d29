"""What letters to many say, written once for all, and to whom they are still wanted when they go."""

import pytest
from flask import Flask
from sqlalchemy import select

from programme.engines.mail.addresses.models import LetterChoice
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.ports import Letter, Purpose
from programme.engines.mail.states import Scope
from programme.engines.registration.states import RegistrationState
from programme.flows.keeping.erasing import erase_person
from programme.people.models import Person
from programme.scheduler import run_due
from tests.bed.databases import statements
from tests.bed.mail import Capture
from tests.factories import things
from tests.factories.cast import person
from tests.factories.stories import many
from tests.flows.broadcasting.conftest import NOW, Evening


@pytest.fixture
def kinds(app: Flask) -> dict[str, Letter]:
    """The catalogue."""
    found: dict[str, Letter] = app.extensions["mail_room"].letters
    return found


def queued(evening: Evening) -> list[OutboxMessage]:
    return list(evening.session.scalars(select(OutboxMessage).order_by(OutboxMessage.recipient)))


def test_purposes_have_kinds_and_scopes_of_their_own(kinds: dict[str, Letter]) -> None:
    told = {name: (kinds[name].purpose, kinds[name].declinable) for name in ("broadcast", "news")}
    assert told == {"broadcast": (Purpose.SERVICE, Scope.SERVICE), "news": (Purpose.MARKETING, Scope.MARKETING)}


def test_letter_arrives_with_paragraphs_links_and_the_name(app: Flask, evening: Evening, capture: Capture) -> None:
    many.send(evening.session, evening.letter(), by=evening.olga, now=NOW)
    evening.session.commit()
    run_due(app, NOW)
    (message,) = capture.to("alice@liverpool.example.ac.uk")
    assert message["Subject"] == "What to bring & where"
    assert "University of Liverpool" in str(message["From"])
    plain, html = (message.get_body((part,)) for part in ("plain", "html"))
    assert plain is not None
    assert html is not None
    text = plain.get_content().replace("\r\n", "\n")
    assert "Dear Alice Aldgrove,\n\nThe doors open at 13:30." in text
    assert "You get this because you registered for Quantum sensing for chemists." in text
    assert '<a href="https://example.ac.uk/map"' in html.get_content()
    assert "bob" not in message.as_string().lower()


def test_letters_of_one_broadcast_are_the_same_but_for_the_name(evening: Evening, kinds: dict[str, Letter]) -> None:
    row = many.send(evening.session, evening.letter(), by=evening.olga, now=NOW)
    evening.session.commit()
    compose_all = kinds["broadcast"].compose_all
    assert compose_all is not None
    letters = list(compose_all(evening.session, queued(evening), now=NOW).values())
    assert [letter.blanks for letter in letters] == [{"name": "Alice Aldgrove"}, {"name": "Bob Birchfield"}]
    assert {letter.stencil for letter in letters} == {f"broadcast:{row.id}:{row.version}"}
    assert len({str({**letter.variables, "name": ""}) for letter in letters}) == 1


def test_somebody_without_a_name_is_greeted_all_the_same(evening: Evening, kinds: dict[str, Letter]) -> None:
    evening.cast.alice.name = ""
    many.send(evening.session, evening.letter(), by=evening.olga, now=NOW)
    evening.session.commit()
    letter = kinds["broadcast"].compose(evening.session, queued(evening)[0], now=NOW)
    assert letter is not None
    assert letter.blanks == {"name": "reader"}


def test_whoever_cancelled_meanwhile_is_not_written_to(app: Flask, evening: Evening, capture: Capture) -> None:
    many.send(evening.session, evening.letter(), by=evening.olga, now=NOW)
    evening.bob.state = RegistrationState.CANCELLED
    evening.session.commit()
    run_due(app, NOW)
    assert evening.written() == [("alice", "sent"), ("bob", "cancelled")]
    assert len(capture.messages) == 1


def test_whoever_wants_no_more_news_is_not_written_to(app: Flask, evening: Evening, kinds: dict[str, Letter]) -> None:
    for who in (evening.cast.alice, evening.cast.bob):
        many.asks_for_news(evening.session, who)
    row = evening.letter(audience={"kind": "news"}, purpose=Purpose.MARKETING)
    many.send(evening.session, row, by=evening.olga, now=NOW)
    evening.session.get_one(LetterChoice, evening.cast.bob.id).news_since = None
    evening.session.commit()
    letters, wanted = queued(evening), kinds["news"].still_wanted
    assert wanted is not None
    assert wanted(evening.session, letters, now=NOW) == {letters[0].id}
    run_due(app, NOW)
    assert evening.written() == [("alice", "sent"), ("bob", "cancelled")]


def test_whose_data_are_gone_is_not_written_to(app: Flask, evening: Evening, capture: Capture) -> None:
    many.send(evening.session, evening.letter(), by=evening.olga, now=NOW)
    evening.session.commit()
    alice = evening.session.get_one(Person, evening.cast.alice.id)
    erase_person(evening.session, alice, app.extensions["keepers"], actor=evening.olga, now=NOW)
    evening.session.commit()
    run_due(app, NOW)
    subjects = [str(message["Subject"]) for message in capture.to("alice@liverpool.example.ac.uk")]
    assert "What to bring & where" not in subjects
    assert [one for one in evening.written() if one[0] == "bob"] == [("bob", "sent")]


def test_writing_many_asks_no_more_than_writing_one(app: Flask, evening: Evening, kinds: dict[str, Letter]) -> None:
    for number in range(40):
        who = person(evening.session, f"Person {number}", f"p{number}@example.org")
        things.registration(evening.session, to=evening.opening, who=who)
    many.send(evening.session, evening.letter(), by=evening.olga, now=NOW)
    evening.session.commit()
    letters, counts = queued(evening), []
    compose_all, still_wanted = kinds["broadcast"].compose_all, kinds["broadcast"].still_wanted
    assert compose_all is not None
    assert still_wanted is not None
    for some in (letters[:1], letters):
        evening.session.expire_all()
        with statements(app) as seen:
            assert len(compose_all(evening.session, some, now=NOW)) == len(some)
            assert len(still_wanted(evening.session, some, now=NOW)) == len(some)
        counts.append(len([one for one in seen if "outbox_message" not in one]))
    assert counts[0] == counts[1]
