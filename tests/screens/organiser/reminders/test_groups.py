"""Reminders to the people of a group: which it is, and who is in it, is its own organisation's to know."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from programme.engines.calendar.models import Event
from programme.engines.reminders.models import Audience, ReminderRule
from programme.engines.reminders.queries import rules_of
from programme.people.groups.models import Group, GroupMember
from tests.factories.cast import LONG_AGO, Cast, cookie_for, person
from tests.factories.things import event, opening

FORM = {"amount": "2", "unit": "days", "side": "before:start", "audience": "group"}


@pytest.fixture
def talk(session: Session, cast: Cast) -> Event:
    """A talk that Liverpool leads and Oxford shares; people can register for it."""
    talk = event(session, lead=cast.liverpool, co_owners=[cast.oxford])
    opening(session, events=[talk], co_owners=[cast.oxford])
    session.commit()
    return talk


@pytest.fixture
def shortlist(session: Session, cast: Cast) -> Group:
    """A group of Liverpool's with somebody in it."""
    group = Group(title="Shortlist of hosts", organisation_id=cast.liverpool.id, created_at=LONG_AGO)
    dana = person(session, "Dana Dunmore", "dana@example.org")
    group.members = [GroupMember(person_id=dana.id, added_at=LONG_AGO)]
    session.add(group)
    session.commit()
    return group


@pytest.fixture
def omar(app: Flask, session: Session, cast: Cast) -> FlaskClient:
    """Omar's browser: he organises for Oxford."""
    client = app.test_client()
    client.set_cookie("programme_session", cookie_for(session, cast.omar))
    return client


def rule_of(session: Session, talk: Event) -> ReminderRule:
    """The reminder to a group."""
    session.rollback()
    return next(rule for rule in rules_of(session, "event", talk.id) if rule.audience is Audience.GROUP)


def test_organisers_of_a_group_read_its_name_and_its_people(
    olga: FlaskClient, session: Session, talk: Event, shortlist: Group
) -> None:
    home, chosen = f"/organise/events/{talk.id}/reminders", {**FORM, "group": str(shortlist.id)}
    assert "Shortlist of hosts" in olga.get(f"{home}/new").text
    assert olga.post(home, data=chosen).status_code == 303
    rule = rule_of(session, talk)
    assert "those of “Shortlist of hosts” who have not registered" in olga.get(home).text
    assert "Dana Dunmore" in olga.get(f"{home}/{rule.id}").text
    assert "Dana Dunmore" in olga.get(f"{home}/{rule.id}/html").text
    shortlist.title = "Hosts"
    session.commit()
    assert "those of “Hosts” who have not registered" in olga.get(home).text


def test_whoever_shares_the_event_learns_neither_which_group_it_is_nor_who_is_in_it(
    olga: FlaskClient, omar: FlaskClient, session: Session, talk: Event, shortlist: Group
) -> None:
    home, chosen = f"/organise/events/{talk.id}/reminders", {**FORM, "group": str(shortlist.id)}
    assert omar.post(home, data=chosen).status_code == 422
    olga.post(home, data=chosen)
    rule = rule_of(session, talk)
    doors = ("", "/new", f"/{rule.id}", f"/{rule.id}/edit", f"/{rule.id}/html")
    pages = [omar.get(f"{home}{door}") for door in doors] + [omar.get(f"/organise/events/{talk.id}")]
    pages += [omar.get("/organise/mail/to-come"), omar.get(f"/organise/audit?kind=event&id={talk.id}")]
    assert [page.status_code for page in pages] == [200] * 8
    for page in pages:
        assert "Shortlist" not in page.text, page.request.path
        assert "Dana" not in page.text, page.request.path
    assert "those of a group who have not registered" in pages[0].text
    assert "1 person" in pages[2].text


@pytest.mark.one_database
def test_group_of_others_stays_chosen_when_the_rest_is_changed(
    olga: FlaskClient, omar: FlaskClient, session: Session, talk: Event, shortlist: Group
) -> None:
    home, chosen = f"/organise/events/{talk.id}/reminders", {**FORM, "group": str(shortlist.id)}
    olga.post(home, data=chosen)
    rule = rule_of(session, talk)
    assert "The group that is chosen now" in omar.get(f"{home}/{rule.id}/edit").text
    assert omar.post(f"{home}/{rule.id}", data={**chosen, "amount": "5"}).status_code == 303
    changed = rule_of(session, talk)
    assert (changed.offset, changed.parameters) == (-5, {"group": shortlist.id})
