"""An organiser gives an event a picture: with words, without what its camera noted, and with a way back."""

import io
import re
from datetime import timedelta

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core.audit import AuditEntry
from programme.core.clock import now
from programme.core.web.converters import slug
from programme.engines.calendar.models import Event
from programme.engines.calendar.pictures.models import EventPicture, Picture
from programme.engines.documents.models import Document
from programme.people.models import Role
from tests.factories import files
from tests.factories.cast import Cast, grant
from tests.factories.pictures import CREDIT, SECRET, WORDS, boundless, fetched, photograph, plain, saved
from tests.screens.organiser.pictures.conftest import Browse, Desk

SHOWN = re.compile(r'<img class="pic__small" src="(/pictures/[^"]+)"')
HELD = re.compile(r'name="picture" value="([^"]+)"')


def on_page(desk: Desk, talk: Event) -> str:
    return desk.client.get(f"/events/{slug(talk.title, talk.id)}").get_data(as_text=True)


def fresh(session: Session) -> None:
    session.rollback()
    session.expire_all()


def test_a_picture_stands_on_the_page_with_its_words_and_without_what_its_camera_noted(
    desk: Desk, talk: Event, session: Session
) -> None:
    answer = desk.give()
    assert (answer.status_code, answer.headers["Location"]) == (303, desk.address)
    page = on_page(desk, talk)
    assert f'alt="{WORDS}"' in page
    assert "<figcaption" in page
    assert CREDIT in page
    assert 'width="600" height="1000"' in page, "the browser keeps its room free"
    for address in re.findall(r"/pictures/\S+\.jpg", page):
        content = fetched(desk.client, address).data
        image = Image.open(io.BytesIO(content))
        assert image.size in {(600, 1_000), (480, 800)}
        assert SECRET not in content
        assert dict(image.getexif()) == {}
    assert [path for path in desk.lying() if SECRET in path.read_bytes()] == [], "nor do we keep it as it came"
    fresh(session)
    assert {row.subject_kind for row in session.scalars(select(Document))} == {"picture"}
    entry = session.scalars(select(AuditEntry).where(AuditEntry.verb == "gave it a picture")).one()
    assert entry.after == {"words": WORDS, "credit": CREDIT}


def test_without_words_nothing_is_lost_and_the_picture_need_not_be_chosen_again(desk: Desk, session: Session) -> None:
    answer = desk.give(words="")
    again = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Say what the picture shows, or tick that it is only decoration." in again
    assert CREDIT in again
    assert '<b class="break">me.jpg</b>' in again
    held = HELD.findall(again)[0]
    assert desk.give(name="", held=held).status_code == 303
    fresh(session)
    assert session.scalars(select(EventPicture)).one().words == WORDS
    assert [path for path in desk.lying() if SECRET in path.read_bytes()] == []
    gone = desk.give(name="", held=held)
    assert gone.status_code == 422
    assert "is not kept any more. Choose it again." in gone.get_data(as_text=True)


def test_decoration_is_said_to_be_so_and_has_no_words(desk: Desk, talk: Event) -> None:
    both = desk.give(is_decoration="y")
    assert both.status_code == 422
    assert "has no words: delete them, or take the tick away" in both.get_data(as_text=True)
    assert desk.give(words="", is_decoration="y").status_code == 303
    assert 'alt=""' in on_page(desk, talk)


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (files.HTML, "page.jpg", "is not what its name says"),
        (files.JPEG, "half.jpg", "no picture that we can read"),
        (boundless(), "bomb.png", "more than 40 million pixels"),
        (saved(plain(), "GIF"), "moving.gif", "is not a file that we can take here"),
        (b"\xff\xd8\xff" + bytes(10_000_001), "large.jpg", "is too large: 10 MB is the most"),
        (b"", "empty.png", "is empty"),
    ],
    ids=["page", "half", "bomb", "gif", "large", "empty"],
)
def test_what_is_no_picture_is_refused_in_a_sentence_and_what_was_typed_stays(
    desk: Desk, session: Session, content: bytes, name: str, sentence: str
) -> None:
    answer = desk.give(content, name)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert sentence in page
    assert WORDS in page
    assert CREDIT in page
    assert desk.lying() == []
    assert session.scalars(select(Picture)).all() == []


def test_a_bad_picture_does_not_take_the_place_of_the_one_that_waits(desk: Desk) -> None:
    held = HELD.findall(desk.give(words="").get_data(as_text=True))[0]
    assert HELD.findall(desk.give(files.HTML, "page.jpg", held=held).get_data(as_text=True)) == [held]


def test_words_can_be_changed_alone_and_a_picture_replaced_and_both_put_back(desk: Desk, session: Session) -> None:
    assert "Choose a picture." in desk.give(name="").get_data(as_text=True)
    desk.give()
    first = SHOWN.findall(desk.page())
    assert desk.give(name="", words="A river").status_code == 303
    assert SHOWN.findall(desk.page()) == first
    assert 'alt="A river"' in desk.page()
    desk.give(saved(plain(shade=90)), "other.png")
    second = SHOWN.findall(desk.page())
    assert second != first
    assert fetched(desk.client, first[0]).status_code == 404
    assert SHOWN.findall(desk.press("restoration").get_data(as_text=True)) == first
    assert SHOWN.findall(desk.press("restoration").get_data(as_text=True)) == second
    off = desk.press("removal").get_data(as_text=True)
    assert "The picture is off the page. For a day it can be put back." in off
    assert SHOWN.findall(off) == []
    assert fetched(desk.client, second[0]).status_code == 404
    assert SHOWN.findall(desk.press("restoration").get_data(as_text=True)) == second
    fresh(session)
    assert len(session.scalars(select(EventPicture)).all()) == 1


def test_what_was_taken_off_cannot_be_put_back_after_a_day(desk: Desk, session: Session) -> None:
    desk.give()
    desk.press("removal")
    fresh(session)
    session.scalars(select(EventPicture)).one().removed_at = now() - timedelta(days=1, minutes=1)
    session.commit()
    assert "Put the former one back" not in desk.page()
    assert "There is no picture to put back" in desk.press("restoration").get_data(as_text=True)


def test_of_two_who_change_it_the_second_is_told(desk: Desk, session: Session) -> None:
    (seen,) = re.findall(r'name="seen" type="hidden" value="(\w+)"', desk.page())
    desk.give(words="Theirs")
    second = desk.give(seen=seen)
    page = second.get_data(as_text=True)
    assert second.status_code == 422
    assert "Somebody else changed this" in page
    assert "Theirs" in page
    assert HELD.search(page), "their picture waits"
    (now_seen,) = re.findall(r'name="seen" type="hidden" value="(\w+)"', page)
    assert desk.give(name="", held=HELD.findall(page)[0], seen=now_seen).status_code == 303
    assert f'alt="{WORDS}"' in desk.page()


def test_only_those_who_may_edit_the_event_give_it_a_picture(
    desk: Desk, talk: Event, cast: Cast, session: Session, browse: Browse
) -> None:
    grant(session, cast.alice, Role.HELPER, subject=("event", talk.id))
    session.commit()
    for who, status in ((cast.omar, 403), (cast.alice, 403), (cast.charlie, 403)):
        other = Desk(browse(who), talk.id, desk.store)
        answers = [other.client.get(other.address), other.give(), other.press("removal"), other.press("restoration")]
        assert {answer.status_code for answer in answers} == {status}
        assert other.lying() == []
    session.get_one(Event, talk.id).co_owners = [cast.oxford]
    session.commit()
    assert Desk(browse(cast.omar), talk.id, desk.store).give().status_code == 303


def test_the_page_of_the_event_leads_to_it(desk: Desk) -> None:
    home = f"/organise/events/{desk.event_id}"
    assert "Add a picture" in desk.client.get(home).get_data(as_text=True)
    desk.give()
    page = desk.client.get(home).get_data(as_text=True)
    assert "Change the picture" in page
    assert SHOWN.search(page)
    assert "gave this event a picture" in page


def test_while_too_much_waits_no_picture_is_taken(desk: Desk, app: Flask, session: Session) -> None:
    values = {"token": "x", "name": "a", "kind": "pdf", "digest": "", "subject_kind": "", "uploaded_at": now()}
    session.add(Document(size=4_000_000_000, **values))
    session.commit()
    answer = desk.give(photograph())
    assert answer.status_code == 422
    assert "We cannot take any more files just now." in answer.get_data(as_text=True)
    assert desk.lying() == []
