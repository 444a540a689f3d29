"""Dispatchers that are killed: nobody is missed, and nobody is written to oftener than there were hands at work."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from programme.config import Settings
from programme.engines.mail.states import OutboxState
from programme.extensions import db
from tests.factories.cast import assemble
from tests.soak.nursery import Nursery
from tests.soak.sinks import swallowing
from tests.soak.trials import Ground, Trial, crowd, environment_of, play


@pytest.mark.parametrize(
    "trial",
    [Trial(due=500, kills=5), Trial(due=150, dispatchers=2, kills=1, stops=1, lose=0.02, seed=2)],
    ids=["killed five times", "two that are killed, sleep and lose answers"],
)
def test_nobody_is_missed_and_few_are_written_to_twice(
    trial: Trial, app: Flask, settings: Settings, session: Session, started: Nursery, tmp_path: Path
) -> None:
    assemble(session)
    crowd(session, trial.due, subjects=app.extensions["reminder_subjects"])
    with app.app_context():
        factory = sessionmaker(db.engine, expire_on_commit=False)
    with swallowing(tmp_path, "--delay", str(trial.delay), "--lose", str(trial.lose)) as (mail_url, notes):
        told = environment_of(settings.database_url, tmp_path, mail_url=mail_url, connections=trial.connections)
        found = play(trial, Ground(started, factory, told, notes))
    assert len(found.copies) == trial.due
    assert found.states == {OutboxState.SENT: trial.due}
    assert all(len(names) == 1 for names in found.names.values())
    assert found.doubled <= trial.most_doubled
