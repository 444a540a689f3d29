"""People without a place, let in at the door; and everybody marked in one go afterwards."""

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.registration.deciding.models import DecisionTerms
from programme.engines.registration.deciding.states import DecidedBy
from programme.engines.registration.keeping.namelessness import NAMELESS
from programme.engines.registration.keeping.plugs import REGISTRATIONS
from programme.engines.registration.models import Registration
from programme.engines.registration.states import Attendance, PlacesBy, RegistrationState, Source
from programme.people.keeping.ports import Times
from tests.bed.clock import Clock
from tests.factories import things
from tests.factories.things import SOON
from tests.screens.door.conftest import door_of
from tests.screens.roll.conftest import As, Evening, fresh, letters, text_of


def walk_in(client: FlaskClient, evening: Evening, **typed: str) -> str:
    return text_of(client.post(f"{door_of(evening)}/walk-ins", data={"key": "k", **typed}, follow_redirects=True))


def walked_in(session: Session) -> list[Registration]:
    session.rollback()
    return list(session.scalars(select(Registration).where(Registration.source == Source.WALK_IN)))


def test_somebody_known_by_name_alone_is_let_in_beyond_the_places_once(
    with_walk_ins: Evening, signed_in: As, session: Session
) -> None:
    helper = signed_in(with_walk_ins.helper)
    assert "Every place is taken." in text_of(helper.get(f"{door_of(with_walk_ins)}/walk-ins/new"))
    for _ in range(2):
        assert "Wanda Walker" in walk_in(helper, with_walk_ins, name="Wanda Walker")
    rows = walked_in(session)
    assert [(row.name, row.state, row.person_id) for row in rows] == [
        ("Wanda Walker", RegistrationState.CONFIRMED, None)
    ]
    assert rows[0].seats[0].attendance is Attendance.PRESENT
    assert letters(session) == []
    page = text_of(helper.get(door_of(with_walk_ins)))
    assert "Wanda Walker" in page


def test_somebody_with_an_address_is_told_and_counts_for_nobody(
    with_walk_ins: Evening, signed_in: As, session: Session
) -> None:
    helper = signed_in(with_walk_ins.helper)
    walk_in(helper, with_walk_ins, name="Wanda Walker", address="wanda@liverpool.example.ac.uk")
    row = walked_in(session)[0]
    assert row.person_id is not None
    assert row.counts_for_id is None
    assert letters(session) == [("registration_confirmed", "wanda@liverpool.example.ac.uk")]


def test_organisers_read_how_somebody_came_about(with_walk_ins: Evening, signed_in: As, session: Session) -> None:
    walk_in(signed_in(with_walk_ins.helper), with_walk_ins, name="Wanda Walker")
    number = walked_in(session)[0].id
    assert "Came to the door without a place" in text_of(
        signed_in(with_walk_ins.people.olga).get(f"/organise/registrations/{number}")
    )


def test_whoever_waits_has_a_place_by_walking_in(with_walk_ins: Evening, signed_in: As, session: Session) -> None:
    charlie = with_walk_ins.charlie
    said = walk_in(signed_in(with_walk_ins.helper), with_walk_ins, name="Charlie", address=charlie.address)
    assert "Charlie Chalkwell is here." in said
    assert fresh(session, charlie).state is RegistrationState.CONFIRMED
    assert walked_in(session) == []


def test_who_waits_behind_others_and_who_is_offered_a_place_walk_in_too(
    with_walk_ins: Evening, signed_in: As, session: Session
) -> None:
    ada, omar = with_walk_ins.people.ada, with_walk_ins.people.omar
    waits = things.registration(
        session, to=with_walk_ins.opening, who=ada, state=RegistrationState.WAITLISTED, joined_at=SOON
    )
    offered = things.registration(session, to=with_walk_ins.opening, who=omar, state=RegistrationState.OFFERED)
    session.commit()
    for row in (waits, offered):
        assert "is here." in walk_in(
            signed_in(with_walk_ins.helper), with_walk_ins, name=row.name, address=row.address, key=f"for {row.id}"
        )
        assert fresh(session, row).state is RegistrationState.CONFIRMED


def test_a_choice_is_the_event_whose_door_it_is(with_walk_ins: Evening, signed_in: As, session: Session) -> None:
    with_walk_ins.opening.chooses = 1
    session.commit()
    walk_in(signed_in(with_walk_ins.helper), with_walk_ins, name="Wanda", address="wanda@example.org")
    assert [seat.event_id for seat in walked_in(session)[0].seats] == [with_walk_ins.event_id]


def test_nobody_walks_past_the_keys(with_walk_ins: Evening, signed_in: As, session: Session) -> None:
    with_walk_ins.opening.places_by = PlacesBy.DECISION
    session.add(DecisionTerms(opening_id=with_walk_ins.opening.id, decided_by=DecidedBy.KEYS))
    session.commit()
    for address in ("", "wanda@example.org"):
        said = walk_in(signed_in(with_walk_ins.helper), with_walk_ins, name="Wanda", address=address)
        assert "Each university holds a key to places here" in said
    assert walked_in(session) == []


def test_nobody_walks_in_where_the_door_does_not_allow_it(
    at_the_door: Evening, signed_in: As, session: Session
) -> None:
    helper = signed_in(at_the_door.helper)
    answer = helper.post(f"{door_of(at_the_door)}/walk-ins", data={"name": "Wanda Walker", "key": "k"})
    assert answer.status_code == 422
    assert "Nobody is let in here without a place." in text_of(answer)
    assert "Without a place" not in text_of(helper.get(door_of(at_the_door)))
    assert walked_in(session) == []


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(with_walk_ins: Evening, signed_in: As) -> None:
    helper = signed_in(with_walk_ins.helper)
    answer = helper.post(f"{door_of(with_walk_ins)}/walk-ins", data={"name": "Wanda", "address": "wanda at home"})
    assert answer.status_code == 422
    assert 'value="Wanda"' in text_of(answer)
    assert 'value="wanda at home"' in text_of(answer)
    for odd in ("", "W\0", "W" * 500):
        assert helper.post(f"{door_of(with_walk_ins)}/walk-ins", data={"name": odd}).status_code == 422


def test_organisers_allow_walk_ins_and_helpers_do_not(at_the_door: Evening, olga: FlaskClient, signed_in: As) -> None:
    there = f"{door_of(at_the_door)}/settings"
    assert signed_in(at_the_door.helper).post(there, data={"takes_walk_ins": "y"}).status_code == 403
    said = text_of(olga.post(there, data={"takes_walk_ins": "y"}, follow_redirects=True))
    assert "People without a place may be let in." in said
    assert "Without a place" in text_of(signed_in(at_the_door.helper).get(door_of(at_the_door)))


def test_everybody_left_is_marked_in_one_go_by_organisers_alone(
    at_the_door: Evening, olga: FlaskClient, signed_in: As, session: Session
) -> None:
    there = f"{door_of(at_the_door)}/attendance"
    olga.post(f"/organise/seats/{at_the_door.alice.seats[0].id}/attendance", data={"attendance": "present"})
    rest = {"of": "unknown", "attendance": "absent"}
    assert signed_in(at_the_door.helper).post(there, data=rest).status_code == 403
    assert "1 person marked." in text_of(olga.post(there, data=rest, follow_redirects=True))
    marks = [
        fresh(session, row).seats[0].attendance for row in (at_the_door.alice, at_the_door.bob, at_the_door.charlie)
    ]
    assert marks == [Attendance.PRESENT, Attendance.ABSENT, Attendance.UNKNOWN]
    olga.post(there, data={"of": "absent", "attendance": "unknown"})
    assert fresh(session, at_the_door.bob).seats[0].attendance is Attendance.UNKNOWN
    for odd in ({}, {"of": "present", "attendance": "present"}, {"of": "x", "attendance": "y"}):
        assert "Say who is to be marked" in text_of(olga.post(there, data=odd, follow_redirects=True))


def test_numbers_by_university_are_for_those_who_may_see_people(
    at_the_door: Evening, olga: FlaskClient, signed_in: As
) -> None:
    olga.post(f"/organise/seats/{at_the_door.bob.seats[0].id}/attendance", data={"attendance": "present"})
    oxford = at_the_door.people.oxford.id
    told = olga.get(f"{door_of(at_the_door)}/counts").json
    assert told is not None
    assert (told["expected"], told["present"], told["unknown"], told["absent"]) == (2, 1, 1, 0)
    assert (told[f"here-{oxford}"], told[f"of-{oxford}"]) == (1, 1)
    seen = signed_in(at_the_door.helper).get(f"{door_of(at_the_door)}/counts").json
    assert seen == {"expected": 2, "present": 1, "unknown": 1, "absent": 0}
    assert "Here, by university" not in text_of(signed_in(at_the_door.helper).get(door_of(at_the_door)))


def test_a_name_from_the_door_goes_when_the_others_go(
    with_walk_ins: Evening, signed_in: As, session: Session, clock: Clock
) -> None:
    walk_in(signed_in(with_walk_ins.helper), with_walk_ins, name="Wanda Walker")
    row = walked_in(session)[0]
    for days, name in ((360, "Wanda Walker"), (10, NAMELESS)):
        now = clock.forward(days=days)
        session.rollback()
        REGISTRATIONS.retire(session, Times(), now=now)
        session.commit()
        assert fresh(session, row).name == name
    assert REGISTRATIONS.retire(session, Times(), now=clock.now) == 0
