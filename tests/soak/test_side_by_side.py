"""Two schedulers and four workers in processes of their own: what is due goes to each person once."""

from pathlib import Path

from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from programme.config import Settings
from programme.engines.mail.states import OutboxState
from programme.extensions import db
from tests.factories.cast import assemble
from tests.soak.nursery import Nursery
from tests.soak.sinks import swallowing
from tests.soak.together import side_by_side
from tests.soak.trials import Ground, Trial, crowd, environment_of

TRIAL = Trial(due=300, dispatchers=2, workers=4)


def test_two_schedulers_beside_four_workers_send_each_letter_once(
    app: Flask, settings: Settings, session: Session, started: Nursery, tmp_path: Path
) -> None:
    assemble(session)
    crowd(session, TRIAL.due)
    with app.app_context():
        factory = sessionmaker(db.engine, expire_on_commit=False)
    with swallowing(tmp_path) as (mail_url, notes):
        told = environment_of(settings.database_url, tmp_path, mail_url=mail_url, connections=TRIAL.connections)
        found = side_by_side(TRIAL, Ground(started, factory, told, notes))
    assert len(found.copies) == TRIAL.due
    assert found.doubled == 0
    assert found.states == {OutboxState.SENT: TRIAL.due}
