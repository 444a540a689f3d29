"""Many at once: one window saves a draft, and one form gets a file."""

import io
from collections.abc import Callable
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from programme.core.database import begin_writing
from programme.core.refusal import Refusal
from programme.engines.documents.actions import put_to, take_in
from programme.engines.documents.models import Document
from programme.engines.documents.shelf import Shelf
from programme.engines.registration.drafts.actions import SavedElsewhereError
from programme.engines.registration.drafts.models import Draft
from programme.engines.registration.models import Opening
from programme.flows.answering.drafts import begin_draft, save_draft
from programme.people.permissions import NOBODY
from tests.engines.registration.rush import AT_ONCE, all_at_once
from tests.factories import cast, files, things
from tests.factories.cast import LONG_AGO
from tests.factories.stories.answers import typed

GWEN = "gwen@example.org"


@pytest.fixture
def opening(session: Session) -> Opening:
    """Places for everybody at a day of Oxford's."""
    people = cast.assemble(session)
    day = things.event(session, lead=people.oxford, title="A day by the river")
    row = things.opening(session, events=[day], capacity=None)
    session.commit()
    return row


@pytest.fixture
def engine(session: Session) -> Engine:
    """What the threads' own sessions are on."""
    found = session.get_bind()
    assert isinstance(found, Engine)
    return found


def in_turn(engine: Engine, verb: Callable[[Session], object], *, told: type[Exception]) -> list[bool]:
    """Let as many as there are threads do a verb, each in a transaction of its own; returns who was not told off."""
    done: list[bool] = []

    def tried() -> None:
        with Session(engine) as own:
            begin_writing(own)
            try:
                verb(own)
                own.commit()
            except told:
                own.rollback()
                done.append(False)
            else:
                done.append(True)

    all_at_once([tried] * AT_ONCE)
    return done


def test_of_windows_that_save_the_same_revision_one_saves_and_the_others_are_told(
    session: Session, engine: Engine, opening: Opening
) -> None:
    draft = begin_draft(session, opening, typed(GWEN), {}, actor=NOBODY, now=LONG_AGO).draft
    number = draft.id
    session.commit()
    saved = in_turn(
        engine,
        lambda own: save_draft(own, number, typed(GWEN, q1=["Mine"]), {}, seen=1, now=LONG_AGO),
        told=SavedElsewhereError,
    )
    assert sum(saved) == 1
    session.rollback()
    session.expire_all()
    assert session.get_one(Draft, number).revision == 2


def test_windows_that_only_look_at_the_revision_overwrite_each_other(
    session: Session, engine: Engine, opening: Opening
) -> None:
    """The control: read, compare, then write."""
    number = begin_draft(session, opening, typed(GWEN), {}, actor=NOBODY, now=LONG_AGO).draft.id
    session.commit()
    looked, saved = Barrier(AT_ONCE), list[int]()

    def saves() -> None:
        with Session(engine) as own:
            seen = own.scalar(select(Draft.revision).where(Draft.id == number))
            own.rollback()
            looked.wait()
            if seen == 1:
                begin_writing(own)
                own.execute(update(Draft).where(Draft.id == number).values(revision=2))
                own.commit()
                saved.append(1)

    all_at_once([saves] * AT_ONCE)
    assert sum(saved) == AT_ONCE


def test_of_forms_that_claim_one_file_one_gets_it(
    session: Session, engine: Engine, opening: Opening, tmp_path: Path
) -> None:
    token = taken_in(session, tmp_path)
    numbers = iter(range(1, AT_ONCE + 1))
    got = in_turn(
        engine,
        lambda own: put_to(own, token, subject=("answer_sheet", next(numbers)), part=1, name="cv.pdf"),
        told=Refusal,
    )
    assert sum(got) == 1
    session.rollback()
    assert len(session.scalars(select(Document.subject_id).where(Document.subject_kind == "answer_sheet")).all()) == 1


def test_forms_that_only_look_whether_a_file_waits_take_it_from_each_other(
    session: Session, engine: Engine, opening: Opening, tmp_path: Path
) -> None:
    """The control: look whether it waits, then write."""
    token = taken_in(session, tmp_path)
    looked, got = Barrier(AT_ONCE), list[int]()
    numbers = iter(range(1, AT_ONCE + 1))

    def takes() -> None:
        with Session(engine) as own:
            waits = own.scalar(select(Document.subject_kind).where(Document.token == token)) == ""
            own.rollback()
            looked.wait()
            if waits:
                begin_writing(own)
                theirs = {"subject_kind": "answer_sheet", "subject_id": next(numbers)}
                own.execute(update(Document).where(Document.token == token).values(theirs))
                own.commit()
                got.append(1)

    all_at_once([takes] * AT_ONCE)
    assert sum(got) == AT_ONCE


def taken_in(session: Session, folder: Path) -> str:
    """A file that waits for a form to claim it, by its token."""
    laid = Shelf(folder).lay(io.BytesIO(files.PDF), "cv.pdf", accepts=["pdf"], most=1_000)
    take_in(session, laid, now=LONG_AGO)
    session.commit()
    return laid.token
