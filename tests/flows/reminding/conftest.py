"""The talk of Oxford's that Liverpool shares."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.factories.cast import assemble
from tests.factories.things import event, opening
from tests.flows.reminding.desk import Desk


@pytest.fixture
def desk(app: Flask, session: Session) -> Desk:
    cast = assemble(session)
    talk = event(session, lead=cast.oxford, is_online=True, online_link="https://meet.example.ac.uk/x")
    talk.co_owners = [cast.liverpool]
    return Desk(app, session, cast, talk, opening(session, events=[talk]))
