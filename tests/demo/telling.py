"""The demonstration as tests find it: told once in a run, and then a copy of its database and of its files."""

import fcntl
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from programme.core import clock
from programme.core.database import begin_writing
from programme.demo import story
from programme.flows.founding import found
from programme.scheduler import run_due
from programme.strands.cohorts.founding import found_doctoral
from tests.bed.application import shared_folder
from tests.factories.cast import copy_database, database_of


class Telling:
    """Databases of SQLite as they were once the story was told and once its letters had gone, each with its files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def into(self, app: Flask, session: Session, *, so_far: Callable[[Flask, Session], None]) -> None:
        """Leave in an application's empty database what `so_far` commits there; `session` is one on it, and at rest."""
        rows, files = self.folder / f"{so_far.__name__}.sqlite", self.folder / so_far.__name__
        uploads, own = app.extensions["shelf"].store / "uploads", database_of(session)
        session.rollback()
        with alone(self.folder / f"{so_far.__name__}.lock"):
            if not rows.exists():
                so_far(app, session)
                shutil.copytree(uploads, files)
                copy_database(own, rows.with_suffix(".part"))
                rows.with_suffix(".part").rename(rows)
                return
        copy_database(rows, own)
        shutil.copytree(files, uploads)
        session.expire_all()

    def posted(self, app: Flask, session: Session) -> None:
        """Tell the story, and send the letters that are due by then: links in them are the first application's."""
        self.into(app, session, so_far=tell)
        run_due(app, clock.now())


@contextmanager
def alone(lock: Path) -> Iterator[None]:
    """Wait until no other process of the run is within."""
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def tell(app: Flask, session: Session) -> None:
    """Found a programme as the demonstration is founded, and tell its story."""
    now = clock.now()
    begin_writing(session)
    found(session, uid_host="programme.example.ac.uk", now=now, demo=True)
    found_doctoral(session, now=now)
    story.tell(session, now=now, progress=lambda _: None, shelf=app.extensions["shelf"])
    session.commit()


@pytest.fixture(scope="session")
def telling(tmp_path_factory: pytest.TempPathFactory) -> Telling:
    """Where the run keeps the story."""
    folder = shared_folder(tmp_path_factory) / "demonstration"
    folder.mkdir(exist_ok=True)
    return Telling(folder)


@pytest.fixture
def told(app: Flask, session: Session, telling: Telling) -> Session:
    """A session of the test's own on a database in which the story has been told: for one database, SQLite."""
    telling.into(app, session, so_far=tell)
    return session


@pytest.fixture
def posted(app: Flask, session: Session, telling: Telling) -> Session:
    """The same, where the letters have gone, too."""
    telling.into(app, session, so_far=telling.posted)
    return session
