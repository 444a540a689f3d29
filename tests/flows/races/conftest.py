"""What the rushes are on."""

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session


@pytest.fixture
def engine(session: Session) -> Engine:
    """What the threads' own sessions are on."""
    found = session.get_bind()
    assert isinstance(found, Engine)
    return found
