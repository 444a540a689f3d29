"""How files go: with their person, with what is sensitive, with what has served its time; and how they are exported."""

import base64
import json
from datetime import timedelta

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core.database import begin_writing
from programme.engines.documents.actions import sweep
from programme.engines.documents.models import Document
from programme.engines.registration.models import Opening
from programme.flows.keeping.erasing import erase_registration
from programme.flows.keeping.retention import forget
from programme.flows.keeping.taking_away import everything
from programme.people.keeping.ports import Times
from tests.factories import files
from tests.factories.cast import LONG_AGO
from tests.screens.registrations.conftest import registrations
from tests.screens.registrations.files.conftest import CV, PROOF, SendFiles, lying


def names(session: Session) -> list[str]:
    session.expire_all()
    return list(session.scalars(select(Document.name).order_by(Document.id)))


def test_somebodys_own_data_hold_their_files_whole(
    app: Flask, session: Session, address: str, hand_in: SendFiles
) -> None:
    hand_in(address, why="To learn", cv=CV)
    row = registrations(session)[0]
    assert row.person_id is not None
    told = json.loads("".join(everything(session, row.person_id, app.extensions["keepers"], now=LONG_AGO)))
    (found,) = told["files handed in"]
    assert found["name"] == "My CV.pdf"
    assert base64.b64decode(found["content in base64"]) == files.PDF


def test_files_go_with_the_data_of_their_person(app: Flask, session: Session, address: str, hand_in: SendFiles) -> None:
    hand_in(address, why="To learn", cv=CV, proof=PROOF)
    row = registrations(session)[0]
    session.rollback()
    begin_writing(session)
    erase_registration(session, row, app.extensions["keepers"], now=LONG_AGO)
    session.commit()
    assert names(session) == ["", ""]
    sweep(session, app.extensions["shelf"], now=LONG_AGO)
    session.commit()
    assert lying(app) == []
    assert names(session) == []


def test_a_sensitive_file_goes_thirty_days_after_the_event_and_the_rest_a_year_after(
    app: Flask, session: Session, opening: Opening, address: str, hand_in: SendFiles
) -> None:
    hand_in(address, why="To learn", cv=CV, proof=PROOF)
    session.rollback()
    ended, keepers = opening.events[0].ends_at, app.extensions["keepers"]
    begin_writing(session)
    forget(session, keepers, Times(), now=ended + timedelta(days=29))
    assert names(session) == ["My CV.pdf", "proof.png"]
    forget(session, keepers, Times(), now=ended + timedelta(days=31))
    assert names(session) == ["My CV.pdf", ""]
    forget(session, keepers, Times(), now=ended + timedelta(days=366))
    assert names(session) == ["", ""]
