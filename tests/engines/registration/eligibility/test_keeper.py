"""Invitations and lists are told to their person, erased with them, and let go when all is long over."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.registration.eligibility.keeper import ELIGIBILITY
from programme.engines.registration.eligibility.models import Invitation, ListedAddress
from programme.engines.registration.models import Opening
from programme.engines.registration.states import InvitationState
from programme.people.keeping.ports import Subject, Times
from tests.factories import cast, things
from tests.factories.cast import LONG_AGO, Cast

ANNA, BEN = "anna@example.org", "ben@example.org"
WHO = Subject(person_id=1, name="Anna", address="Anna@example.org", key=ANNA)


@pytest.fixture
def people(session: Session) -> Cast:
    return cast.assemble(session)


@pytest.fixture
def opening(session: Session, people: Cast) -> Opening:
    """Anna and Ben are invited, and on the list."""
    row = things.opening(session, events=[things.event(session, lead=people.oxford)])
    for key in (ANNA, BEN):
        session.add(
            Invitation(
                opening_id=row.id,
                name=key.partition("@")[0].title(),
                address=key,
                address_key=key,
                state=InvitationState.SILENT,
                link_version=7,
                invited_at=LONG_AGO,
            )
        )
        session.add(ListedAddress(opening_id=row.id, address_key=key, address=key, added_at=LONG_AGO))
    session.commit()
    return row


def left(session: Session) -> tuple[list[str], list[str]]:
    invited = session.scalars(select(Invitation.address_key).order_by(Invitation.id)).all()
    return list(invited), list(session.scalars(select(ListedAddress.address_key)).all())


def test_their_person_is_told_of_both(session: Session, opening: Opening) -> None:
    sections = {section.name: list(section.rows) for section in ELIGIBILITY.held(session, WHO)}
    assert [row["to"] for row in sections["invitations"]] == [opening.title]
    assert [row["address"] for row in sections["lists of who may register"]] == [ANNA]
    assert [fate.what for fate in ELIGIBILITY.fates(session, WHO)] == [
        "The address in 1 invitation",
        "The address in 1 list of who may register",
    ]


def test_both_go_with_their_person_and_nobody_elses_do(session: Session, opening: Opening) -> None:
    for _ in range(2):
        ELIGIBILITY.erase(session, WHO, now=LONG_AGO)
        session.commit()
    assert left(session) == ([BEN], [BEN])
    assert list(ELIGIBILITY.fates(session, WHO)) == []


def test_both_go_when_everything_was_over_long_ago(session: Session, opening: Opening) -> None:
    times = Times(registrations=12)
    over = opening.events[0].ends_at + times.registered
    assert ELIGIBILITY.retire(session, times, now=over) == 0
    assert ELIGIBILITY.retire(session, times, now=over + timedelta(seconds=1)) == 4
    assert left(session) == ([], [])
