"""Helpers of one event: asked by letter, seeing names and nothing else, and gone a week after it."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import BuildError

from programme.core.database import begin_writing
from programme.engines.registration.door.codes import Codes
from programme.engines.registration.states import Attendance
from programme.flows.door.helping import end_helpers
from programme.people.models import Role, RoleGrant
from tests.bed.clock import Clock
from tests.factories import cast, things
from tests.screens.door.conftest import DURING, door_of, path_of
from tests.screens.roll.conftest import As, Evening, fresh, letters, text_of


def helps(session: Session, evening: Evening) -> list[int]:
    session.rollback()
    grants = select(RoleGrant.person_id).where(RoleGrant.role == Role.HELPER, RoleGrant.subject_id == evening.event_id)
    return list(session.scalars(grants.order_by(RoleGrant.id)))


def test_somebody_is_asked_by_a_letter_with_the_way_in_and_taken_back(
    evening: Evening, olga: FlaskClient, session: Session
) -> None:
    there = f"{door_of(evening)}/helpers"
    typed = {"name": "Hilda Handy", "address": "hilda@example.org"}
    said = text_of(olga.post(there, data=typed, follow_redirects=True))
    assert "Hilda Handy is asked by e-mail, with the way in." in said
    assert letters(session) == [("role_granted", "hilda@example.org")]
    assert "helps here already" in text_of(olga.post(there, data=typed, follow_redirects=True))
    grant = session.scalars(select(RoleGrant).order_by(RoleGrant.id.desc())).first()
    assert grant is not None
    said = text_of(olga.post(f"{there}/{grant.id}/revocation", follow_redirects=True))
    assert "Hilda Handy does not help here any more." in said
    assert helps(session, evening) == [evening.helper.id]


def test_what_is_wrong_is_said_beside_what_was_typed(evening: Evening, olga: FlaskClient) -> None:
    answer = olga.post(f"{door_of(evening)}/helpers", data={"name": "Hilda", "address": "hilda"})
    assert answer.status_code == 422
    assert 'value="Hilda"' in text_of(answer)


def test_roles_elsewhere_are_not_taken_back_here(evening: Evening, olga: FlaskClient, session: Session) -> None:
    theirs = session.scalars(select(RoleGrant).where(RoleGrant.person_id == evening.elsewhere_helper.id)).one()
    said = text_of(olga.post(f"{door_of(evening)}/helpers/{theirs.id}/revocation", follow_redirects=True))
    assert "They do not help at this event any more." in said


def test_only_organisers_of_the_opening_ask_for_help_each_for_their_own_university(
    evening: Evening, signed_in: As, session: Session
) -> None:
    there, typed = f"{door_of(evening)}/helpers", {"name": "Hilda Handy", "address": "hilda@example.org"}
    for who in (evening.helper, evening.elsewhere_helper, evening.partner, evening.stranger, evening.people.alice):
        assert signed_in(who).get(there).status_code == 403
        assert signed_in(who).post(there, data=typed).status_code == 403
    assert letters(session) == []
    for who in (evening.people.omar, evening.people.olga):
        assert "is asked by e-mail" in text_of(signed_in(who).post(there, data=typed, follow_redirects=True))
    session.rollback()
    newest = select(RoleGrant.organisation_id).order_by(RoleGrant.id.desc()).limit(2)
    assert list(session.scalars(newest)) == [evening.people.liverpool.id, evening.people.oxford.id]


SECRETS = ("alice@liverpool", "bob@oxford", "charlie@", "Vegan", "Charlie Chalkwell")


def test_a_helper_sees_names_and_nothing_else_by_any_door(
    at_the_door: Evening, codes: Codes, signed_in: As, app: Flask, olga: FlaskClient
) -> None:
    olga.post(f"/organise/registrations/{at_the_door.alice.id}/confirmation")
    helper, code, sees_alice = signed_in(at_the_door.helper), path_of(codes, at_the_door.bob), False
    ids = {
        "opening_id": at_the_door.opening.id,
        "event_id": at_the_door.event_id,
        "registration_id": at_the_door.alice.id,
        "person_id": at_the_door.people.alice.id,
        "seat_id": at_the_door.alice.seats[0].id,
        "message_id": 1,
        "letter_id": 1,
        "token": codes.token(at_the_door.alice.seats[0]),
        "ref": f"x-{at_the_door.event_id}",
    }
    for rule in app.url_map.iter_rules():
        is_other = "<any(" in rule.rule or rule.rule.startswith(("/mailbox", "/static"))
        if "GET" not in (rule.methods or ()) or is_other:
            continue
        try:
            address = app.url_map.bind("localhost").build(
                rule.endpoint, {name: ids.get(name, 1) for name in rule.arguments}, method="GET"
            )
        except BuildError:
            continue
        if address == "/me/account/answers":
            continue  # their own form, which names what anybody may tick
        for query in ("", "?q=alice", "?q=chemistry"):
            page = text_of(helper.get(address + query)).replace(f'value="{query[3:]}"', "")
            assert [secret for secret in SECRETS if secret in page] == [], address + query
            assert "Chemistry" not in page or not address.startswith("/organise"), address + query
            assert code not in page, address + query
            sees_alice = sees_alice or "Alice Aldgrove" in page
    assert sees_alice


def test_helpers_end_a_week_after_what_they_helped_with(
    evening: Evening, session: Session, clock: Clock, signed_in: As
) -> None:
    run = things.series(session, lead=evening.people.liverpool)
    things.event(session, lead=evening.people.liverpool, series_id=run.id)
    cast.grant(session, evening.partner, Role.HELPER, organisation=evening.people.liverpool, subject=("series", run.id))
    session.commit()
    for days, ended in ((6.5, 0), (8, 3)):
        clock.set(DURING)
        now = clock.forward(days=days)
        begin_writing(session)
        assert end_helpers(session, now=now) == ended
        session.commit()
    assert helps(session, evening) == []
    assert signed_in(evening.helper).get(door_of(evening)).status_code == 403


def test_helpers_stay_while_the_event_waits_for_a_date(evening: Evening, session: Session, clock: Clock) -> None:
    event = evening.opening.events[0]
    event.date_is_known = False
    session.commit()
    clock.set(DURING)
    assert end_helpers(session, now=clock.forward(days=30)) == 1
    session.commit()
    assert helps(session, evening) == [evening.helper.id]


@pytest.mark.parametrize("number", [0, 2**63 - 1])
def test_no_door_is_opened_by_odd_numbers(evening: Evening, olga: FlaskClient, number: int) -> None:
    assert olga.get(f"{evening.home}/door/{number}/helpers").status_code == 404
    assert olga.post(f"{door_of(evening)}/helpers/{number}/revocation").status_code in {303, 404}


def test_a_helper_learns_no_name_of_who_has_no_place_by_a_chair_s_number(
    at_the_door: Evening, signed_in: As, session: Session
) -> None:
    seat = at_the_door.charlie.seats[0]
    helper = signed_in(at_the_door.helper)
    for attendance in ("present", "absent", "unknown"):
        said = text_of(
            helper.post(f"/organise/seats/{seat.id}/attendance", data={"attendance": attendance}, follow_redirects=True)
        )
        assert "Charlie" not in said
        assert "This person has no place here." in said
    assert fresh(session, at_the_door.charlie).seats[0].attendance is Attendance.UNKNOWN
