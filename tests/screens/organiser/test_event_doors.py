"""Every door to an event, a series, dates and venues: lead, co-owner, outsider, helper, stranger, nobody."""

from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from programme.engines.calendar.models import AcademicPeriod, Event, Venue
from programme.engines.calendar.states import EventState
from programme.engines.registration.models import RegistrationTag
from programme.engines.registration.states import OpeningState
from programme.engines.reminders.actions import ensure_default_rule
from programme.people.models import Person, Role
from tests.factories.cast import LONG_AGO, Cast, assemble, cookie_for, grant
from tests.factories.things import event, opening, registration, series

pytestmark = pytest.mark.one_database

EDITS = ("details", "materials/new")
PUBLISHES = ("move", "cancellation", "postponement", "copies")
HANDS_OVER = ("co-owners",)
BUTTONS = ("publication", "withdrawal", "move", "move/preview", "cancellation", "postponement", "reinstatement")


@dataclass
class House:
    """An event that Liverpool leads and Oxford shares, and one that is Liverpool's alone."""

    session: Session
    client: FlaskClient
    cast: Cast
    shared: Event
    own: Event

    def enter(self, who: Person | None) -> FlaskClient:
        """Come as somebody."""
        if who is not None:
            self.client.set_cookie("programme_session", cookie_for(self.session, who))
        return self.client

    def status(self, who: Person | None, path: str, *, post: bool = False) -> int:
        """What a door answers."""
        client = self.enter(who)
        return (client.post(path) if post else client.get(path)).status_code

    def cast_of_both(self) -> tuple[Person, Person]:
        """The organisers of the lead, and of who shares the event."""
        return self.cast.olga, self.cast.omar


@pytest.fixture
def house(session: Session, client: FlaskClient) -> House:
    """Two events of Liverpool's."""
    cast = assemble(session)
    shared = event(session, lead=cast.liverpool, co_owners=[cast.oxford])
    own = event(session, lead=cast.liverpool, title="Ours alone")
    session.commit()
    return House(session, client, cast, shared, own)


@pytest.mark.parametrize("tail", ["", *[f"/{noun}" for noun in (*EDITS, *PUBLISHES, *HANDS_OVER)]])
def test_lead_opens_every_door(house: House, tail: str) -> None:
    assert house.status(house.cast.olga, f"/organise/events/{house.shared.id}{tail}") == 200


@pytest.mark.parametrize("tail", ["", *[f"/{noun}" for noun in EDITS]])
def test_co_owner_sees_and_edits(house: House, tail: str) -> None:
    assert house.status(house.cast.omar, f"/organise/events/{house.shared.id}{tail}") == 200


@pytest.mark.parametrize("noun", [*PUBLISHES, *HANDS_OVER])
def test_co_owner_neither_publishes_nor_hands_over(house: House, noun: str) -> None:
    assert house.status(house.cast.omar, f"/organise/events/{house.shared.id}/{noun}") == 403


@pytest.mark.parametrize("noun", BUTTONS)
def test_co_owner_presses_none_of_the_leads_buttons(house: House, noun: str) -> None:
    assert house.status(house.cast.omar, f"/organise/events/{house.shared.id}/{noun}", post=True) == 403
    house.session.refresh(house.shared)
    assert (house.shared.state, house.shared.version) == (EventState.PUBLISHED, 1)


@pytest.mark.parametrize("noun", ["", "/details", "/move", "/cancellation", "/co-owners", "/materials/new"])
def test_outsider_meets_closed_doors(house: House, noun: str) -> None:
    assert house.status(house.cast.omar, f"/organise/events/{house.own.id}{noun}") == 403


@pytest.mark.parametrize("noun", [*BUTTONS, "details", "materials", "co-owners", "copies"])
def test_outsider_presses_no_button(house: House, noun: str) -> None:
    assert house.status(house.cast.omar, f"/organise/events/{house.own.id}/{noun}", post=True) == 403


def test_helper_and_administrator_edit_nothing(house: House) -> None:
    grant(house.session, house.cast.charlie, Role.HELPER, subject=("event", house.own.id))
    house.session.commit()
    for who in (house.cast.charlie, house.cast.ada):
        assert house.status(who, f"/organise/events/{house.own.id}/details") == 403
    assert house.status(house.cast.ada, f"/organise/events/{house.own.id}") == 200
    assert house.status(house.cast.charlie, "/organise/events/new") == 403
    assert house.status(house.cast.charlie, "/organise/venues/new") == 403


@pytest.mark.parametrize("path", ["", "/events", "/events/new", "/series", "/dates", "/venues"])
def test_participant_and_nobody_stay_outside(house: House, path: str) -> None:
    assert house.client.get(f"/organise{path}").status_code == 303
    assert house.status(house.cast.alice, f"/organise{path}") == 403


@pytest.mark.parametrize(
    "path", ["events/999999", "events/9223372036854775808", "series/77", "venues/999", "dates/999"]
)
def test_what_is_not_there_is_not_found(house: House, path: str) -> None:
    assert house.status(house.cast.olga, f"/organise/{path}") == 404


def test_series_of_another_university_stays_closed(house: House) -> None:
    run = series(house.session, lead=house.cast.liverpool)
    house.session.commit()
    assert house.status(house.cast.olga, f"/organise/series/{run.id}") == 200
    for noun in ("", "/details", "/copies", "/co-owners"):
        assert house.status(house.cast.omar, f"/organise/series/{run.id}{noun}") == 403


def test_dates_belong_to_their_university(house: House) -> None:
    period = house.session.query(AcademicPeriod).first()
    assert period is not None
    assert house.status(house.cast.omar, f"/organise/dates/{period.id}") == 200
    assert house.status(house.cast.olga, f"/organise/dates/{period.id}") == 403
    assert house.status(house.cast.olga, f"/organise/dates/{period.id}/removal", post=True) == 403
    assert house.status(house.cast.ada, "/organise/dates/new") == 403


def test_venue_without_owner_is_everybodys_and_an_owned_one_is_not(house: House) -> None:
    free, owned = house.session.query(Venue).limit(2)
    owned.organisation_id = house.cast.liverpool.id
    house.session.commit()
    assert house.status(house.cast.omar, f"/organise/venues/{free.id}") == 200
    assert house.status(house.cast.omar, f"/organise/venues/{owned.id}") == 403


def test_drafts_of_others_are_on_no_list(house: House) -> None:
    event(house.session, lead=house.cast.liverpool, title="Secret plan", state=EventState.DRAFT, published_at=None)
    house.session.commit()
    page = house.enter(house.cast.omar).get("/organise/events?whose=all&when=all").get_data(as_text=True)
    assert "Ours alone" in page
    assert "Secret plan" not in page


def test_how_many_places_are_taken_is_told_of_ones_own_events_alone(house: House) -> None:
    for talk in (house.shared, house.own):
        registration(house.session, to=opening(house.session, events=[talk], capacity=None), who=house.cast.alice)
    house.session.commit()
    found = {
        who.name: house.enter(who).get("/organise/events?whose=all&when=all").text.count('data-label="Places taken:"')
        for who in (house.cast.olga, house.cast.omar)
    }
    assert found == {"Olga Oakhurst": 2, "Omar Otterbrook": 1}


def test_who_shares_an_event_learns_nothing_of_who_registers_where_they_do_not_share_that(house: House) -> None:
    place = opening(house.session, events=[house.shared], title="Seats for us", capacity=3)
    row = registration(house.session, to=place, who=house.cast.alice)
    house.session.add(RegistrationTag(registration_id=row.id, tag="needs a visa"))
    draft = opening(house.session, events=[house.shared], title="In the making", state=OpeningState.DRAFT)
    rule = ensure_default_rule(house.session, house.shared.id, LONG_AGO)
    house.session.commit()
    assert rule is not None
    home = f"/organise/events/{house.shared.id}"
    doors = (home, f"{home}/reminders", f"{home}/reminders/new", f"{home}/reminders/{rule.id}")
    told = {who.name: "".join(house.enter(who).get(door).text for door in doors) for who in house.cast_of_both()}
    hers, his = told["Olga Oakhurst"], told["Omar Otterbrook"]
    secret = ("Alice Aldgrove", "2 left", "needs a visa", draft.title, f"/organise/openings/{place.id}")
    assert [word for word in secret if word not in hers] == []
    assert [word for word in secret if word in his] == []
    assert place.title in his, "what everybody may see"
