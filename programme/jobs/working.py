"""What the jobs of an application work with, and whether its clock runs here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.orm import sessionmaker

from programme.extensions import db
from programme.jobs.job import Work

if TYPE_CHECKING:
    from apscheduler.schedulers.background import BackgroundScheduler
    from flask import Flask

    from programme.engines.mail.delivery.claiming import Clock


def work_of(app: Flask, reader: Clock) -> Work:
    """Return what the jobs of `app` work with."""
    with app.app_context():
        factory = sessionmaker(db.engine, expire_on_commit=False)
    names = ("mail_room", "keepers", "times", "reminder_subjects")
    room, keepers, times, subjects = (app.extensions[name] for name in names)
    store = app.extensions["settings"].store
    return Work(factory, room, reader, store, keepers, times, subjects, is_ending=lambda: Running.is_ending)


class Running:
    """The clockwork of this process, if it runs here."""

    clockwork: BackgroundScheduler | None = None
    is_ending: bool = False
