"""A partner authority finds its sums from any page, and nothing else opens to it."""

import csv
import io

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.registration.models import Opening
from programme.engines.registration.states import OpeningState, RegistrationState
from programme.people.models import Organisation, Person, Role
from tests.bed.databases import statements
from tests.factories import cast, things
from tests.factories.cast import LONG_AGO
from tests.screens.roll.conftest import As, Evening, text_of

R = RegistrationState


@pytest.fixture
def crowded(session: Session, evening: Evening) -> Opening:
    """A talk that the council shares, with thirty places and four waiting."""
    talk = things.event(session, lead=evening.people.oxford, title="A crowded talk")
    row = things.opening(session, events=[talk], capacity=30)
    row.co_owners = [evening.people.council]
    for number in range(34):
        address = f"c{number}@example.org"
        who = Person(name=f"Crowd {number}", address=address, address_key=address, created_at=LONG_AGO)
        session.add(who)
        session.flush()
        things.registration(session, to=row, who=who, state=R.CONFIRMED if number < 30 else R.WAITLISTED)
    session.commit()
    return row


def test_partner_is_led_to_sums_from_every_page(evening: Evening, crowded: Opening, signed_in: As) -> None:
    partner = signed_in(evening.partner)
    page = text_of(partner.get("/"))
    assert '<a href="/organise/sums">Sums</a>' in page
    assert ">Organise<" not in page
    assert partner.get("/organise").location == "/organise/sums"


def test_partner_s_list_tells_sums_and_no_names(evening: Evening, crowded: Opening, signed_in: As) -> None:
    page = text_of(signed_in(evening.partner).get("/organise/sums"))
    assert "A crowded talk" in page
    assert f"/organise/openings/{crowded.id}/sums" in page
    assert "Crowd 1" not in page
    assert "Alice" not in page
    row = page.split("A crowded talk")[2].split("</tr>")[0] if page.count("A crowded talk") > 2 else page
    assert "fewer than 10" in row


def test_list_and_file_tell_what_the_page_of_one_opening_tells(
    evening: Evening, crowded: Opening, signed_in: As
) -> None:
    partner = signed_in(evening.partner)
    one = text_of(partner.get(f"/organise/openings/{crowded.id}/sums"))
    rows = list(csv.DictReader(io.StringIO(partner.get("/organise/sums.csv").get_data(as_text=True).lstrip("\ufeff"))))
    told = next(row for row in rows if row["Title"] == "A crowded talk")
    assert (told["With a place"], told["On the waiting list"], told["Cancelled"]) == ("30", "fewer than 10", "0")
    assert "<dd>30</dd>" in one
    assert "<dd>fewer than 10</dd>" in one


def test_partner_opens_nothing_else(app: Flask, evening: Evening, crowded: Opening, signed_in: As) -> None:
    partner = signed_in(evening.partner)
    refused = [
        *("/organise/events", "/organise/registrations", "/organise/people", "/organise/mail", "/organise/audit"),
        *("/organise/imports", "/organise/series", "/organise/dates", "/organise/venues", "/organise/events/new"),
        *(evening.home, f"{evening.home}/totals", f"{evening.home}/export", f"{evening.home}/door"),
        *(f"/organise/registrations/{evening.alice.id}", f"/organise/events/{evening.event_id}"),
    ]
    assert {address: partner.get(address).status_code for address in refused} == dict.fromkeys(refused, 403)


def test_partner_sees_no_sums_of_what_it_does_not_share(
    session: Session, evening: Evening, crowded: Opening, signed_in: As
) -> None:
    city = session.scalars(select(Organisation).where(Organisation.slug == "lcrca")).one()
    other = cast.person(session, "Otis Other", "otis@example.org")
    cast.grant(session, other, Role.PARTNER, organisation=city)
    session.commit()
    client = signed_in(other)
    assert "A crowded talk" not in text_of(client.get("/organise/sums"))
    assert "Nothing to count here" in text_of(client.get("/organise/sums"))
    assert client.get(f"/organise/openings/{crowded.id}/sums").status_code == 403


def test_drafts_are_in_nobody_s_sums(session: Session, evening: Evening, crowded: Opening, signed_in: As) -> None:
    crowded.state = OpeningState.DRAFT
    session.commit()
    assert "A crowded talk" not in text_of(signed_in(evening.partner).get("/organise/sums"))


def test_what_is_over_stands_apart(session: Session, evening: Evening, crowded: Opening, signed_in: As) -> None:
    crowded.events[0].starts_at = crowded.events[0].ends_at = LONG_AGO
    session.commit()
    partner = signed_in(evening.partner)
    assert "A crowded talk" not in text_of(partner.get("/organise/sums"))
    assert "A crowded talk" in text_of(partner.get("/organise/sums?when=past"))
    assert partner.get("/organise/sums?when=tomorrow").status_code == 400


def test_partner_who_also_organises_has_both(session: Session, evening: Evening, signed_in: As) -> None:
    cast.grant(session, evening.partner, Role.ORGANISER, organisation=evening.people.council)
    session.commit()
    page = text_of(signed_in(evening.partner).get("/organise"))
    assert ">Organise<" in page
    assert 'href="/organise/sums"' in page


def test_sums_are_for_nobody_else(evening: Evening, signed_in: As) -> None:
    assert signed_in(None).get("/organise/sums").location.startswith("/sign-in")
    assert signed_in(evening.people.charlie).get("/organise/sums").status_code == 403
    assert signed_in(evening.people.charlie).get("/organise/sums.csv").status_code == 403
    assert 'href="/organise/sums"' not in text_of(signed_in(evening.people.olga).get("/organise"))


@pytest.mark.one_database
def test_list_keeps_its_query_count(
    app: Flask, session: Session, evening: Evening, crowded: Opening, signed_in: As
) -> None:
    partner, counts = signed_in(evening.partner), []
    partner.get("/organise/sums")
    for _ in range(2):
        with statements(app) as seen:
            partner.get("/organise/sums")
        counts.append(len(seen))
        for number in range(30):
            talk = things.event(session, lead=evening.people.oxford, title=f"Talk {number}")
            things.opening(session, events=[talk]).co_owners = [evening.people.council]
        session.commit()
    assert counts[0] == counts[1]
