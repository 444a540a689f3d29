"""Who supervises, by the verbs: the rule holds, the agreement begins anew, whoever leaves sees no more."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core.audit import AuditEntry
from programme.core.refusal import Refusal
from programme.engines.calendar.times import london_day
from programme.engines.mail.models import OutboxMessage
from programme.people.models import Person
from programme.people.permissions import Actor
from programme.strands.cohorts.models import Candidature, Supervision
from programme.strands.cohorts.rights import supervises
from programme.strands.cohorts.states import SignatureState
from programme.strands.cohorts.supervising.actions import add, change, end, take_out, values_of
from programme.strands.cohorts.supervising.agreement import Standing, ask_everybody, standings
from tests.bed.clock import Clock
from tests.bed.databases import statements
from tests.factories import cast, cohorts
from tests.factories.cast import Cast
from tests.strands.cohorts.supervising.conftest import ENTRY, R, signed_by_all, wanted


def stands(session: Session, record: Candidature, clock: Clock) -> Standing:
    """How the supervision stands now."""
    session.expire_all()
    return standings(session, [record], today=london_day(clock.now))[record.id]


def test_a_second_primary_is_refused_and_nobody_new_is_left_behind(
    session: Session, people: Cast, record: Candidature, xaver: Supervision, olga: Actor, clock: Clock
) -> None:
    to = wanted(people.liverpool.id, share=0)
    with pytest.raises(Refusal, match="End Xaver Xylander’s supervision first, or make this one co-supervisor"):
        add(session, record.id, to, name="Zita Zander", address="zita@example.ac.uk", actor=olga, now=clock.now)
    session.rollback()
    assert session.scalar(select(Person).where(Person.address == "zita@example.ac.uk")) is None
    add(
        session,
        record.id,
        replace(to, role=R.CO),
        name="Zita Zander",
        address="zita@example.ac.uk",
        actor=olga,
        now=clock.now,
    )


def test_somebody_known_by_their_address_is_not_made_twice(
    session: Session, people: Cast, record: Candidature, olga: Actor, clock: Clock
) -> None:
    to = wanted(people.oxford.id, R.PARTNER)
    done = add(session, record.id, to, name="Robert", address=people.bob.address, actor=olga, now=clock.now)
    assert done.supervision.person_id == people.bob.id
    assert people.bob.name == "Bob Birchfield"


def test_it_is_joint_when_everybody_has_signed_and_no_more_when_it_changes(
    session: Session,
    people: Cast,
    record: Candidature,
    xaver: Supervision,
    yann: Supervision,
    olga: Actor,
    clock: Clock,
) -> None:
    record.approver_id = people.charlie.id
    session.commit()
    assert stands(session, record, clock).warnings == ["Not everybody has signed the agreement."]
    asked = ask_everybody(session, record.id, actor=olga, now=clock.now)
    assert [party.person.name for party in asked] == [
        "Alice Aldgrove",
        "Xaver Xylander",
        "Yann Yarrow",
        "Charlie Chalkwell",
    ]
    assert not stands(session, record, clock).is_joint
    signed_by_all(session, record, clock)
    assert stands(session, record, clock).is_joint
    assert stands(session, record, clock).warnings == []
    with pytest.raises(Refusal, match="Everybody has signed already"):
        ask_everybody(session, record.id, actor=olga, now=clock.now)
    same = change(session, record.id, yann.id, values_of(yann), actor=olga, now=clock.now)
    assert same.voided == 0
    assert stands(session, record, clock).is_joint, "saving what stands there changes nothing"
    less = replace(values_of(yann), share=40)
    assert change(session, record.id, yann.id, less, actor=olga, now=clock.now).voided == 4
    found = stands(session, record, clock)
    assert not found.is_joint
    assert {party.state for party in found.parties} == {SignatureState.NOT_ASKED}
    ask_everybody(session, record.id, actor=olga, now=clock.now)
    letters = session.scalars(select(OutboxMessage).where(OutboxMessage.letter == "signature_asked")).all()
    assert len(letters) == 8, "asked again after the change, by other links"


def test_it_cannot_be_signed_while_somebody_is_lacking(
    session: Session, record: Candidature, xaver: Supervision, olga: Actor, clock: Clock
) -> None:
    with pytest.raises(Refusal, match=r"cannot be signed yet\. Name a supervisor at Oxford"):
        ask_everybody(session, record.id, actor=olga, now=clock.now)


def test_whoever_leaves_sees_the_record_until_the_end_of_the_last_day(
    session: Session,
    people: Cast,
    record: Candidature,
    xaver: Supervision,
    yann: Supervision,
    olga: Actor,
    clock: Clock,
) -> None:
    last = date(2027, 4, 30)
    end(session, record.id, xaver.id, ends_on=last, actor=olga, now=clock.now)
    assert supervises(session, record.id, xaver.person_id, today=last)
    assert not supervises(session, record.id, xaver.person_id, today=last + timedelta(days=1))
    before, after = (standings(session, [record], today=last + timedelta(days=more))[record.id] for more in (0, 1))
    assert before.lacking == [
        "Xaver Xylander leaves on 30 April 2027: name who is primary supervisor from 1 May 2027 on."
    ]
    assert before.has_its_people
    assert not after.has_its_people
    assert [party.person.name for party in after.parties] == ["Alice Aldgrove", "Yann Yarrow"]
    follows = wanted(people.liverpool.id, begins_on=last + timedelta(days=1))
    add(session, record.id, follows, name="Zita Zander", address="zita@example.ac.uk", actor=olga, now=clock.now)
    with pytest.raises(Refusal, match="Zita Zander is primary supervisor since 1 May 2027"):
        end(session, record.id, xaver.id, ends_on=last + timedelta(days=5), actor=olga, now=clock.now)


def test_an_end_before_the_beginning_and_one_long_over_are_refused(
    session: Session, record: Candidature, xaver: Supervision, olga: Actor, clock: Clock
) -> None:
    with pytest.raises(Refusal, match="It would end before it begins") as told:
        end(session, record.id, xaver.id, ends_on=ENTRY - timedelta(days=1), actor=olga, now=clock.now)
    assert told.value.field == "ends_on"
    end(session, record.id, xaver.id, ends_on=ENTRY, actor=olga, now=clock.now)
    later = clock.now + timedelta(days=400)
    with pytest.raises(Refusal, match="ended on 1 October 2026 already"):
        end(session, record.id, xaver.id, ends_on=ENTRY + timedelta(days=9), actor=olga, now=later)


def test_what_was_entered_by_mistake_is_taken_out_and_stays_in_the_trail(
    session: Session, record: Candidature, xaver: Supervision, olga: Actor, clock: Clock
) -> None:
    person_id = xaver.person_id
    take_out(session, record.id, xaver.id, actor=olga, now=clock.now)
    assert not supervises(session, record.id, person_id, today=ENTRY)
    with pytest.raises(Refusal, match="took this supervision out meanwhile"):
        end(session, record.id, xaver.id, ends_on=ENTRY, actor=olga, now=clock.now)
    entry = session.scalars(select(AuditEntry).where(AuditEntry.verb == "took out a supervision")).one()
    assert (entry.before or {})["name"] == "Xaver Xylander"


def test_a_third_university_needs_no_code(session: Session, people: Cast, olga: Actor, clock: Clock) -> None:
    """Where a home has no rulebook of its own, two supervisors are usual; names come from the organisations."""
    award = cohorts.award(session, lead=people.oxford)
    cohort = cohorts.cohort(session, award=award)
    row = cohorts.candidature(session, cohort=cohort, person=people.bob, home=people.oxford, partner=people.council)
    found = standings(session, [row], today=ENTRY)[row.id]
    assert (
        found.lacking[1] == f"Name a supervisor at {people.council.short_name}: until one supervises, it is not joint."
    )
    assert "asks for 2 supervisors at least; there are none" in found.too_few


@pytest.mark.one_database
def test_standings_of_many_cost_as_many_statements_as_of_one(
    session: Session, people: Cast, record: Candidature, xaver: Supervision, yann: Supervision, clock: Clock, app: Flask
) -> None:
    rows = [record]
    for number in range(5):
        person = cast.person(session, f"Researcher {number}", f"r{number}@liverpool.example.ac.uk")
        row = cohorts.candidature(
            session, cohort=record.cohort, person=person, home=people.liverpool, partner=people.oxford
        )
        cohorts.supervision(session, candidature=row, person=people.charlie, organisation=people.liverpool)
        rows.append(row)
    session.commit()
    counts = []
    assert all((row.person, row.approver, row.home, row.partner) for row in rows), "loaded beforehand"
    standings(session, rows, today=ENTRY)
    for batch in (rows[:1], rows):
        with statements(app) as seen:
            standings(session, batch, today=ENTRY)
        counts.append(len(seen))
    assert counts[0] == counts[1]
