"""People who cancel while reminders go out: nothing goes to them that was marked afterwards; all others get theirs."""

from pathlib import Path

from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from programme.config import Settings
from programme.extensions import db
from tests.factories.cast import assemble
from tests.soak.changing_minds import change_minds
from tests.soak.nursery import Nursery
from tests.soak.sinks import swallowing
from tests.soak.trials import Ground, Trial, crowd, environment_of

TRIAL = Trial(due=300, dispatchers=2, cancels=40, delay=0.03)


def test_nothing_goes_to_anybody_that_was_marked_after_they_cancelled(
    app: Flask, settings: Settings, session: Session, started: Nursery, tmp_path: Path
) -> None:
    assemble(session)
    crowd(session, TRIAL.due, subjects=app.extensions["reminder_subjects"])
    with app.app_context():
        factory = sessionmaker(db.engine, expire_on_commit=False)
    with swallowing(tmp_path, "--delay", str(TRIAL.delay)) as (mail_url, notes):
        told = environment_of(settings.database_url, tmp_path, mail_url=mail_url, connections=TRIAL.connections)
        minds = change_minds(TRIAL, Ground(started, factory, told, notes))
    assert len(minds.cancelled) == TRIAL.cancels
    assert minds.unmarked, "nobody cancelled in time: the trial shows nothing"
    assert not minds.too_late
    assert not minds.missed
