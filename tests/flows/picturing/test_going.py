"""Pictures go along with copies, and go for good when no event shows them."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from programme.core.clock import now
from programme.engines.calendar.models import Event
from programme.engines.calendar.pictures import actions
from programme.engines.calendar.pictures.models import EventPicture, Picture
from programme.engines.calendar.pictures.queries import picture_of
from programme.engines.documents.models import Document
from programme.engines.documents.shelf import Shelf
from programme.flows.copying.events import copy, copy_series
from programme.jobs.tidying import sweep_files
from programme.jobs.working import work_of
from programme.people.permissions import NOBODY
from tests.bed.clock import Clock
from tests.factories import things
from tests.factories.cast import LONG_AGO, Cast
from tests.factories.pictures import WORDS, show
from tests.factories.things import SOON

WEEK = timedelta(days=7)


@pytest.fixture
def shelf(app: Flask) -> Shelf:
    found: Shelf = app.extensions["shelf"]
    return found


@pytest.fixture
def talk(session: Session, people: Cast, shelf: Shelf) -> Event:
    """A talk of a series, with a picture."""
    run = things.series(session, lead=people.liverpool)
    row = things.event(session, lead=people.liverpool, series_id=run.id)
    show(session, row, shelf)
    session.commit()
    return row


def lying(shelf: Shelf) -> int:
    return len(list(shelf.root.glob("*/*")))


def counted(session: Session) -> tuple[int, int, int]:
    """How many pictures are known, how many are shown or may be put back, and how many files are known."""
    session.expire_all()
    found = [
        session.scalar(select(func.count()).select_from(table)) or 0 for table in (Picture, EventPicture, Document)
    ]
    session.rollback()
    return found[0], found[1], found[2]


def sweep(app: Flask, session: Session) -> None:
    """Go through the job twice: what was forgotten is wiped the second time."""
    session.rollback()
    with app.app_context():
        for _ in range(2):
            sweep_files(work_of(app, now))


def test_a_copy_shows_the_same_picture_with_the_same_words(session: Session, talk: Event, shelf: Shelf) -> None:
    [draft], _ = copy(session, talk.id, starts_at=SOON + WEEK, actor=NOBODY, now=LONG_AGO)
    first_day = (SOON + 52 * WEEK).date()
    drafts, _ = copy_series(session, talk.series_id or 0, year=2026, first_day=first_day, actor=NOBODY, now=LONG_AGO)
    session.commit()
    assert drafts
    for one in (draft, *drafts):
        shown = picture_of(session, one.id)
        assert shown is not None
        assert shown.words == WORDS
        assert shown.picture_id == picture_of(session, talk.id).picture_id  # type: ignore[union-attr]
    assert lying(shelf) == 2, "its bytes lie once"
    actions.give(session, draft.id, actions.Caption(words="Other words"), actor=NOBODY, now=LONG_AGO)
    session.commit()
    assert picture_of(session, talk.id).words == WORDS  # type: ignore[union-attr]


def test_a_picture_goes_for_good_a_day_after_the_last_event_took_it_off(
    app: Flask, session: Session, talk: Event, shelf: Shelf, clock: Clock
) -> None:
    [draft], _ = copy(session, talk.id, starts_at=SOON + WEEK, actor=NOBODY, now=LONG_AGO)
    session.commit()
    actions.remove(session, talk.id, actor=NOBODY, now=now())
    session.commit()
    clock.forward(days=2)
    sweep(app, session)
    assert (counted(session), lying(shelf)) == ((1, 1, 2), 2), "the copy shows it still"
    actions.remove(session, draft.id, actor=NOBODY, now=now())
    session.commit()
    clock.forward(hours=23)
    sweep(app, session)
    assert (counted(session), lying(shelf)) == ((1, 1, 2), 2), "it can be put back still"
    clock.forward(hours=2)
    sweep(app, session)
    assert (counted(session), lying(shelf)) == ((0, 0, 0), 0)


def test_what_was_replaced_twice_and_what_a_deleted_draft_showed_goes_too(
    app: Flask, session: Session, talk: Event, shelf: Shelf, clock: Clock
) -> None:
    del clock
    for shade in (40, 80):
        show(session, talk, shelf, shade=shade, now=now())
    session.commit()
    assert lying(shelf) == 6
    sweep(app, session)
    assert (counted(session), lying(shelf)) == ((2, 2, 4), 4), "the present one and the one before"
    session.delete(session.get_one(Event, talk.id))
    session.commit()
    sweep(app, session)
    assert (counted(session), lying(shelf)) == ((0, 0, 0), 0)
