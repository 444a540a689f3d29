"""Who may open which page of an opening, and send which form: the house's table, address by address."""

import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.registration.models import Seat
from programme.engines.registration.states import OpeningState
from programme.people.models import Person
from tests.screens.roll.conftest import As, Evening, text_of

ROLES = ("lead", "co_owner", "outsider", "helper", "elsewhere_helper", "partner", "administrator", "nobody")
SEE_PEOPLE = {"lead", "co_owner"}
NAMES = {"lead", "co_owner", "helper"}
SUMS = {"lead", "co_owner", "partner"}
LEAD = {"lead"}
PAGES = {
    "": SEE_PEOPLE,
    "/decision?do=promotion&id={charlie}": SEE_PEOPLE,
    "/people/new": SEE_PEOPLE,
    "/people/pasted": SEE_PEOPLE,
    "/letters/new": SEE_PEOPLE,
    "/sheet": SEE_PEOPLE,
    "/totals": SEE_PEOPLE,
    "/export": SEE_PEOPLE,
    "/invitations": SEE_PEOPLE,
    "/addresses": SEE_PEOPLE,
    "/sums": SUMS,
    "/door/{event}": NAMES,
    "/edit": SEE_PEOPLE,
    "/decisions": SEE_PEOPLE,
    "/questions": SEE_PEOPLE,
    "/questions/{department}": SEE_PEOPLE,
    "/questions/{diet}/condition": SEE_PEOPLE,
    "/questions/{diet}/ending": SEE_PEOPLE,
    "/questions/preview": SEE_PEOPLE,
    "/co-owners": {"lead", "administrator"},
}
POSTS = {
    "/publication": LEAD,
    "/closure": LEAD,
    "/co-owners": {"lead", "administrator"},
    "/edit": SEE_PEOPLE,
    "/decisions": SEE_PEOPLE,
    "/rounds/1/undoing": SEE_PEOPLE,
    "/questions": SEE_PEOPLE,
    "/questions/ready-made": SEE_PEOPLE,
    "/questions/copy": SEE_PEOPLE,
    "/questions/{department}": SEE_PEOPLE,
    "/questions/{department}/place": SEE_PEOPLE,
    "/questions/{department}/retirement": SEE_PEOPLE,
    "/questions/{diet}/condition/removal": SEE_PEOPLE,
    "/questions/{diet}/ending": SEE_PEOPLE,
    "/questions/preview": SEE_PEOPLE,
    "/promotions": SEE_PEOPLE,
    "/refusals": SEE_PEOPLE,
    "/cancellations": SEE_PEOPLE,
    "/attendance": SEE_PEOPLE,
    "/ballot": SEE_PEOPLE,
    "/people": SEE_PEOPLE,
    "/people/pasted": SEE_PEOPLE,
    "/people/list": SEE_PEOPLE,
    "/letters": SEE_PEOPLE,
    "/letters/preview": SEE_PEOPLE,
    "/invitations": SEE_PEOPLE,
    "/invitations/preview": SEE_PEOPLE,
    "/invitations/decision": SEE_PEOPLE,
    "/addresses": SEE_PEOPLE,
    "/addresses/preview": SEE_PEOPLE,
    "/addresses/removals": SEE_PEOPLE,
    "/export": SEE_PEOPLE,
}
OF_ONE = ("/notes", "/promotion", "/offer", "/refusal", "/cancellation", "/confirmation")


@pytest.mark.one_database
@pytest.mark.parametrize("role", ROLES)
def test_pages_open_only_to_those_with_the_right(role: str, evening: Evening, signed_in: As) -> None:
    client = signed_in(who(evening, role))
    refused = 303 if role == "nobody" else 403
    for page, allowed in PAGES.items():
        answer = client.get(evening.home + filled(page, evening))
        assert answer.status_code == (200 if role in allowed else refused), (role, page)
    answer = client.get(f"/organise/registrations/{evening.alice.id}")
    assert answer.status_code == (200 if role in SEE_PEOPLE else refused)


@pytest.mark.one_database
@pytest.mark.parametrize("role", ROLES)
def test_verbs_are_refused_to_those_without_the_right(
    role: str, evening: Evening, signed_in: As, session: Session
) -> None:
    client = signed_in(who(evening, role))
    addresses = {evening.home + filled(page, evening): allowed for page, allowed in POSTS.items()}
    addresses |= {f"/organise/registrations/{evening.charlie.id}{verb}": SEE_PEOPLE for verb in OF_ONE}
    seat = session.scalars(select(Seat).where(Seat.registration_id == evening.alice.id)).one()
    addresses[f"/organise/seats/{seat.id}/attendance"] = NAMES
    for address, allowed in addresses.items():
        if role in allowed:
            continue
        answer = client.post(address)
        signs_in = answer.status_code == 303 and answer.location.startswith("/sign-in")
        assert signs_in if role == "nobody" else answer.status_code == 403, (role, address)


@pytest.mark.one_database
def test_co_owner_reads_sensitive_answers_of_its_own_members_only(evening: Evening, signed_in: As) -> None:
    client = signed_in(evening.people.omar)
    own = text_of(client.get(f"/organise/registrations/{evening.bob.id}"))
    other = text_of(client.get(f"/organise/registrations/{evening.alice.id}"))
    assert "Vegan" in own
    assert "Vegan" not in other
    assert "Only the lead’s organisers may read this." in other
    assert "Chemistry" in other
    roll = text_of(client.get(f"{evening.home}?answer={evening.diet.id}"))
    assert roll.count("Vegan") == 2, "as something that may be answered, and as the one answer"


@pytest.mark.one_database
def test_co_owner_s_file_holds_sensitive_answers_of_its_own_members_only(evening: Evening, signed_in: As) -> None:
    asked = {"format": "csv", "reach": "all", "sensitive": [evening.diet.id], "questions": [evening.department.id]}
    lead = signed_in(evening.people.olga).post(f"{evening.home}/export", data=asked).get_data(as_text=True)
    shared = signed_in(evening.people.omar).post(f"{evening.home}/export", data=asked).get_data(as_text=True)
    assert lead.count("Vegan") == 3
    assert shared.count("Vegan") == 1
    assert shared.count("Chemistry") == 3
    assert shared.count("held by Liverpool") == 2
    assert "held by" not in lead
    assert "held by Liverpool" in text_of(signed_in(evening.people.omar).get(f"{evening.home}/export"))


@pytest.mark.one_database
def test_co_owner_s_totals_count_sensitive_answers_of_its_own_members_only(evening: Evening, signed_in: As) -> None:
    shared = text_of(signed_in(evening.people.omar).get(f"{evening.home}/totals"))
    assert re.search(r"Vegan\W.{0,200}?>1<", shared, re.DOTALL)
    assert re.search(r"Chemistry\W.{0,200}?>2<", shared, re.DOTALL)
    assert shared.count("Your own members only.") == 1
    assert "Your own members only." not in text_of(signed_in(evening.people.olga).get(f"{evening.home}/totals"))


@pytest.mark.one_database
def test_helper_sees_names_and_check_in_and_nothing_else(evening: Evening, signed_in: As) -> None:
    page = text_of(signed_in(evening.helper).get(f"{evening.home}/door/{evening.event_id}"))
    assert "Alice Aldgrove" in page
    for hidden in ("alice@", "Chemistry", "Vegan", "Charlie", "/organise/registrations/", "/export"):
        assert hidden not in page
    listed = text_of(signed_in(evening.helper).get("/organise/registrations"))
    assert f"{evening.home}/door" in listed
    assert "2 of 2" not in listed


@pytest.mark.one_database
def test_partner_reads_sums_with_small_numbers_hidden(evening: Evening, signed_in: As) -> None:
    page = text_of(signed_in(evening.partner).get(f"{evening.home}/sums"))
    assert "fewer than 10" in page
    assert "Alice" not in page
    assert "with a place, by where" not in page.lower()


@pytest.mark.one_database
def test_partner_reads_nothing_of_a_draft(evening: Evening, signed_in: As, session: Session) -> None:
    evening.opening.state = OpeningState.DRAFT
    session.commit()
    assert signed_in(evening.partner).get(f"{evening.home}/sums").status_code == 404
    assert signed_in(evening.people.olga).get(f"{evening.home}/sums").status_code == 200


@pytest.mark.one_database
def test_outsider_s_list_is_empty(evening: Evening, signed_in: As) -> None:
    page = text_of(signed_in(evening.stranger).get("/organise/registrations"))
    assert evening.opening.title not in page


@pytest.mark.one_database
def test_opening_of_another_university_cannot_be_made(evening: Evening, signed_in: As) -> None:
    values = {"title": "Mine", "lead": evening.people.liverpool.id, "strand": "exchange", "places_by": "first_come"}
    client = signed_in(evening.stranger)
    assert client.post("/organise/openings", data={**values, "eligibility": "anyone"}).status_code == 422
    taken = client.post("/organise/openings", data={**values, "eligibility": "anyone", "events": evening.event_id})
    assert taken.status_code == 422


@pytest.mark.one_database
@pytest.mark.parametrize("tail", ["", "/edit", "/questions", "/door/1", "/sheet", "/export", "/letters/new", "/sums"])
def test_openings_that_are_not_there_are_not_found(tail: str, evening: Evening, signed_in: As) -> None:
    client = signed_in(evening.people.olga)
    for number in (999_999, 2**63 - 1, 2**63):
        assert client.get(f"/organise/openings/{number}{tail}").status_code == 404


def who(evening: Evening, role: str) -> Person | None:
    """The person of a role."""
    people = evening.people
    return {
        "lead": people.olga,
        "co_owner": people.omar,
        "outsider": evening.stranger,
        "helper": evening.helper,
        "elsewhere_helper": evening.elsewhere_helper,
        "partner": evening.partner,
        "administrator": people.ada,
        "nobody": None,
    }[role]


def filled(page: str, evening: Evening) -> str:
    """An address with the ids of the evening."""
    return page.format(
        charlie=evening.charlie.id, event=evening.event_id, department=evening.department.id, diet=evening.diet.id
    )
