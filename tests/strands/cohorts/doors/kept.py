"""The secret cohort, told once by each process and brought back for each test: its database, and what people handed in.

Telling it takes as long as most of what is asked about it, and it is always the same.
"""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from sqlalchemy.orm import Session

from programme.engines.registration.models import Registration
from programme.people.models import Person
from programme.strands.cohorts.models import Candidature, Cohort
from tests.factories import cast
from tests.strands.cohorts.doors.world import World


@dataclass(frozen=True)
class Kept:
    """A world on the disk, and which number everything in it has."""

    folder: Path
    cohort: int
    record: int
    application: int
    others: Mapping[str, int]
    values: Mapping[str, str]

    @property
    def database(self) -> Path:
        """Its database."""
        return self.folder / "world.sqlite"

    @property
    def files(self) -> Path:
        """What stood in its store."""
        return self.folder / "store"


def keep(app: Flask, session: Session, world: World, folder: Path) -> Kept:
    """Copy a world, all of which is committed, into an empty folder."""
    others = {part: who.id for part, who in world.others.items()}
    kept = Kept(folder, world.cohort.id, world.record.id, world.application.id, others, dict(world.values))
    session.rollback()
    cast.copy_database(cast.database_of(session), kept.database)
    shutil.copytree(app.extensions["shelf"].store, kept.files)
    return kept


def bring_back(app: Flask, session: Session, kept: Kept) -> World:
    """Put a world in the place of a test's database, where nothing has happened yet, and read who is in it."""
    session.rollback()
    cast.copy_database(kept.database, cast.database_of(session))
    shutil.copytree(kept.files, app.extensions["shelf"].store, dirs_exist_ok=True)
    return World(
        people=cast.everybody(session),
        cohort=session.get_one(Cohort, kept.cohort),
        record=session.get_one(Candidature, kept.record),
        application=session.get_one(Registration, kept.application),
        others={part: session.get_one(Person, number) for part, number in kept.others.items()},
        values=dict(kept.values),
    )
