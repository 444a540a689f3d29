"""What moves the milestones of a doctoral record: a suspension, and one milestone that waits to be signed."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core import clock
from programme.demo import people
from programme.people.identity import actor_of
from programme.people.models import Person
from programme.strands.cohorts.models import Candidature, Milestone
from programme.strands.cohorts.progress.moving import suspending
from programme.strands.cohorts.progress.moving.suspending import Wanted


def examples(session: Session, candidature_id: int) -> dict[str, str]:
    """Return a suspension and an open milestone of a record, and the cohort that it is in."""
    organiser = session.scalars(select(Person).where(Person.address == people.LIVERPOOL_ORGANISER.address)).one()
    row = session.get_one(Candidature, candidature_id)
    wanted = Wanted(row.entry_unit + 1, 2, "Rest after an illness")
    made = suspending.suspend(session, row.id, wanted, actor=actor_of(organiser), now=clock.now())
    milestone = session.scalars(
        select(Milestone).where(Milestone.candidature_id == row.id, Milestone.code == "submission")
    ).one()
    return {"suspension_id": str(made.id), "milestone_id": str(milestone.id), "cohort_id": str(row.cohort_id)}
