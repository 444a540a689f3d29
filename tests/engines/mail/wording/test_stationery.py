"""What letters are written on: who we are, and the wording in force, under a version that changes with either."""

from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from programme.engines.mail.delivery.dispatching import dispatch
from programme.engines.mail.wording.stationery import Stationery, stationery_of
from programme.engines.mail.written.models import Wording
from programme.extensions import db
from programme.people.models import Organisation, OrganisationKind
from tests.bed.databases import statements
from tests.factories.cast import LONG_AGO, assemble
from tests.factories.desk import Desk
from tests.factories.letters import EXAMPLES


def test_who_we_are_comes_from_the_organisations(session: Session) -> None:
    cast = assemble(session)
    cast.liverpool.name, cast.liverpool.short_name = "University of the Mersey", "Mersey"
    host = Organisation(slug="host", name="A host", short_name="Host", kind=OrganisationKind.HOST, position=9)
    session.add(host)
    session.flush()
    found = stationery_of(session)
    assert found.programme == "Liverpool–Oxford programme"
    assert found.ends == ("Mersey", "Oxford")
    assert [one.name for one in found.signatories] == [
        "University of the Mersey",
        "University of Oxford",
        "Liverpool City Region Combined Authority",
        "Oxfordshire County Council",
    ]


def test_third_university_joins(session: Session) -> None:
    assemble(session)
    third = {"slug": "third", "name": "University of Chester", "short_name": "Chester", "position": 9}
    session.add(Organisation(**third, kind=OrganisationKind.UNIVERSITY))
    session.flush()
    assert "University of Chester" in [one.name for one in stationery_of(session).signatories]


def test_version_changes_with_whatever_changes_letters(session: Session) -> None:
    cast = assemble(session)
    versions = [stationery_of(session).version, stationery_of(session).version]
    assert versions[0] == versions[1]
    cast.oxford.contact_address = "other@oxford.example.ac.uk"
    session.flush()
    versions.append(stationery_of(session).version)
    session.add(Wording(letter="sign_in", passage="subject", text="Come in", changed_at=LONG_AGO))
    session.flush()
    versions.append(stationery_of(session).version)
    assert len(set(versions)) == 3


def test_nobody_is_named_where_nothing_is_set_up(session: Session) -> None:
    found = stationery_of(session)
    assert found == Stationery(version=found.version)
    assert found.ends == ("Liverpool–Oxford programme", "")


def test_it_is_read_once_for_many_letters(app: Flask, session: Session) -> None:
    EXAMPLES["registration_confirmed"](Desk(session, assemble(session), app.extensions["keepers"]))
    session.commit()
    with app.app_context():
        factory = sessionmaker(db.engine, expire_on_commit=False)
    with statements(app) as seen:
        done = dispatch(factory, app.extensions["mail_room"], now=Desk.now)
    assert done.sent > 2
    assert len([one for one in seen if "FROM wording" in one]) == 1
