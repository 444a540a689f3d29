"""The demonstration's mailbox: every captured letter, readable; elsewhere there is no such place."""

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from programme.app import create_app
from programme.config import Settings
from programme.engines.mail.ports import Attachment, Composed
from tests.engines.mail.post_office import PostOffice, compose_plain, office_of

INVITATION = b"""\
BEGIN:VCALENDAR\r
VERSION:2.0\r
METHOD:REQUEST\r
BEGIN:VEVENT\r
UID:event-1@programme.example\r
DTSTART:20270216T140000Z\r
DTEND:20270216T150000Z\r
SUMMARY:Tides and <sand>\r
LOCATION:Lecture theatre 2\r
END:VEVENT\r
END:VCALENDAR\r
"""
CALENDAR = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, demo=True)


@pytest.fixture
def office(app: Flask) -> PostOffice:
    return office_of(app, compose={"plain": with_file})


def with_file(session: object, message: object, *, now: object) -> Composed:
    """A letter with a calendar file."""
    plain = compose_plain(session, message, now=now)  # type: ignore[arg-type]
    assert plain is not None
    return replace(plain, attachments=(Attachment("talk.ics", CALENDAR, method="PUBLISH"),))


def sent(office: PostOffice) -> None:
    """Capture two letters."""
    office.put("one", to="alice@liverpool.example", context={"subject": "You have a <place>"})
    office.put("two", to="bob@oxford.example", context={"subject": "You wait"})
    office.dispatch()


def test_mailbox_lists_letters_newest_first_and_finds_by_recipient(client: FlaskClient, office: PostOffice) -> None:
    assert "No letter yet" in client.get("/mailbox").get_data(as_text=True)
    sent(office)
    page = client.get("/mailbox").get_data(as_text=True)
    assert page.index("You wait") < page.index("You have a &lt;place&gt;")
    found = client.get("/mailbox?to=ALICE").get_data(as_text=True)
    assert ("You have a" in found, "You wait" in found) == (True, False)
    assert "Nothing was written to them" in client.get("/mailbox?to=zoe").get_data(as_text=True)


@pytest.mark.one_database
def test_letter_shows_text_html_headers_and_files(client: FlaskClient, office: PostOffice) -> None:
    sent(office)
    page = client.get("/mailbox/1").get_data(as_text=True)
    told = (
        "You have a &lt;place&gt;",
        "something happened.",
        "Auto-Submitted",
        "alice@liverpool.example",
        "/mailbox/1/html",
    )
    for words in (*told, "Calendar file (.ics, 1 KB)", "talk.ics"):
        assert words in page
    file = client.get("/mailbox/1/files/1")
    assert (file.data, file.mimetype) == (CALENDAR, "text/calendar")
    assert file.headers["Content-Disposition"] == 'attachment; filename="talk.ics"'


@pytest.mark.one_database
def test_html_of_a_letter_may_do_nothing_but_be_seen(client: FlaskClient, office: PostOffice) -> None:
    sent(office)
    answer = client.get("/mailbox/1/html")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "script" not in policy
    assert '<base target="_top">' in answer.get_data(as_text=True)


@pytest.mark.one_database
def test_page_of_a_letter_may_show_it_and_is_as_strict_as_any_other(client: FlaskClient, office: PostOffice) -> None:
    sent(office)
    usual = client.get("/mailbox").headers["Content-Security-Policy"]
    assert client.get("/mailbox/1").headers["Content-Security-Policy"] == f"{usual}; object-src 'self'"


@pytest.mark.parametrize(
    "path", ["/mailbox/9", "/mailbox/1/files/2", "/mailbox/9223372036854775808", "/mailbox/9/html"]
)
def test_what_is_not_there_is_not_found(client: FlaskClient, office: PostOffice, path: str) -> None:
    sent(office)
    assert client.get(f"/mailbox{path}").status_code == 404


@pytest.mark.parametrize(
    "changed", [{"demo": False}, {"mail": "smtp"}], ids=["not a demonstration", "letters are really sent"]
)
@pytest.mark.one_database
def test_mailbox_exists_only_where_a_demonstration_captures(settings: Settings, changed: dict[str, object]) -> None:
    mail = replace(settings.mail, host="127.0.0.1") if "mail" in changed else settings.mail
    other = create_app(replace(settings, demo="mail" in changed, mail=mail)).test_client()
    assert [other.get(path).status_code for path in ("/mailbox", "/mailbox/1", "/mailbox/1/html")] == [404] * 3


@pytest.mark.one_database
def test_what_a_letter_brings_for_the_calendar_is_told_in_words(client: FlaskClient, app: Flask) -> None:
    def invite(session: object, message: object, *, now: object) -> Composed:
        file = Attachment("invite.ics", INVITATION, method="REQUEST")
        return replace(with_file(session, message, now=now), attachments=(file,))

    sent(office_of(app, compose={"plain": invite}))
    page = client.get("/mailbox/1").get_data(as_text=True)
    for words in ("Accept and Decline", "METHOD:REQUEST", "Tuesday 16 February 2027, 14:00", "Lecture theatre 2"):
        assert words in page
    assert "something happened." in page
    file = client.get("/mailbox/1/files/1")
    assert (file.data, file.headers["Content-Disposition"]) == (INVITATION, 'attachment; filename="invite.ics"')
