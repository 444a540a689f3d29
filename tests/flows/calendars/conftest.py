"""An installation that reads what people answer in their calendars, and the post that goes from it."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy.orm import sessionmaker

from programme.config import Settings
from programme.extensions import db
from tests.bed.servers.smtp import Peer
from tests.flows.calendars.invited import Post


@pytest.fixture
def is_answered() -> bool:
    """Whether answers are read; a test may be parametrised otherwise."""
    return True


@pytest.fixture
def settings(settings: Settings, *, is_answered: bool) -> Settings:
    """Settings of an installation that reads answers, or not."""
    return replace(settings, invitations=is_answered)


@pytest.fixture
def mail(app: Flask, smtp_peer: Peer) -> Post:
    """The post of this test's application."""
    with app.app_context():
        factory = sessionmaker(db.engine, expire_on_commit=False)
    return Post(factory, app.extensions["mail_room"], smtp_peer)
