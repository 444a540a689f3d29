"""Pages of keys: whose they are, what is typed stays, a link's look changes nothing, the list keeps its cost."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.approvals.actions import make_link
from programme.engines.approvals.models import ApprovalKey
from programme.engines.approvals.states import KeyState
from programme.engines.registration.deciding.actions import Wanted
from programme.engines.registration.deciding.keys import ask
from programme.engines.registration.deciding.queries import decision_terms
from programme.engines.registration.deciding.states import DecidedBy
from programme.engines.registration.models import Opening, Registration
from programme.engines.registration.states import PlacesBy, RegistrationState
from programme.flows.deciding.settings import set_terms
from programme.people.identity import actor_of
from programme.people.models import Person
from tests.bed.clock import Clock
from tests.bed.databases import statements
from tests.factories import cast, things
from tests.factories.cast import Cast

As = Callable[[Person | None], FlaskClient]


@pytest.fixture
def people(session: Session) -> Cast:
    return cast.assemble(session)


@pytest.fixture
def school(session: Session, people: Cast, clock: Clock) -> Opening:
    """An opening of Oxford's that both universities decide about; Charlie waits for their keys."""
    talk = things.event(session, lead=people.oxford, title="Summer school")
    row = things.opening(session, events=[talk], places_by=PlacesBy.DECISION, co_owners=[people.liverpool])
    set_terms(session, row.id, Wanted(decided_by=DecidedBy.KEYS), actor=actor_of(people.omar), now=clock.now)
    applies(session, row, people.charlie, clock)
    return row


@pytest.fixture
def signed_in(app: Flask, session: Session) -> As:
    def browser(who: Person | None) -> FlaskClient:
        client = app.test_client()
        if who is not None:
            client.set_cookie("programme_session", cast.cookie_for(session, who))
        return client

    return browser


def applies(session: Session, opening: Opening, who: Person, clock: Clock) -> Registration:
    """Somebody waits for both keys; commits."""
    row = things.registration(session, to=opening, who=who, state=RegistrationState.PENDING)
    ask(session, row, decision_terms(session, opening.id), now=clock.now)
    session.commit()
    return row


def key_of(session: Session, organisation_id: int) -> ApprovalKey:
    """An organisation's key, as it is now."""
    session.rollback()
    session.expire_all()
    return session.scalars(select(ApprovalKey).where(ApprovalKey.organisation_id == organisation_id)).one()


def test_a_no_asks_why_and_keeps_what_was_typed(session: Session, people: Cast, school: Opening, signed_in: As) -> None:
    omar, key = signed_in(people.omar), key_of(session, people.oxford.id)
    here = f"/organise/keys/{key.id}"
    again = omar.post(f"{here}/decision", data={"says": "no", "words": "Come again in spring."})
    assert again.status_code == 422
    page = again.get_data(as_text=True)
    assert "Say why it is a no" in page
    assert "Come again in spring." in page
    assert omar.post(f"{here}/decision", data={"says": "maybe"}).status_code == 422
    assert omar.post(f"{here}/decision", data={"says": "yes", "reason": "\0"}).status_code == 422
    assert omar.post(f"{here}/delegation", data={"name": "Pat", "address": "nobody"}).status_code == 422
    assert key_of(session, people.oxford.id).state is KeyState.WAITING


def test_the_other_university_looks_and_turns_nothing(
    session: Session, people: Cast, school: Opening, signed_in: As
) -> None:
    olga, key = signed_in(people.olga), key_of(session, people.oxford.id)
    here = f"/organise/keys/{key.id}"
    assert "This is Oxford’s key: its organisers decide." in olga.get(here).get_data(as_text=True)
    for verb, data in (("decision", {"says": "yes"}), ("delegation", {"name": "P", "address": "p@example.org"})):
        answer = olga.post(f"{here}/{verb}", data=data, follow_redirects=True)
        assert "belongs to another organisation" in answer.get_data(as_text=True)
    assert key_of(session, people.oxford.id).state is KeyState.WAITING


@pytest.mark.one_database
def test_outsiders_administrators_and_strangers_see_no_key(
    session: Session, people: Cast, school: Opening, signed_in: As
) -> None:
    elsewhere = cast.organiser(session, "Otto Outsider", "otto@example.org", people.council)
    session.commit()
    here = f"/organise/keys/{key_of(session, people.oxford.id).id}"
    for who, answered in ((elsewhere, 403), (people.ada, 403), (people.charlie, 404)):
        assert signed_in(who).get(here).status_code == answered, who.name
        assert signed_in(who).post(f"{here}/decision", data={"says": "yes"}).status_code == answered, who.name
    assert signed_in(None).get(here).status_code == 303
    assert "No key waits for you" in signed_in(elsewhere).get("/organise/keys").get_data(as_text=True)
    assert signed_in(people.omar).get("/organise/keys/999999").status_code == 404


def test_looking_at_a_link_changes_nothing_and_using_it_ends_it(
    session: Session, people: Cast, school: Opening, signed_in: As, clock: Clock
) -> None:
    key_id = key_of(session, people.oxford.id).id
    token = make_link(session, key_id, people.omar.id, now=clock.now)
    session.commit()
    guest = signed_in(None)
    for _ in range(3):
        assert "Charlie Chalkwell" in guest.get(f"/keys/{token}").get_data(as_text=True)
        assert guest.head(f"/keys/{token}").status_code == 200
    assert key_of(session, people.oxford.id).state is KeyState.WAITING
    assert guest.post(f"/keys/{token}/decision", data={}).status_code == 422
    for said in ("Thank you: it is noted.", "It was noted before."):
        answer = guest.post(f"/keys/{token}/decision", data={"says": "yes"}, follow_redirects=True)
        assert said in answer.get_data(as_text=True)
    page = guest.get(f"/keys/{token}").get_data(as_text=True)
    assert "Your decision is noted" in page
    assert "Charlie" not in page, "a link that has ended tells nobody anything"
    assert key_of(session, people.oxford.id).state is KeyState.YES
    for invented in ("x", "x" * 500, token + "x"):
        assert guest.get(f"/keys/{invented}").status_code == 404, invented


@pytest.mark.one_database
def test_the_list_asks_no_more_of_the_database_for_more_keys(
    app: Flask, session: Session, people: Cast, school: Opening, signed_in: As, clock: Clock
) -> None:
    omar = signed_in(people.omar)

    def cost(address: str) -> int:
        with statements(app) as seen:
            assert omar.get(address).status_code == 200
        return len(seen)

    few = {address: cost(address) for address in ("/organise/keys", "/organise")}
    for number in range(30):
        guest = cast.person(session, f"Guest {number}", f"guest{number}@example.org")
        applies(session, school, guest, clock)
    assert {address: cost(address) for address in few} == few
    assert "31 keys wait for you" in omar.get("/organise").get_data(as_text=True)


def test_who_turns_the_keys_is_named_on_the_page_of_decisions(
    session: Session, people: Cast, school: Opening, signed_in: As
) -> None:
    olga, here = signed_in(people.olga), f"/organise/openings/{school.id}/decisions"
    own = f"{here}/holders/{people.liverpool.id}"
    again = olga.post(own, data={"name": "Quillan", "address": "nobody"})
    assert again.status_code == 422
    assert 'value="Quillan"' in again.get_data(as_text=True)
    said = olga.post(own, data={"name": "Quillan", "address": "q@example.org"}, follow_redirects=True)
    page = said.get_data(as_text=True)
    assert "Quillan gets the keys" in page
    assert "Quillan, q@example.org" in page
    others = olga.post(f"{here}/holders/{people.oxford.id}", data={"name": "Q", "address": "q@example.org"})
    assert others.status_code == 303
    assert "each university say who turns its key" in olga.get(here).get_data(as_text=True)
