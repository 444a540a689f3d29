"""Patterns of residentials: who sees and keeps which, what a change makes of them, and weeks planned by them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from programme.core.audit import AuditEntry
from programme.engines.calendar.models import Event, Venue
from programme.people.identity import actor_of
from programme.strands.cohorts.models import ResidentialPattern
from programme.strands.cohorts.planning.residential.patterns.defaults import JOINT_WEEK, TITLE
from programme.strands.cohorts.planning.residential.patterns.editing import copy
from programme.strands.cohorts.planning.residential.patterns.founding import found_pattern
from programme.strands.cohorts.planning.residential.patterns.queries import parts_of
from programme.strands.cohorts.planning.residential.template import PartKind
from tests.bed.databases import statements
from tests.factories import cohorts
from tests.factories.cast import LONG_AGO, Cast, assemble, cookie_for
from tests.strands.cohorts.planning.test_residentials import filled

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from programme.people.models import Organisation, Person
    from tests.bed.clock import Clock

HERE = "/organise/residential-patterns"


@pytest.fixture
def cast(session: Session, clock: Clock) -> Cast:
    found = assemble(session)
    found_pattern(session, now=LONG_AGO)
    session.commit()
    return found


@pytest.fixture
def founded(session: Session, cast: Cast) -> ResidentialPattern:
    """The pattern that an installation starts with."""
    del cast
    return session.scalars(select(ResidentialPattern)).one()


def own(session: Session, who: Person, whose: Organisation, title: str = "Our own week") -> ResidentialPattern:
    """Copy the founded pattern for an organisation."""
    first = session.scalars(select(ResidentialPattern).order_by(ResidentialPattern.id)).first()
    assert first is not None
    row = copy(session, first, title, organisation_id=whose.id, actor=actor_of(who), now=LONG_AGO)
    session.commit()
    return row


def sign_in(client: FlaskClient, session: Session, who: Person) -> FlaskClient:
    """Return the browser of somebody."""
    client.set_cookie("programme_session", cookie_for(session, who))
    return client


def test_founding_adds_the_default_once(session: Session, founded: ResidentialPattern) -> None:
    assert (founded.title, founded.organisation_id) == (TITLE, None)
    assert parts_of(founded) == list(JOINT_WEEK)
    assert not found_pattern(session, now=LONG_AGO)


def test_the_founded_is_everybodys_to_see_and_administrators_to_change(
    client: FlaskClient, session: Session, cast: Cast, founded: ResidentialPattern
) -> None:
    for who, seen, changed in (
        (cast.olga, 200, 403),
        (cast.omar, 200, 403),
        (cast.ada, 200, 200),
        (cast.bob, 403, 403),
    ):
        sign_in(client, session, who)
        assert client.get(HERE).status_code == seen, who.name
        assert client.get(f"{HERE}/{founded.id}").status_code == seen, who.name
        for address in ("details", "deletion"):
            assert client.get(f"{HERE}/{founded.id}/{address}").status_code == changed, who.name
    client.delete_cookie("programme_session")
    assert client.get(HERE).status_code == 303


def test_a_pattern_of_one_university_is_not_there_for_the_other(
    client: FlaskClient, session: Session, cast: Cast, founded: ResidentialPattern
) -> None:
    row = own(session, cast.olga, cast.liverpool)
    sign_in(client, session, cast.olga)
    assert "Our own week" in client.get(HERE).get_data(as_text=True)
    assert client.get(f"{HERE}/{row.id}/details").status_code == 200
    sign_in(client, session, cast.omar)
    assert "Our own week" not in client.get(HERE).get_data(as_text=True)
    for address in ("", "/details", "/deletion", "/copies/new"):
        assert client.get(f"{HERE}/{row.id}{address}").status_code == 404, address
    for address in ("/details", "/preview", "/deletion", "/copies"):
        assert client.post(f"{HERE}/{row.id}{address}", data={"title": "Taken"}).status_code == 404, address
    cohort = cohorts.cohort(session, award=cohorts.award(session, lead=cast.oxford))
    session.commit()
    assert client.get(f"/organise/cohorts/{cohort.id}/residentials/new?pattern={row.id}").status_code == 404
    assert client.get(f"/organise/cohorts/{cohort.id}/residentials/new?pattern={founded.id}").status_code == 200


def test_a_copy_is_made_and_changed_and_the_first_stays(
    client: FlaskClient, session: Session, cast: Cast, founded: ResidentialPattern
) -> None:
    olga = sign_in(client, session, cast.olga)
    asked = filled(olga.get(f"{HERE}/{founded.id}/copies/new").get_data(as_text=True))
    made = olga.post(f"{HERE}/{founded.id}/copies", data=asked | {"title": "Two days", "owner": str(cast.liverpool.id)})
    assert made.status_code == 303
    form = filled(olga.get(made.location).get_data(as_text=True))
    for number in (0, 1, 6):
        form[f"part{number}_title"] = ""
    form |= {"part7_title": "Walk home", "part7_weekday": "3", "part7_begins": "18:00", "part7_ends": "19:30"}
    form |= {"part7_place": "site:LIV", "part2_place": "way:LIV-HAR"}
    looked = olga.post(made.location.replace("/details", "/preview"), data=form)
    text = looked.get_data(as_text=True)
    assert looked.status_code == 200
    assert "The week as it would be" in text
    assert "Liverpool to Harwell" in text
    session.rollback()
    row = session.scalars(select(ResidentialPattern).where(ResidentialPattern.title == "Two days")).one()
    assert parts_of(row) == list(JOINT_WEEK), "nothing is saved by looking"
    assert olga.post(made.location, data=filled(text)).status_code == 303
    session.rollback()
    session.refresh(row)
    told = [(one.day_name, one.title, f"{one.begins:%H:%M}", one.minutes, one.site) for one in parts_of(row)]
    assert told == [
        ("Wednesday", "Coach there", "08:00", 240, "HAR"),
        ("Wednesday", "Residential, first day", "12:00", 330, ""),
        ("Thursday", "Residential, second day", "09:00", 240, ""),
        ("Thursday", "Coach back", "13:15", 240, "LIV"),
        ("Thursday", "Walk home", "18:00", 90, "LIV"),
    ]
    assert row.revision == 1
    assert parts_of(founded) == list(JOINT_WEEK)
    assert {"pattern copied", "pattern changed"} <= set(session.scalars(select(AuditEntry.verb)))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"title": ""}, "Enter a title"),
        ({"part0_ends": "10:00"}, "must end after it begins, on its day."),
        ({"part0_begins": ""}, "Enter when it begins."),
        ({"part0_ends": "later"}, "Enter a time like 14:30."),
        ({"part0_place": "venue:999999"}, "Choose one from the list."),
        ({"part0_weekday": "9"}, "Choose one from the list."),
        ({f"part{number}_title": "" for number in range(7)}, "Keep at least one part"),
    ],
)
@pytest.mark.one_database
def test_a_refusal_keeps_all_that_was_typed(
    client: FlaskClient, session: Session, cast: Cast, wrong: dict[str, str], said: str
) -> None:
    row = own(session, cast.olga, cast.liverpool)
    olga = sign_in(client, session, cast.olga)
    form = filled(olga.get(f"{HERE}/{row.id}/details").get_data(as_text=True)) | {"hint": "Typed anew"} | wrong
    for address in ("preview", "details"):
        answer = olga.post(f"{HERE}/{row.id}/{address}", data=form)
        text = answer.get_data(as_text=True)
        assert answer.status_code == 422
        assert said in text
        kept = filled(text)
        lost = {name for name, value in form.items() if value and kept.get(name) != value and name not in wrong}
        assert {name for name in lost if "_title" not in str(wrong)} == set()
    session.rollback()
    session.refresh(row)
    assert parts_of(row) == list(JOINT_WEEK)


def test_who_changed_it_meanwhile_is_not_overwritten(client: FlaskClient, session: Session, cast: Cast) -> None:
    row = own(session, cast.olga, cast.liverpool)
    olga = sign_in(client, session, cast.olga)
    form = filled(olga.get(f"{HERE}/{row.id}/details").get_data(as_text=True))
    assert olga.post(f"{HERE}/{row.id}/details", data=form | {"hint": "Mine"}).status_code == 303
    answer = olga.post(f"{HERE}/{row.id}/details", data=form | {"hint": "Late"})
    assert answer.status_code == 422
    session.rollback()
    session.refresh(row)
    assert row.hint == "Mine"
    again = filled(answer.get_data(as_text=True))
    assert olga.post(f"{HERE}/{row.id}/details", data=again).status_code == 303
    session.rollback()
    session.refresh(row)
    assert row.hint == "Late"


def test_two_of_one_owner_have_different_titles(client: FlaskClient, session: Session, cast: Cast) -> None:
    row = own(session, cast.olga, cast.liverpool)
    olga = sign_in(client, session, cast.olga)
    copied = olga.post(f"{HERE}/{row.id}/copies", data={"title": row.title, "owner": str(cast.liverpool.id)})
    assert copied.status_code == 422
    assert "There is a pattern of that title already." in copied.get_data(as_text=True)
    theirs = olga.post(f"{HERE}/{row.id}/copies", data={"title": "For them", "owner": str(cast.oxford.id)})
    assert theirs.status_code == 422
    for_all = olga.post(f"{HERE}/{row.id}/copies", data={"title": "For all", "owner": ""})
    assert for_all.status_code == 422


def test_a_pattern_is_deleted_and_the_last_of_all_stays(
    client: FlaskClient, session: Session, cast: Cast, founded: ResidentialPattern
) -> None:
    row = own(session, cast.olga, cast.liverpool)
    number = row.id
    olga = sign_in(client, session, cast.olga)
    assert olga.post(f"{HERE}/{number}/deletion").status_code == 303
    assert olga.get(f"{HERE}/{number}").status_code == 404
    ada = sign_in(client, session, cast.ada)
    kept = ada.post(f"{HERE}/{founded.id}/deletion", follow_redirects=True)
    assert "One pattern has to stay" in kept.get_data(as_text=True)
    session.rollback()
    assert session.scalars(select(ResidentialPattern.id)).all() == [founded.id]


def test_a_week_is_planned_by_the_pattern_that_was_chosen_with_its_way(
    client: FlaskClient, session: Session, cast: Cast, founded: ResidentialPattern
) -> None:
    row = own(session, cast.olga, cast.liverpool)
    harwell = session.scalars(select(Venue.id).where(Venue.site == "HAR").order_by(Venue.id)).first()
    for part in row.parts:
        part.is_proposed = part.weekday == 2
        part.venue_id = harwell if part.kind is PartKind.IN_PERSON else None
    row.parts[2].minutes = 60
    cohort = cohorts.cohort(session, award=cohorts.award(session, lead=cast.liverpool))
    session.commit()
    olga, home = sign_in(client, session, cast.olga), f"/organise/cohorts/{cohort.id}/residentials"
    form = filled(olga.get(f"{home}/new?week=2027-02-15&pattern={row.id}").get_data(as_text=True))
    assert {name for name in form if name.endswith("_on")} == {"part2_on", "part3_on"}
    assert (form["part2_way"], form["part3_venue"]) == ("way:LIV-OXF", str(harwell))
    text = olga.post(f"{home}/preview", data=form).get_data(as_text=True)
    assert "2 drafts would be made" in text
    assert "Liverpool to Oxford" in text
    assert "Too little time for the way" in text
    looked = filled(text)
    row.revision += 1
    session.commit()
    changed = olga.post(home, data=looked)
    assert changed.status_code == 422
    assert "not the week that you looked at" in changed.get_data(as_text=True)
    assert olga.post(home, data=filled(changed.get_data(as_text=True))).status_code == 303
    session.rollback()
    made = session.scalars(select(Event).order_by(Event.starts_at)).all()
    assert [(one.room, one.venue_id) for one in made] == [("Liverpool to Oxford", None), ("", harwell)]
    assert founded.revision == 0


@pytest.mark.one_database
def test_a_venue_that_goes_leaves_the_pattern(session: Session, cast: Cast, founded: ResidentialPattern) -> None:
    venue = Venue(code="GONE", name="Gone hall", site="OXF", address="1 Road", organisation_id=cast.oxford.id)
    session.add(venue)
    session.flush()
    founded.parts[0].venue_id = venue.id
    session.commit()
    session.delete(venue)
    session.commit()
    session.refresh(founded.parts[0])
    assert founded.parts[0].venue_id is None


@pytest.mark.one_database
def test_the_list_costs_the_same_for_many(app: Flask, client: FlaskClient, session: Session, cast: Cast) -> None:
    olga = sign_in(client, session, cast.olga)
    own(session, cast.olga, cast.liverpool)
    olga.get(HERE)
    with statements(app) as few:
        olga.get(HERE)
    for number in range(29):
        own(session, cast.olga, cast.liverpool, f"Week {number}")
    with statements(app) as many:
        assert "Week 28" in olga.get(HERE).get_data(as_text=True)
    assert len(many) == len(few)
