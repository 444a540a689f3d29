"""Examples of doctoral cohorts: an award of Liverpool's organiser with a cohort and a researcher, and a rulebook."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core import clock
from programme.demo import people
from programme.engines.reminders.models import ReminderRule
from programme.people.identity import actor_of
from programme.people.models import Organisation, Person
from programme.strands.cohorts.awards import actions as awards
from programme.strands.cohorts.awards import cohorts
from programme.strands.cohorts.awards.actions import AwardDetails
from programme.strands.cohorts.awards.cohorts import CohortDetails
from programme.strands.cohorts.candidatures import actions as candidatures
from programme.strands.cohorts.candidatures.details import Details
from programme.strands.cohorts.incoming import carrying_out
from programme.strands.cohorts.models import MilestoneRule, Rulebook
from programme.strands.cohorts.rulebooks.founding import found_rulebooks
from programme.strands.cohorts.states import AwardType


def examples(session: Session) -> dict[str, str]:
    """Return an example for every argument of the addresses of doctoral cohorts."""
    now = clock.now()
    found_rulebooks(session, now=now)
    places = {row.slug: row.id for row in session.scalars(select(Organisation))}
    organiser = session.scalars(select(Person).where(Person.address == people.LIVERPOOL_ORGANISER.address)).one()
    actor = actor_of(organiser)
    details = AwardDetails(title="Corridor Doctoral Award", kind=AwardType.FOCAL, funder="EPSRC", placement_days=60)
    award = awards.make(session, details, lead_id=places["liverpool"], actor=actor, now=now)
    awards.share(session, award.id, [places["oxford"]], actor=actor, now=now)
    year = CohortDetails(title="Corridor cohort 2026", entry_year=2026, entry_on=date(2026, 10, 1), target_size=12)
    cohort = cohorts.make(session, award.id, year, actor=actor, now=now)
    for somebody, home, partner in zip(people.RESEARCHERS[:3], HOMES, reversed(HOMES), strict=False):
        begins = (now - timedelta(days=400)).date()
        record = Details(home_id=places[home], partner_id=places[partner], registered_on=begins, department="Chemistry")
        candidatures.add(session, cohort.id, record, address=somebody.address, name=somebody.name, actor=actor, now=now)
    added = candidatures.add(
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
    text = "Name,E-mail,Home university,Supervisor\nNoel Nyland,noel@example.ac.uk,Oxford,Dr S\nNia,,Oxford,"
    sheet = carrying_out.keep(session, cohort.id, filename="cohort.csv", data=text.encode(), actor=actor, now=now)
    reminds = select(ReminderRule.id).where(ReminderRule.subject_kind == "cohort", ReminderRule.subject_id == cohort.id)
    return {
        "sheet_id": str(sheet.id),
        "award_id": str(award.id),
        "cohort_id": str(cohort.id),
        "cohort_rule_id": str(session.scalars(reminds.order_by(ReminderRule.id)).first()),
        "candidature_id": str(added.id),
        "rulebook_id": str(rule.rulebook_id),
        "milestone_rule_id": str(rule.id),
    }


HOMES = ("liverpool", "oxford")
