"""Who belongs where: addresses under an organisation's domains, claims, and a person once."""

from datetime import UTC, datetime
from threading import Barrier, Thread

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from programme.core.database import begin_writing
from programme.core.refusal import Refusal
from programme.extensions import db
from programme.people.affiliations import (
    claim,
    nearest_domain,
    organisation_of_address,
    person_for,
    prove_address,
    withdraw,
)
from programme.people.models import AffiliationKind, Basis, Organisation, Person
from tests.factories.cast import assemble

NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
LABEL = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?", fullmatch=True)
DOMAIN = st.lists(LABEL, min_size=2, max_size=4).map(".".join)


@given(domain=DOMAIN, below=st.lists(LABEL, max_size=3))
def test_address_under_a_domain_or_any_part_of_it_belongs(domain: str, below: list[str]) -> None:
    assert nearest_domain(f"somebody@{'.'.join([*below, domain])}", [domain]) == domain


@given(domain=DOMAIN, after=LABEL, before=LABEL)
def test_address_that_only_resembles_a_domain_does_not_belong(domain: str, after: str, before: str) -> None:
    assert nearest_domain(f"somebody@{domain}.{after}.org.invalid", [domain]) is None
    assert nearest_domain(f"somebody@{before}{domain}", [domain]) is None
    assert nearest_domain(f"{domain}@{before}.invalid", [domain]) is None


@given(domain=DOMAIN, below=LABEL)
def test_nearest_of_two_domains_decides(domain: str, below: str) -> None:
    assert nearest_domain(f"x@deep.{below}.{domain}", [domain, f"{below}.{domain}"]) == f"{below}.{domain}"


@pytest.mark.parametrize(
    ("address", "slug"),
    [
        ("a@liverpool.ac.uk", "liverpool"),
        ("a@LIV.ac.uk", "liverpool"),
        ("a@chem.liverpool.ac.uk", "liverpool"),
        ("a@maths.ox.ac.uk", "oxford"),
        ("a@liverpool.ac.uk.evil.org", None),
        ("a@notox.ac.uk", None),
        ("a@ac.uk", None),
        ("a@example.org", None),
    ],
)
def test_organisation_of_an_address(session: Session, address: str, slug: str | None) -> None:
    assemble(session)
    found = organisation_of_address(session, address)
    assert (found.slug if found else None) == slug


def test_person_is_found_whatever_the_capitals(session: Session) -> None:
    cast = assemble(session)
    assert person_for(session, address=" Alice@Liverpool.example.ac.uk ", name="Other", now=NOW).id == cast.alice.id
    assert cast.alice.name == "Alice Aldgrove"


def test_person_nobody_knew_is_made_unproved(session: Session) -> None:
    assemble(session)
    made = person_for(session, address="Dora.Dale@Oxford.example.ac.uk", name="  Dora   Dale ", now=NOW)
    assert (made.name, made.address, made.address_key) == (
        "Dora Dale",
        "Dora.Dale@oxford.example.ac.uk",
        "dora.dale@oxford.example.ac.uk",
    )
    assert made.address_proved_at is None
    assert made.affiliations == []


def test_what_is_no_address_is_refused(session: Session) -> None:
    assemble(session)
    with pytest.raises(Refusal, match="like name@example"):
        person_for(session, address="nobody", name="", now=NOW)


def test_many_at_once_make_one_person(app: Flask, session: Session) -> None:
    assemble(session)
    start, found = Barrier(8), []

    def make() -> None:
        with app.app_context(), Session(db.engine) as own:
            start.wait()
            begin_writing(own)
            found.append(person_for(own, address="new@example.org", name="New", now=NOW).id)
            own.commit()

    threads = [Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1
    assert session.scalar(select(func.count()).where(Person.address_key == "new@example.org")) == 1


def test_proving_an_address_proves_the_tie_and_the_first_is_home(session: Session) -> None:
    assemble(session)
    made = person_for(session, address="dora@cs.oxford.example.ac.uk", name="Dora", now=NOW)
    prove_address(session, made, now=NOW)
    session.refresh(made)
    (tie,) = made.affiliations
    assert made.address_proved_at == NOW
    assert (tie.organisation.slug, tie.basis, tie.is_home, tie.proved_at) == ("oxford", Basis.PROVED, True, NOW)


def test_proving_twice_changes_nothing(session: Session) -> None:
    cast = assemble(session)
    before = cast.alice.address_proved_at
    prove_address(session, cast.alice, now=NOW)
    assert cast.alice.address_proved_at == before
    assert len(cast.alice.affiliations) == 1


def test_claim_is_raised_when_the_address_proves_it(session: Session) -> None:
    cast = assemble(session)
    made = person_for(session, address="dora@oxford.example.ac.uk", name="Dora", now=NOW)
    tie = claim(session, made, cast.oxford, AffiliationKind.DOCTORAL)
    assert (tie.basis, tie.is_home) == (Basis.CLAIMED, False)
    prove_address(session, made, now=NOW)
    assert (tie.basis, tie.is_home, tie.kind) == (Basis.PROVED, True, AffiliationKind.DOCTORAL)


def test_address_of_no_organisation_proves_only_itself(session: Session) -> None:
    assemble(session)
    made = person_for(session, address="dora@example.org", name="Dora", now=NOW)
    prove_address(session, made, now=NOW)
    assert made.address_proved_at == NOW
    assert made.affiliations == []


def test_claim_never_lowers_a_proved_tie(session: Session) -> None:
    cast = assemble(session)
    tie = claim(session, cast.alice, cast.liverpool, AffiliationKind.STAFF)
    assert (tie.basis, tie.kind) == (Basis.PROVED, AffiliationKind.STAFF)


def test_claim_can_be_withdrawn_and_a_proved_tie_cannot(session: Session) -> None:
    cast = assemble(session)
    claim(session, cast.alice, cast.council, AffiliationKind.OTHER)
    withdraw(session, cast.alice, cast.council)
    assert [tie.organisation_id for tie in cast.alice.affiliations] == [cast.liverpool.id]
    with pytest.raises(Refusal, match="shown by your address"):
        withdraw(session, cast.alice, cast.liverpool)


def test_third_university_joins_as_data(session: Session) -> None:
    cast = assemble(session)
    third = Organisation(slug="third", name="Third", short_name="Third", kind=cast.oxford.kind)
    third.domains = [type(cast.oxford.domains[0])(domain="third.example.ac.uk")]
    session.add(third)
    session.flush()
    found = organisation_of_address(session, "x@physics.third.example.ac.uk")
    assert found is third
