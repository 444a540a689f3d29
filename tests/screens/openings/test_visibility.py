"""Who sees a call is said when it is made, and changed later: told in the trail, and never over somebody's head."""

import re

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core.audit import AuditEntry
from programme.engines.calendar.states import Visibility
from programme.engines.registration.eligibility.links import token_of
from programme.engines.registration.eligibility.models import Invitation
from programme.engines.registration.models import Opening
from tests.screens.roll.conftest import As, Evening, text_of


def made(session: Session, olga: FlaskClient, evening: Evening, **given: str) -> Opening:
    """A call that Olga made by the form."""
    data = {"title": "Seed funding", "lead": str(evening.people.liverpool.id), "strand": "exchange", **given}
    assert olga.post("/organise/openings", data={**data, "has_waiting_list": "y"}).status_code == 303
    session.rollback()
    return session.scalars(select(Opening).where(Opening.title == "Seed funding")).one()


def seen_in(page: str) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]+)"', page)
    assert found is not None
    return found[1]


def test_the_form_says_beforehand_what_each_choice_means(evening: Evening, olga: FlaskClient) -> None:
    page = text_of(olga.get("/organise/openings/new"))
    for words in ("Who may see it", "Under Apply on what’s on", "For others there is no such page", "by an invitation"):
        assert words in page
    assert re.search(r'name="visibility"[^>]*value="public"[^>]*checked|checked[^>]*value="public"', page)


def test_a_call_is_made_for_everybody_unless_something_else_is_chosen(
    evening: Evening, olga: FlaskClient, session: Session
) -> None:
    assert made(session, olga, evening).visibility is Visibility.PUBLIC


def test_who_sees_it_changes_later_and_the_trail_tells(evening: Evening, olga: FlaskClient, session: Session) -> None:
    row = made(session, olga, evening, visibility="hidden")
    assert row.visibility is Visibility.HIDDEN
    edit = f"/organise/openings/{row.id}/edit"
    seen = seen_in(text_of(olga.get(edit)))
    assert olga.post(edit, data={"title": row.title, "visibility": "members", "seen": seen}).status_code == 303
    session.rollback()
    session.expire_all()
    assert session.get_one(Opening, row.id).visibility is Visibility.MEMBERS
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (entry.verb, entry.before["visibility"], entry.after["visibility"]) == ("edited", "hidden", "members")  # type: ignore[index]
    page = re.sub(r"<[^>]+>|\s+", " ", text_of(olga.get("/organise/audit")))
    assert re.search(r"Who sees it\s+before:\s+only those who have a place\s+after:\s+members", page)


def test_second_of_two_who_change_who_sees_it_is_told(
    evening: Evening, olga: FlaskClient, signed_in: As, session: Session
) -> None:
    row = made(session, olga, evening)
    other, edit = signed_in(evening.people.olga), f"/organise/openings/{row.id}/edit"
    seen = seen_in(text_of(olga.get(edit)))
    hidden = {"title": row.title, "visibility": "hidden", "seen": seen}
    assert other.post(edit, data=hidden).status_code == 303
    answer = olga.post(edit, data={"title": row.title, "visibility": "public", "note": "Bring a pen.", "seen": seen})
    assert answer.status_code == 422
    assert "Somebody else changed this while you had it open." in text_of(answer)
    assert "Bring a pen." in text_of(answer)
    session.rollback()
    session.expire_all()
    assert session.get_one(Opening, row.id).visibility is Visibility.HIDDEN


def test_a_word_that_is_no_choice_is_refused(evening: Evening, olga: FlaskClient, session: Session) -> None:
    data = {"title": "Seed funding", "lead": str(evening.people.liverpool.id), "strand": "exchange"}
    assert olga.post("/organise/openings", data={**data, "visibility": "secret"}).status_code == 422
    assert session.scalars(select(Opening).where(Opening.title == "Seed funding")).all() == []


def test_whoever_is_invited_opens_a_hidden_call(
    evening: Evening, olga: FlaskClient, signed_in: As, session: Session
) -> None:
    row = made(session, olga, evening, visibility="hidden", eligibility="invited")
    olga.post(f"/organise/openings/{row.id}/publication")
    olga.post(f"/organise/openings/{row.id}/invitations", data={"people": "ada@example.org"})
    session.rollback()
    guest, links = signed_in(None), olga.application.extensions["links"]
    invitation = session.scalars(select(Invitation)).one()
    form = guest.get(f"/invitations/{token_of(links, invitation.id, version=invitation.link_version)}").location
    assert guest.get(form).status_code == 200
    assert guest.get(form.partition("?")[0]).status_code == 404
    sent = {"name": "Ada Marlstone", "email": "ada@example.org", "form_key": "k"}
    assert guest.post(form, data=sent).status_code == 303
