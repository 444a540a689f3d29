"""The outbox page: organisers see and act on their own letters, administrators see that letters exist."""

import email
import email.policy
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core import clock
from programme.engines.mail.actions import beat
from programme.engines.mail.addresses.states import Cause
from programme.engines.mail.addresses.suppression.suppressing import suppress
from programme.engines.mail.models import CapturedMail, OutboxMessage
from programme.engines.mail.outbox import Post, Recipient, post
from programme.engines.mail.states import OutboxState, Scope
from programme.engines.reminders.actions import ensure_default_rule
from programme.people.models import Person, Role
from programme.people.states import Strand
from programme.scheduler import run_due
from tests.factories.cast import LONG_AGO, Cast, assemble, cookie_for, grant
from tests.factories.things import SOON, event, opening, registration

NOW = SOON - timedelta(hours=20)


@pytest.fixture
def cast(session: Session) -> Cast:
    return assemble(session)


def signed_in(client: FlaskClient, session: Session, who: Person) -> FlaskClient:
    """A browser of somebody's."""
    client.set_cookie("programme_session", cookie_for(session, who))
    return client


def letter(session: Session, cast: Cast, **given: object) -> OutboxMessage:
    """A reminder to Alice of an Oxford talk, as the outbox holds it."""
    talk = event(session, lead=cast.oxford)
    place = registration(session, to=opening(session, events=[talk]), who=cast.alice)
    rule = ensure_default_rule(session, talk.id, LONG_AGO)
    queued = Post(
        letter="event_reminder",
        rule_id=rule.id if rule else None,
        key=f"trial:{talk.id}",
        recipient=Recipient(cast.alice.address, cast.alice.name, cast.alice.id),
        subject=("registration", place.id),
        context={"instant": "2027-02-16T14:00Z"},
        organisation_id=cast.oxford.id,
        strand=talk.strand,
        valid_until=SOON,
    )
    post(session, queued, now=LONG_AGO)
    row = session.query(OutboxMessage).order_by(OutboxMessage.id.desc()).limit(1).one()
    for name, value in given.items():
        setattr(row, name, value)
    session.commit()
    return row


def text(client: FlaskClient, path: str) -> str:
    """A page that must be there."""
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_organiser_sees_own_letters_and_what_they_say(client: FlaskClient, session: Session, cast: Cast) -> None:
    row = letter(session, cast)
    signed_in(client, session, cast.omar)
    assert "Alice Aldgrove" in text(client, "/organise/mail")
    page = text(client, f"/organise/mail/{row.id}")
    assert "Quantum sensing for chemists" in page
    assert "Take back" in page
    assert "Dear Alice Aldgrove" in text(client, f"/organise/mail/{row.id}/html")


def test_preview_shows_no_manage_link(client: FlaskClient, session: Session, cast: Cast) -> None:
    row = letter(session, cast)
    signed_in(client, session, cast.omar)
    for path in (f"/organise/mail/{row.id}", f"/organise/mail/{row.id}/html"):
        assert "/registrations/hidden" in text(client, path)
        assert f"/registrations/{row.subject_id}-" not in text(client, path)


def test_other_university_is_an_outsider(client: FlaskClient, session: Session, cast: Cast) -> None:
    row = letter(session, cast)
    signed_in(client, session, cast.olga)
    assert "Alice" not in text(client, "/organise/mail")
    assert client.get(f"/organise/mail/{row.id}").status_code == 404
    assert client.get(f"/organise/mail/{row.id}/html").status_code == 404
    assert client.post(f"/organise/mail/{row.id}/cancellation").status_code == 404
    session.refresh(row)
    assert row.state is OutboxState.PENDING


def test_organiser_of_another_strand_is_an_outsider(client: FlaskClient, session: Session, cast: Cast) -> None:
    row = letter(session, cast)
    grant(session, cast.bob, Role.ORGANISER, organisation=cast.oxford, strand=Strand.PLACEMENTS)
    grant(session, cast.charlie, Role.ORGANISER, organisation=cast.oxford, strand=Strand.EXCHANGE)
    signed_in(client, session, cast.bob)
    assert client.get(f"/organise/mail/{row.id}").status_code == 404
    assert "Alice" not in text(client, "/organise/mail")
    signed_in(client, session, cast.charlie)
    assert client.get(f"/organise/mail/{row.id}").status_code == 200
    assert "Alice" in text(client, "/organise/mail")


def test_administrator_sees_states_and_no_contents(client: FlaskClient, session: Session, cast: Cast) -> None:
    row = letter(session, cast, state=OutboxState.FAILED, last_error="5.1.1 <alice@liverpool> unknown", last_code=550)
    signed_in(client, session, cast.ada)
    for page in (text(client, "/organise/mail"), text(client, f"/organise/mail/{row.id}")):
        assert "Could not be sent" in page
        assert "Alice" not in page
        assert "alice@" not in page
    assert "Not yours to see" in text(client, f"/organise/mail/{row.id}")
    assert client.get(f"/organise/mail/{row.id}/html").status_code == 404
    assert client.post(f"/organise/mail/{row.id}/attempts").status_code == 403
    assert "Alice" not in text(client, "/organise/mail?q=alice")


def test_stranger_is_sent_to_sign_in_and_participant_refused(client: FlaskClient, session: Session, cast: Cast) -> None:
    assert client.get("/organise/mail").status_code == 303
    assert signed_in(client, session, cast.alice).get("/organise/mail").status_code == 403


def test_letter_on_its_way_is_not_sent_a_second_time(client: FlaskClient, session: Session, cast: Cast) -> None:
    row = letter(session, cast, state=OutboxState.SENDING, attempts=1, valid_until=None)
    signed_in(client, session, cast.omar)
    answer = client.post(f"/organise/mail/{row.id}/attempts", follow_redirects=True)
    assert "This letter is on its way right now." in answer.get_data(as_text=True)
    session.refresh(row)
    assert (row.state, row.attempts) == (OutboxState.SENDING, 1)


def test_failed_letter_is_tried_again(client: FlaskClient, session: Session, cast: Cast) -> None:
    why = "5.1.1 nobody of that name"
    row = letter(session, cast, state=OutboxState.FAILED, last_error=why, attempts=1, valid_until=None)
    signed_in(client, session, cast.omar)
    assert why in text(client, f"/organise/mail/{row.id}")
    answer = client.post(f"/organise/mail/{row.id}/attempts", follow_redirects=True)
    assert "The letter is in the queue again." in answer.get_data(as_text=True)
    session.refresh(row)
    assert (row.state, row.attempts) == (OutboxState.PENDING, 0)


@pytest.mark.parametrize("state", [OutboxState.PENDING, OutboxState.HELD])
def test_waiting_letter_is_taken_back_once(
    client: FlaskClient, session: Session, cast: Cast, state: OutboxState
) -> None:
    row = letter(session, cast, state=state)
    signed_in(client, session, cast.omar)
    assert "Take back" in text(client, f"/organise/mail/{row.id}")
    client.post(f"/organise/mail/{row.id}/cancellation")
    session.refresh(row)
    assert row.state is OutboxState.CANCELLED
    again = client.post(f"/organise/mail/{row.id}/cancellation", follow_redirects=True)
    assert "cannot be taken back" in again.get_data(as_text=True)


def test_letters_are_searched_and_filtered(client: FlaskClient, session: Session, cast: Cast) -> None:
    letter(session, cast)
    signed_in(client, session, cast.omar)
    for query, found in {
        "q=aldgrove": True,
        "q=ALICE+liverpool": True,
        "q=bob": False,
        "q=%25": False,
        "state=pending": True,
        "state=sent": False,
        "letter=event_reminder": True,
    }.items():
        assert ("Alice Aldgrove" in text(client, f"/organise/mail?{query}")) == found, query


def test_poisoned_letter_says_why_on_its_page(client: FlaskClient, session: Session, cast: Cast) -> None:
    row = letter(session, cast, context={})
    signed_in(client, session, cast.omar)
    assert "It cannot be written" in text(client, f"/organise/mail/{row.id}")


def test_administrator_pauses_and_resumes(client: FlaskClient, session: Session, cast: Cast) -> None:
    signed_in(client, session, cast.ada)
    asked = client.post("/organise/mail/pause", data={"reason": ""})
    assert (asked.status_code, "Say why" in asked.get_data(as_text=True)) == (422, True)
    done = client.post("/organise/mail/pause", data={"reason": "Restored"}, follow_redirects=True)
    assert "Nothing is sent at present." in done.get_data(as_text=True)
    again = client.post("/organise/mail/pause", data={"reason": "Restored"}, follow_redirects=True)
    assert "paused already" in again.get_data(as_text=True)
    resumed = client.post("/organise/mail/resumption", follow_redirects=True)
    assert "Letters are being sent again." in resumed.get_data(as_text=True)


def test_mail_server_at_fault_is_told_and_its_words_to_administrators_alone(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    now = clock.now()
    beat(session, "dispatch", seconds=3, started=now, succeeded=now, error="resting after a fault: 535 wrong password.")
    session.commit()
    for who, reads in ((cast.omar, False), (cast.ada, True)):
        page = text(signed_in(client, session, who), "/organise/mail")
        assert "Letters wait for the mail server." in page
        assert ("535 wrong password" in page) == reads


def test_organiser_may_not_pause(client: FlaskClient, session: Session, cast: Cast) -> None:
    signed_in(client, session, cast.omar)
    assert client.post("/organise/mail/pause", data={"reason": "x"}).status_code == 403
    assert client.post("/organise/mail/resumption").status_code == 403


def test_kinds_that_are_nobody_s_to_see_are_not_offered(client: FlaskClient, session: Session, cast: Cast) -> None:
    letter(session, cast)
    signed_in(client, session, cast.omar)
    assert "Sign-in link" not in text(client, "/organise/mail")
    for query in ("letter=sign_in", "state=nonsense", "page=99999999999"):
        answer = client.get(f"/organise/mail?{query}")
        assert answer.status_code == 400, query
        assert "We could not read the" in answer.text
        assert "Alice Aldgrove" in answer.text
    signed_in(client, session, cast.ada)
    assert "Sign-in link" in text(client, "/organise/mail")


def test_letter_is_shown_as_it_went_and_sent_once_more_with_a_note(
    client: FlaskClient, session: Session, cast: Cast, app: Flask
) -> None:
    row = letter(session, cast)
    run_due(app, NOW)
    session.refresh(row)
    assert row.state is OutboxState.SENT
    signed_in(client, session, cast.omar)
    page = text(client, f"/organise/mail/{row.id}")
    assert "As it went" in page
    assert "Send it once more" in page
    before = len(session.scalars(select(CapturedMail.id)).all())
    session.rollback()
    asked = client.post(f"/organise/mail/{row.id}/copies", data={"note": ""}, follow_redirects=True)
    assert "Say why it comes again." in asked.get_data(as_text=True)
    client.post(f"/organise/mail/{row.id}/copies", data={"note": "The first one named the wrong <room>."})
    run_due(app, NOW)
    session.rollback()
    copies = session.scalars(select(CapturedMail.raw).order_by(CapturedMail.id)).all()
    assert len(copies) == before + 1
    said = email.message_from_bytes(copies[-1], policy=email.policy.default)
    plain, html = said.get_body(("plain",)), said.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().startswith("The first one named the wrong <room>.")
    assert "The first one named the wrong &lt;room&gt;." in html.get_content()


def test_address_is_tried_again_from_the_letter_that_it_stopped(
    client: FlaskClient, session: Session, cast: Cast, app: Flask
) -> None:
    row = letter(session, cast)
    suppress(session, row.recipient, scope=Scope.EVERYTHING, cause=Cause.BOUNCED, now=NOW, detail="550 nobody")
    session.commit()
    run_due(app, NOW)
    session.refresh(row)
    assert row.state is OutboxState.SUPPRESSED
    signed_in(client, session, cast.omar)
    assert "Try this address again" in text(client, f"/organise/mail/{row.id}")
    said = client.post(f"/organise/mail/{row.id}/address-attempts", follow_redirects=True)
    assert "Letters go to this address again" in said.get_data(as_text=True)
    run_due(app, NOW + timedelta(minutes=1))
    session.refresh(row)
    assert row.accepted_at is not None


def test_outsider_sends_nothing_again(client: FlaskClient, session: Session, cast: Cast) -> None:
    row = letter(session, cast)
    signed_in(client, session, cast.olga)
    for verb in ("copies", "address-attempts"):
        assert client.post(f"/organise/mail/{row.id}/{verb}", data={"note": "x"}).status_code == 404


def test_failed_letter_leads_to_where_its_address_is_put_right(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    row = letter(session, cast, state=OutboxState.FAILED, last_error="5.1.1 unknown", attempts=1)
    page = text(signed_in(client, session, cast.omar), f"/organise/mail/{row.id}")
    assert f'<a href="/organise/registrations/{row.subject_id}">put it right' in page
    hidden = text(signed_in(client, session, cast.ada), f"/organise/mail/{row.id}")
    assert f"/organise/registrations/{row.subject_id}" not in hidden


def test_letter_held_for_the_day_is_not_pushed(client: FlaskClient, session: Session, cast: Cast) -> None:
    row = letter(session, cast, state=OutboxState.HELD)
    signed_in(client, session, cast.omar)
    assert "Try again" not in text(client, f"/organise/mail/{row.id}")
    answer = client.post(f"/organise/mail/{row.id}/attempts", follow_redirects=True)
    assert "it waits for that one" in answer.get_data(as_text=True)
    session.refresh(row)
    assert row.state is OutboxState.HELD
