"""`programme migrate up`, as typed on a machine whose installation is older than the release."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from programme.people.models import Organisation
from programme.strands.cohorts.models import (
    MilestoneRule,
    ResidentialPart,
    ResidentialPattern,
    Rulebook,
    RulebookTerm,
    Suspension,
    TrainingFramework,
    TrainingSubdomain,
)
from tests.commands.machines import Machine
from tests.factories import cohorts
from tests.factories.cast import LONG_AGO, person

DOCTORAL = (
    *(TrainingSubdomain, TrainingFramework, MilestoneRule, RulebookTerm, Rulebook),
    *(ResidentialPart, ResidentialPattern),
)
KINDS = ("sqlite", "postgresql")


@pytest.mark.parametrize("kind", KINDS)
def test_older_installation_gets_what_cohorts_start_with_once(machine: Callable[[str], Machine], kind: str) -> None:
    old = machine(kind)
    assert old.type("init").exit_code == 0
    as_founded = old.rows()
    with Session(old.engine) as session:
        for model in DOCTORAL:
            session.execute(delete(model))
        session.commit()
    first, again = old.type("migrate", "up"), old.type("migrate", "up")
    assert first.exit_code == 0, first.output
    assert (
        "Added what was missing: 2 rulebooks, the framework “RDF 2010” and the pattern of a residential."
        in first.output
    )
    assert "Added" not in again.output
    found = old.rows()
    assert {name for name in found if len(found[name]) != len(as_founded[name])} == set()


def test_own_rulebook_stays_as_it_is(machine: Callable[[str], Machine]) -> None:
    old = machine("sqlite")
    old.type("init")
    with Session(old.engine) as session:
        at_oxford = select(Rulebook).join(Organisation).where(Organisation.slug == "oxford")
        session.scalars(at_oxford).one().source = "As our committee decided."
        session.commit()
    assert old.type("migrate", "up").output == "The schema is current.\n"
    with Session(old.engine) as session:
        assert session.scalars(at_oxford).one().source == "As our committee decided."


def test_database_that_nobody_founded_stays_empty(machine: Callable[[str], Machine]) -> None:
    bare = machine("sqlite")
    assert bare.type("migrate", "up").exit_code == 0
    assert not any(bare.rows().values())


@pytest.mark.parametrize("kind", KINDS)
def test_older_installation_gets_what_this_release_reckons_otherwise(
    machine: Callable[[str], Machine], kind: str
) -> None:
    old = machine(kind)
    old.type("init")
    with Session(old.engine) as session:
        oxford = session.scalars(select(Organisation).where(Organisation.slug == "oxford")).one()
        bob = person(session, "Bob Birchfield", "bob@oxford.example.ac.uk", member_of=oxford)
        cohort = cohorts.cohort(session, award=cohorts.award(session, lead=oxford))
        row = cohorts.candidature(session, cohort=cohort, person=bob, home=oxford)
        rough = {"rests_from": date(2027, 1, 1), "back_on": date(2027, 5, 1)}
        row.suspensions.append(Suspension(first_unit=row.entry_unit + 1, units=1, granted_at=LONG_AGO, **rough))
        session.commit()
    first, again = old.type("migrate", "up"), old.type("migrate", "up")
    assert "milestones of doctoral records must be reached." in first.output
    assert "Reckoned" not in again.output
    with Session(old.engine) as session:
        assert session.scalars(select(Suspension.back_on)).one() == date(2027, 4, 18), (
            "Trinity begins with its noughth week"
        )
