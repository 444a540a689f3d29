"""Training records and privacy: given back whole, without a word of somebody's own once they are gone."""

from datetime import UTC, date, datetime

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.people.identity import actor_of
from programme.people.keeping.ports import Subject, Times
from programme.strands.cohorts.models import Candidature, TrainingEntry
from programme.strands.cohorts.training.events.actions import Worth
from programme.strands.cohorts.training.keeping import TrainingKept
from programme.strands.cohorts.training.record.entries import Declared, declare
from tests.factories.cast import Cast

NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)


def declared(session: Session, alice: Candidature, cast: Cast) -> TrainingEntry:
    told = Declared(
        title="Clinic for my own illness",
        begins_on=date(2026, 11, 3),
        ends_on=date(2026, 11, 3),
        worth=Worth(120, ("B2",)),
        organiser="Somewhere",
        link="https://clinic.example.org",
        note="About me",
    )
    row = declare(session, alice.id, told, actor=actor_of(cast.alice), now=NOW)
    session.commit()
    return row


def kept(app: Flask) -> TrainingKept:
    (found,) = [one for one in app.extensions["keepers"] if isinstance(one, TrainingKept)]
    return found


def test_a_record_is_given_back_and_goes_silent(app: Flask, session: Session, cast: Cast, alice: Candidature) -> None:
    declared(session, alice, cast)
    keeper, who = kept(app), Subject(cast.alice.id, cast.alice.name, cast.alice.address, cast.alice.address_key)
    sections = {section.name: list(section.rows) for section in keeper.held(session, who)}
    (line,) = sections["training"]
    assert (line["title"], line["hours"], line["note"]) == ("Clinic for my own illness", "2", "About me")
    assert any("1 line" in fate.what for fate in keeper.fates(session, who))
    keeper.erase(session, who, now=NOW)
    session.commit()
    row = session.scalars(select(TrainingEntry).execution_options(populate_existing=True)).one()
    assert (row.title, row.organiser, row.link, row.note) == ("", "", "", "")
    assert (row.minutes, row.codes, row.begins_on) == (120, ["B2"], date(2026, 11, 3))


def test_records_of_awards_that_ended_long_ago_go_silent(
    app: Flask, session: Session, cast: Cast, alice: Candidature
) -> None:
    declared(session, alice, cast)
    keeper = kept(app)
    assert keeper.retire(session, Times(), now=NOW) == 0
    alice.cohort.award.ends_on = date(2010, 1, 1)
    session.commit()
    assert keeper.retire(session, Times(), now=NOW) == 1
    assert keeper.retire(session, Times(), now=NOW) == 0, "once is enough"
    session.commit()
    row = session.scalars(select(TrainingEntry).execution_options(populate_existing=True)).one()
    assert (row.title, row.note) == ("", "")
