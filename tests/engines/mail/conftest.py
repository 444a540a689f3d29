"""The post office as a fixture."""

import pytest
from flask import Flask

from tests.engines.mail.post_office import PostOffice, office_of


@pytest.fixture
def office(app: Flask) -> PostOffice:
    """An outbox and the room that empties it; delivers to `smtp_peer` where a test asks for one, else captures."""
    return office_of(app)
