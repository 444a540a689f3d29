"""Examples of doctoral cohorts: more researchers of one, a spreadsheet that waits, and a rulebook."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core import clock
from programme.demo import people
from programme.people.identity import actor_of
from programme.people.models import Organisation, Person
from programme.strands.cohorts.candidatures import actions as candidatures
from programme.strands.cohorts.candidatures.details import Details
from programme.strands.cohorts.incoming import carrying_out
from programme.strands.cohorts.models import Cohort, MilestoneRule, Rulebook
from programme.strands.cohorts.planning.residential.patterns.editing import copy
from programme.strands.cohorts.planning.residential.patterns.founding import found_pattern
from programme.strands.cohorts.planning.residential.patterns.queries import patterns_for


def examples(session: Session, values: dict[str, str]) -> dict[str, str]:
    """Return an example for every argument of the addresses of awards, cohorts and rulebooks.

    They are about the cohort that `values` names.
    """
    now = clock.now()
    places = {row.slug: row.id for row in session.scalars(select(Organisation))}
    organiser = session.scalars(select(Person).where(Person.address == people.LIVERPOOL_ORGANISER.address)).one()
    actor, cohort = actor_of(organiser), session.get_one(Cohort, int(values["cohort_id"]))
    for somebody, home, partner in zip(people.RESEARCHERS[1:3], HOMES, reversed(HOMES), strict=True):
        begins = (now - timedelta(days=400)).date()
        record = Details(home_id=places[home], partner_id=places[partner], registered_on=begins, department="Chemistry")
        candidatures.add(session, cohort.id, record, address=somebody.address, name=somebody.name, actor=actor, now=now)
    candidatures.add(
        session,
        cohort.id,
        Details(home_id=places["oxford"], registered_on=date(2026, 10, 1), project="Ceramics for colder cells"),
        address="nora.nettleford@example.ac.uk",
        name="Nora Nettleford",
        actor=actor,
        now=now,
    )
    transfer = select(MilestoneRule).join(Rulebook).where(MilestoneRule.code == "transfer")
    rule = session.scalars(transfer.where(Rulebook.organisation_id == places["oxford"])).one()
    head = "Name,E-mail,Home university,Start,Supervisor,Transfer of status done,Suspensions"
    first = "Noel Nyland,noel@example.ac.uk,Oxford,1/10/2024,Dr S,4/12/2025,HT25: illness"
    text = f"{head}\n{first}\nNia,,Oxford\nNed,ned@example.ac.uk,Oxford,1/10/2024,,soon"
    sheet = carrying_out.keep(session, cohort.id, filename="cohort.csv", data=text.encode(), actor=actor, now=now)
    found_pattern(session, now=now)
    pattern = patterns_for(session, actor)[0]
    own = copy(session, pattern, "Our own week", organisation_id=places["liverpool"], actor=actor, now=now)
    return {
        "pattern_id": str(own.id),
        "sheet_id": str(sheet.id),
        "award_id": str(cohort.award_id),
        "rulebook_id": str(rule.rulebook_id),
        "milestone_rule_id": str(rule.id),
    }


HOMES = ("liverpool", "oxford")
