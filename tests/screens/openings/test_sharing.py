"""Sharing says beforehand what it means, and the pages around an opening say nothing that is not so."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from programme.engines.calendar.states import Visibility
from programme.engines.questionnaire import actions
from programme.engines.registration.states import Eligibility
from tests.factories import things
from tests.screens.roll.conftest import Evening, text_of

pytestmark = pytest.mark.one_database


def test_each_page_says_who_leads_and_what_whoever_is_ticked_may_do(
    evening: Evening, olga: FlaskClient, session: Session
) -> None:
    run = things.series(session, lead=evening.people.liverpool)
    session.commit()
    pages = {
        f"{evening.home}/co-owners": ("decide, and write to people with you", "answerable for people’s data"),
        f"/organise/events/{evening.event_id}/co-owners": ("They do not publish", "shared on its own page"),
        f"/organise/series/{run.id}/co-owners": ("edit its words", "events is shared on its own page"),
    }
    for address, words in pages.items():
        page = text_of(olga.get(address))
        for one in ("Led by", "University of Liverpool", "Whoever you untick has no part in it any more", *words):
            assert one in page, (address, one)


def test_what_only_members_see_is_seen_by_the_members_of_whoever_shares_it(
    evening: Evening, olga: FlaskClient, session: Session
) -> None:
    address, told = f"{evening.home}/co-owners", "As only members see this call, theirs do, too."
    evening.opening.visibility = Visibility.MEMBERS
    session.commit()
    assert told not in text_of(olga.get(address)), "its event says who sees it"
    evening.opening.events[0].visibility = Visibility.MEMBERS
    evening.opening.events = []
    session.commit()
    assert told in text_of(olga.get(address))
    event = text_of(olga.get(f"/organise/events/{evening.alice.seats[0].event_id}/co-owners"))
    assert "As only members see this event, theirs do, too." in event


def test_an_empty_list_of_addresses_bars_nobody_where_it_is_not_asked(
    evening: Evening, olga: FlaskClient, session: Session
) -> None:
    page = text_of(olga.get(f"{evening.home}/addresses"))
    assert "0 addresses on the list." in page
    assert "nobody can register" not in page
    evening.opening.eligibility = Eligibility.ADDRESSES
    session.commit()
    page = text_of(olga.get(f"{evening.home}/addresses"))
    assert "0 addresses may register." in page
    assert "Until then nobody can register." in page


def test_sentences_about_a_form_with_sections_stand_apart(
    evening: Evening, olga: FlaskClient, session: Session
) -> None:
    sheet = evening.opening.questionnaire
    assert sheet is not None
    actions.add_question(session, sheet, kind="section", label="Your work")
    session.commit()
    page = text_of(olga.get(f"{evening.home}/questions"))
    assert "before these. It is filled in on one page." in page
