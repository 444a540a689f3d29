"""A form filled in one section a page, without script: saved as one goes, skipped where not asked, sent at the end."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from programme.core.audit import AuditEntry
from programme.engines.calendar.states import Visibility
from programme.engines.questionnaire import actions, conditions
from programme.engines.questionnaire.models import Answer, Question
from programme.engines.registration.eligibility.links import token_of
from programme.engines.registration.eligibility.models import Invitation
from programme.engines.registration.models import Opening
from programme.engines.registration.states import Eligibility
from tests.factories import cast
from tests.factories.cast import LONG_AGO, Cast
from tests.screens.registrations.conftest import registrations
from tests.screens.registrations.drafts.conftest import drafts, secrets

GWEN = {"name": "Gwen Guest", "email": "gwen@example.org", "organisation": "elsewhere"}
SORRY = "Those without a coat stay at home."


@pytest.fixture
def asked(session: Session, opening: Opening) -> dict[str, Question]:
    """Motto; then the work; the night, only for those who stay; and the end."""
    opening.questionnaire = form = actions.new_questionnaire(session, now=LONG_AGO)
    opening.section_a_page = True

    def add(kind: str, label: str, **given: Any) -> Question:
        return actions.add_question(session, form, kind=kind, label=label, **given)

    rows = {"motto": add("short_text", "Your motto")}
    add("section", "Your work")
    rows["work"] = add("long_text", "What do you work on?", is_required=True)
    rows["stays"] = add("yes_no", "Do you stay the night?", is_required=True)
    night = add("section", "The night")
    rows["tent"] = add("short_text", "Which tent?", is_required=True)
    conditions.ask_only_if(session, night, rows["stays"], ["yes"])
    add("section", "Last words")
    rows["coat"] = add("yes_no", "Do you have a coat?")
    rows["words"] = add("short_text", "Anything else?", is_required=True)
    conditions.end_form_at(session, rows["coat"], ["no"], SORRY)
    session.commit()
    return rows


class Walker:
    """A browser without script that fills in what the page shows, and presses a button."""

    def __init__(self, client: FlaskClient, opening: Opening, asked: dict[str, Question], *, query: str = "") -> None:
        self.client, self.asked, self.sent = client, asked, dict[str, str]()
        self.page = client.get(f"/openings/{opening.id}/registration{query}", follow_redirects=True)

    def press(self, go: str = "", to: str = "", **typed: str) -> TestResponse:
        """Type into this page, and press a button; what other pages hold goes along, as they are on the page unseen."""
        named = {f"q{self.asked[one].id}" if one in self.asked else one: text for one, text in typed.items()}
        hidden = dict(re.findall(r'<input type="hidden" name="(section|revision)" value="(\d+)"', self.page.text))
        key = re.findall(r'name="form_key"[^>]*value="([^"]+)"', self.page.text)
        self.sent |= {**named, **hidden, "form_key": key[0]}
        form = re.findall(r'<form class="form conditional" method="post" action="([^"]+)"', self.page.text)
        button = re.findall(rf'name="go" value="{go}" formaction="([^"]+)"', self.page.text)
        action = to or next(iter([*button, *form]))
        data = {**self.sent, **({"go": go} if go else {})}
        self.page = self.client.post(action, data=data, follow_redirects=True)
        return self.page

    @property
    def here(self) -> str:
        """Which section the page says it is, and the legend of what it shows."""
        where = re.findall(r"<b>(Section \d of \d)</b>", self.page.text)
        unseen = re.sub(r"<div hidden>.*?</fieldset>\s*</div>", "", self.page.text, flags=re.DOTALL)
        legends = [one for one in re.findall(r"<legend>([^<]+)</legend>", unseen) if one in TITLES]
        return f"{where[0]}: {', '.join(legends)}"


TITLES = ("About you", "Questions from the organisers", "Your work", "The night", "Last words")


@pytest.fixture
def walker(client: FlaskClient, opening: Opening, asked: dict[str, Question]) -> Walker:
    """Gwen, at the first section."""
    return Walker(client, opening, asked)


def to_the_end(walker: Walker) -> Walker:
    """Come to the last section, without a night."""
    walker.press("on", **GWEN)
    walker.press("on", work="Tides", stays="no")
    return walker


def test_each_section_is_a_page_saved_as_one_goes_on_and_its_link_is_mailed_once(
    session: Session, walker: Walker
) -> None:
    assert walker.here == "Section 1 of 3: About you, Questions from the organisers"
    walker.press("on", motto="Slowly", **GWEN)
    assert walker.here == "Section 2 of 3: Your work"
    assert "Its link is on its way to gwen@example.org" in walker.page.text
    walker.press("on", work="Tides", stays="yes")
    assert walker.here == "Section 3 of 4: The night"
    walker.press("on", tent="The blue one")
    assert walker.here == "Section 4 of 4: Last words"
    assert secrets(session) == ["draft_begun gwen@example.org"]
    assert registrations(session) == []
    walker.press(words="No")
    assert "Check your mail" in walker.page.text
    assert drafts(session) == []
    texts = set(session.scalars(select(Answer.text)))
    assert texts == {"Slowly", "Tides", "Yes", "The blue one", "No"}


def test_a_section_that_is_not_asked_is_skipped_on_and_back(walker: Walker) -> None:
    to_the_end(walker)
    assert walker.here == "Section 3 of 3: Last words"
    walker.press("back")
    assert walker.here == "Section 2 of 3: Your work"
    walker.press("on", stays="yes")
    assert walker.here == "Section 3 of 4: The night"


def test_one_goes_on_only_when_the_section_is_right_but_back_and_away_at_any_time(
    session: Session, walker: Walker
) -> None:
    walker.press("on", **GWEN)
    walker.press("on", work="", stays="no")
    assert walker.page.status_code == 422
    assert walker.here == "Section 2 of 3: Your work"
    assert "There is 1 thing to put right" in walker.page.text, "what later sections lack is not said yet"
    walker.press("back", work="")
    assert walker.here == "Section 1 of 3: About you, Questions from the organisers"


def test_whoever_finishes_later_comes_back_by_the_link_to_the_section_they_left(
    client: FlaskClient, session: Session, walker: Walker
) -> None:
    walker.press("on", **GWEN)
    here = walker.page.request.path.rsplit("/sections", 1)[0]
    walker.press(to=here, work="Tides, half")
    assert "Come back by the link in the letter to gwen@example.org." in walker.page.text
    assert walker.here == "Section 2 of 3: Your work"
    walker.page = client.get(here)
    assert walker.here == "Section 2 of 3: Your work"
    assert "Tides, half" in walker.page.text
    walker.page = client.get(f"{here}/sections/3")
    assert walker.here == "Section 3 of 3: Last words"
    assert client.get(f"{here}/sections/99").status_code == 200


def test_nothing_is_saved_of_a_first_section_that_lacks_a_name(session: Session, walker: Walker) -> None:
    walker.press("on", email="gwen@example.org", organisation="elsewhere")
    assert walker.page.status_code == 422
    assert "Enter your name." in walker.page.text
    assert walker.here == "Section 1 of 3: About you, Questions from the organisers"
    assert drafts(session) == []


def test_what_is_wrong_when_it_is_sent_leads_back_to_its_section_and_names_the_others(
    session: Session, walker: Walker
) -> None:
    to_the_end(walker)
    walker.press(work="", name="", words="")
    assert walker.page.status_code == 422
    assert walker.here == "Section 1 of 3: About you, Questions from the organisers"
    assert "Enter your name." in walker.page.text
    assert "Then there is something to put right in “Your work”." in walker.page.text
    assert "Then there is something to put right in “Last words”." in walker.page.text
    assert registrations(session) == []


def test_an_answer_that_ends_the_form_is_told_at_its_section(session: Session, walker: Walker) -> None:
    to_the_end(walker)
    walker.press(coat="no", words="")
    assert SORRY in walker.page.text
    assert walker.here == "Section 3 of 3: Last words"
    assert registrations(session) == []


def test_another_window_is_told_and_stays_at_its_section(client: FlaskClient, walker: Walker) -> None:
    walker.press("on", **GWEN)
    stale = walker.page
    walker.press("on", work="Tides", stays="no")
    walker.page = stale
    walker.press("on", work="Sand")
    assert "Another window saved this form" in walker.page.text
    assert walker.here == "Section 2 of 3: Your work"


def test_a_form_without_sections_or_without_the_setting_stays_one_page(
    client: FlaskClient, session: Session, opening: Opening, asked: dict[str, Question]
) -> None:
    opening.section_a_page = False
    session.commit()
    assert "Section 1 of" not in client.get(f"/openings/{opening.id}/registration", follow_redirects=True).text


def test_an_organiser_says_that_the_form_is_one_section_a_page_and_the_trail_tells(
    client: FlaskClient, session: Session, people: Cast, opening: Opening, asked: dict[str, Question]
) -> None:
    opening.section_a_page = False
    session.commit()
    client.set_cookie("programme_session", cast.cookie_for(session, people.omar))
    edit = f"/organise/openings/{opening.id}/edit"
    sent = {"title": "Talk", "events": opening.events[0].id, "places_by": "first_come", "unproved_hours": "48"}
    answer = client.post(edit, data={**sent, "eligibility": "anyone", "section_a_page": "y"})
    assert answer.status_code == 303, answer.text
    assert re.search(r'name="section_a_page"[^>]*checked|checked[^>]*name="section_a_page"', client.get(edit).text)
    session.rollback()
    session.expire_all()
    assert opening.section_a_page
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert (entry.after or {})["section_a_page"] is True


def test_whoever_is_invited_to_what_others_do_not_see_goes_through_it_as_well(
    app: Flask, client: FlaskClient, session: Session, opening: Opening, asked: dict[str, Question]
) -> None:
    opening.eligibility, opening.events[0].visibility = Eligibility.INVITED, Visibility.HIDDEN
    row = Invitation(opening_id=opening.id, name="Gwen", address=GWEN["email"], address_key=GWEN["email"])
    row.invited_at, row.link_version = LONG_AGO, 7
    session.add(row)
    session.commit()
    page = f"/openings/{opening.id}/registration"
    assert client.get(page, follow_redirects=True).status_code == 404
    token = token_of(app.extensions["links"], row.id, version=row.link_version)
    walker = Walker(client, opening, asked, query=f"?invitation={token}")
    to_the_end(walker)
    assert walker.here == "Section 3 of 3: Last words"
    walker.press(words="No")
    assert walker.page.status_code == 200
    assert "It is sent. A letter to gwen@example.org says where you stand." in walker.page.text
    assert [one.name for one in registrations(session)] == ["Gwen Guest"]
