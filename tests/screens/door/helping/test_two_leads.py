"""Two universities open registration for one event, each alone: a helper lets in the people of whoever asked them."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import BuildError

from programme.core.audit import AuditEntry
from programme.engines.registration.door.codes import Codes
from programme.engines.registration.models import Registration
from programme.engines.registration.states import Attendance
from programme.people.models import Person, Role, RoleGrant, Strand
from tests.factories import cast
from tests.screens.door.conftest import path_of
from tests.screens.door.helping.conftest import TwoLeads
from tests.screens.roll.conftest import As, fresh, letters, text_of

JSON = {"Accept": "application/json"}
HIDDEN = ("Bob", "Birchfield", "bob@", "Ben Bloom")
MINE = {"hal": "Hal Helpful", "olga": "Olga Oakhurst"}


def ask(client: FlaskClient, there: str, who: Person) -> str:
    """Ask somebody to help at a door."""
    typed = {"name": who.name, "address": who.address}
    return text_of(client.post(f"{there}/helpers", data=typed, follow_redirects=True))


@pytest.fixture
def asked_by_one(lecture: TwoLeads, signed_in: As) -> TwoLeads:
    """Olga asks Hal, and herself, to help at the lecture: her own people are all that she may show anybody."""
    client = signed_in(lecture.people.olga)
    for who in (lecture.hal, lecture.people.olga):
        assert "is asked by e-mail" in ask(client, lecture.door(lecture.ours), who)
    return lecture


@pytest.fixture
def asked_by_both(asked_by_one: TwoLeads, signed_in: As) -> TwoLeads:
    """Omar asks Hal, too."""
    omar = signed_in(asked_by_one.people.omar)
    assert "is asked by e-mail" in ask(omar, asked_by_one.door(asked_by_one.theirs), asked_by_one.hal)
    return asked_by_one


@pytest.mark.parametrize("who", MINE)
def test_one_lead_alone_shows_nobody_the_people_of_the_other_on_any_page(
    who: str, asked_by_one: TwoLeads, app: Flask, signed_in: As, codes: Codes, session: Session
) -> None:
    client, bob = signed_in(person(session, MINE[who])), asked_by_one.bob
    ids = {
        "opening_id": asked_by_one.theirs.id,
        "event_id": asked_by_one.event_id,
        "registration_id": bob.id,
        "person_id": asked_by_one.people.bob.id,
        "seat_id": bob.seats[0].id,
        "token": codes.token(bob.seats[0]),
        "ref": f"x-{asked_by_one.event_id}",
    }
    asked = 0
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or "<any(" in rule.rule or rule.rule.startswith(("/mailbox", "/static")):
            continue
        try:
            values = {name: ids.get(name, 1) for name in rule.arguments}
            address = app.url_map.bind("localhost").build(rule.endpoint, values, method="GET")
        except BuildError:
            continue
        page = text_of(client.get(address + ("?q=b" if who == "olga" else "")))
        assert [name for name in HIDDEN if name in page] == [], address
        asked += 1
    assert asked > 100
    assert "Alice Aldgrove" in text_of(client.get(asked_by_one.door(asked_by_one.ours)))


@pytest.mark.parametrize("who", MINE)
def test_one_lead_alone_lets_nobody_in_of_the_other_by_any_button(
    who: str, asked_by_one: TwoLeads, signed_in: As, codes: Codes, session: Session
) -> None:
    client, seat, key = signed_in(person(session, MINE[who])), asked_by_one.bob.seats[0], {"key": "kept for an hour"}
    door, code = asked_by_one.door(asked_by_one.theirs), path_of(codes, asked_by_one.bob)
    came = {"attendance": "present", **key}
    pressed = {
        f"/organise/seats/{seat.id}/attendance": came,
        code: came,
        f"{code}/walk-in": key,
        f"{door}/codes": {"code": codes.url(seat), **key},
        f"{door}/walk-ins": {"name": "Bob Birchfield", "address": asked_by_one.people.bob.address, **key},
        f"{door}/attendance": {"of": "unknown", "attendance": "present"},
        f"{door}/badges": {},
        f"{door}/certificates": {},
        f"{door}/helpers": {"name": "Hal", "address": asked_by_one.hal.address},
    }
    for address, typed in pressed.items():
        for headers in ({}, JSON):
            answer = client.post(address, data=typed, headers=headers)
            assert answer.status_code == 403, address
            assert [name for name in HIDDEN if name in text_of(answer)] == [], address
    assert client.get(f"{door}/counts").status_code == 403
    assert stands(session, asked_by_one.bob) is Attendance.UNKNOWN


def test_a_code_of_the_others_is_told_apart_from_one_of_another_event_and_named_to_nobody(
    asked_by_one: TwoLeads, signed_in: As, codes: Codes, session: Session
) -> None:
    hal = signed_in(asked_by_one.hal)
    read = {"code": codes.url(asked_by_one.bob.seats[0]), "key": "k"}
    answer = hal.post(f"{asked_by_one.door(asked_by_one.ours)}/codes", data=read, headers=JSON)
    assert answer.status_code == 409
    assert answer.json == {
        "said": "This code is for this event, by a registration whose people you do not let in. "
        "Send them to those who do, or ask its organisers to name you, too."
    }
    assert "by a registration whose people you do not let in" in text_of(hal.get(path_of(codes, asked_by_one.bob)))
    assert stands(session, asked_by_one.bob) is Attendance.UNKNOWN


def test_whoever_types_the_address_of_the_others_guest_at_the_own_door_learns_nothing_of_them(
    asked_by_one: TwoLeads, signed_in: As, session: Session
) -> None:
    typed = {"name": "Somebody", "address": asked_by_one.people.bob.address, "key": "k"}
    said = text_of(
        signed_in(asked_by_one.hal).post(
            f"{asked_by_one.door(asked_by_one.ours)}/walk-ins", data=typed, follow_redirects=True
        )
    )
    assert "Somebody is here." in said
    assert [name for name in HIDDEN if name in said] == []
    assert stands(session, asked_by_one.bob) is Attendance.UNKNOWN


def test_one_person_asked_by_both_leads_lets_in_everybody_of_the_room_at_either_door(
    asked_by_both: TwoLeads, signed_in: As, codes: Codes, session: Session
) -> None:
    hal, (ours, theirs) = signed_in(asked_by_both.hal), (asked_by_both.ours, asked_by_both.theirs)
    listed = text_of(hal.get("/organise/registrations"))
    for opening in (ours, theirs):
        assert f'href="/organise/openings/{opening.id}/door"' in listed
    assert "In the bars" not in listed, "who helps sees no numbers, so none are explained"
    assert f'href="{asked_by_both.door(theirs)}">Lecture for Oxford, Oxford<' in text_of(
        hal.get(asked_by_both.door(ours))
    )
    read = {"code": codes.url(asked_by_both.alice.seats[0]), "key": "k1"}
    answer = hal.post(f"{asked_by_both.door(theirs)}/codes", data=read, headers=JSON)
    assert answer.json is not None
    assert answer.json["said"] == "Alice Aldgrove is here."
    seat = f"/organise/seats/{asked_by_both.bob.seats[0].id}/attendance"
    assert "Bob Birchfield and Ben Bloom are here." in text_of(
        hal.post(seat, data={"attendance": "present", "key": "k2"}, follow_redirects=True)
    )
    assert hal.get(f"{asked_by_both.door(theirs)}/counts").json == {
        "present": 2, "absent": 0, "unknown": 0, "expected": 2
    }  # fmt: skip


def test_who_is_asked_by_both_is_told_by_each_and_what_one_takes_back_the_other_keeps(
    asked_by_both: TwoLeads, signed_in: As, session: Session
) -> None:
    omar, hal = signed_in(asked_by_both.people.omar), signed_in(asked_by_both.hal)
    assert letters(session).count(("role_granted", "hal@example.org")) == 2
    session.rollback()
    assert "helps here already" in ask(omar, asked_by_both.door(asked_by_both.theirs), asked_by_both.hal)
    row = grant_of(session, asked_by_both.hal, asked_by_both.people.oxford.id)
    said = text_of(
        omar.post(f"{asked_by_both.door(asked_by_both.theirs)}/helpers/{row.id}/revocation", follow_redirects=True)
    )
    assert "Hal Helpful does not help here any more." in said
    late = {"attendance": "present", "key": "kept by the telephone", "ago": "60"}
    answer = hal.post(f"/organise/seats/{asked_by_both.bob.seats[0].id}/attendance", data=late, headers=JSON)
    assert answer.status_code == 403
    assert stands(session, asked_by_both.bob) is Attendance.UNKNOWN
    assert "Alice Aldgrove" in text_of(hal.get(asked_by_both.door(asked_by_both.ours)))


def test_neither_lead_reads_of_the_other_s_helpers_nor_takes_them_back(
    asked_by_both: TwoLeads, signed_in: As, session: Session
) -> None:
    cast.grant(
        session,
        cast.person(session, "Hetty Handy", "hetty@example.org"),
        Role.HELPER,
        organisation=asked_by_both.people.oxford,
        subject=("event", asked_by_both.event_id),
    )
    session.commit()
    olga, door = signed_in(asked_by_both.people.olga), asked_by_both.door(asked_by_both.ours)
    page = text_of(olga.get(f"{door}/helpers"))
    assert "Hal Helpful" in page
    assert "Hetty" not in page
    assert "“Lecture for Oxford” by University of Oxford" in page
    row = grant_of(session, person(session, "Hetty Handy"), asked_by_both.people.oxford.id)
    for address in (f"{door}/helpers/{row.id}/revocation", f"/organise/people/grants/{row.id}/revocation"):
        said = text_of(olga.post(address, follow_redirects=True))
        assert "Hetty" not in said
    assert grant_of(session, person(session, "Hetty Handy"), asked_by_both.people.oxford.id).id == row.id


def test_each_lead_s_trail_says_who_was_asked_by_its_own(asked_by_both: TwoLeads, session: Session) -> None:
    acts = select(AuditEntry.person_id, AuditEntry.organisation_id).where(AuditEntry.verb == "grant a role")
    assert [tuple(row) for row in session.execute(acts.order_by(AuditEntry.id))] == [
        (asked_by_both.people.olga.id, asked_by_both.people.liverpool.id),
        (asked_by_both.people.olga.id, asked_by_both.people.liverpool.id),
        (asked_by_both.people.omar.id, asked_by_both.people.oxford.id),
    ]


def test_who_shares_an_opening_asks_for_it_and_their_helpers_end_with_the_sharing(
    lecture: TwoLeads, signed_in: As, session: Session
) -> None:
    lecture.ours.co_owners = [lecture.people.oxford]
    session.commit()
    assert "is asked by e-mail" in ask(signed_in(lecture.people.omar), lecture.door(lecture.ours), lecture.hal)
    hal, olga = signed_in(lecture.hal), signed_in(lecture.people.olga)
    assert "Alice Aldgrove" in text_of(hal.get(lecture.door(lecture.ours)))
    page = text_of(olga.get(f"{lecture.door(lecture.ours)}/helpers"))
    assert "Hal Helpful" in page
    assert "Take back" not in page, "of another university"
    session.refresh(lecture.ours)
    lecture.ours.co_owners = []
    session.commit()
    assert hal.get(lecture.door(lecture.ours)).status_code == 403
    assert hal.get(lecture.door(lecture.theirs)).status_code == 200


def test_who_organises_one_strand_shows_nobody_the_people_of_another(
    lecture: TwoLeads, signed_in: As, session: Session
) -> None:
    lecture.theirs.lead_organisation_id, lecture.theirs.strand = lecture.people.liverpool.id, Strand.COHORTS
    narrow = cast.person(session, "Nora Narrow", "nora@liverpool.example.ac.uk")
    cast.grant(session, narrow, Role.ORGANISER, organisation=lecture.people.liverpool, strand=Strand.EXCHANGE)
    session.commit()
    client = signed_in(narrow)
    assert "is asked by e-mail" in ask(client, lecture.door(lecture.ours), narrow)
    assert client.get(lecture.door(lecture.ours)).status_code == 200
    assert client.get(lecture.door(lecture.theirs)).status_code == 403
    assert "Lecture for Oxford" not in text_of(client.get("/organise/registrations"))


def person(session: Session, name: str) -> Person:
    """Somebody by name."""
    return session.scalars(select(Person).where(Person.name == name)).one()


def grant_of(session: Session, who: Person, organisation_id: int) -> RoleGrant:
    """What somebody helps with for an organisation."""
    session.rollback()
    held = select(RoleGrant).where(RoleGrant.person_id == who.id, RoleGrant.organisation_id == organisation_id)
    return session.scalars(held.where(RoleGrant.role == Role.HELPER)).one()


def stands(session: Session, row: Registration) -> Attendance:
    """Where somebody stands at the door."""
    return fresh(session, row).seats[0].attendance
