"""An award, a cohort, a record and a call that are made by mistake: nobody did anything about them, so they go."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from programme.demo import people
from programme.demo.doctoral import ground
from programme.demo.doctoral.ground import COHORT, ago, there
from programme.demo.doctoral.steps import Chapter, Promise, Step
from programme.engines.calendar.times import nearest_instant
from programme.engines.registration.models import Opening
from programme.people.models import Person
from programme.strands.cohorts.admission.setting_up.actions import make as make_call
from programme.strands.cohorts.admission.setting_up.wanted import Asks, Call
from programme.strands.cohorts.awards import actions as awards
from programme.strands.cohorts.awards import cohorts
from programme.strands.cohorts.awards.actions import AwardDetails
from programme.strands.cohorts.awards.cohorts import CohortDetails
from programme.strands.cohorts.candidatures import actions as records
from programme.strands.cohorts.candidatures.details import Details
from programme.strands.cohorts.deleting import actions
from programme.strands.cohorts.models import Admission, Candidature, Cohort, FundingAward
from programme.strands.cohorts.states import AwardType

if TYPE_CHECKING:
    from programme.demo.stage import Stage

AWARD, AGAIN, CALL = "Entered twice (demo)", f"{COHORT}, again", "A call nobody needs (demo)"
TWICE = people.at("Ottoline Twicewritten", people.LIVERPOOL)
WEEKS, THOUGHT_BETTER = 9, timedelta(hours=2)


def make_all(stage: Stage) -> None:
    """Liverpool’s organiser makes each of them, one rainy afternoon."""
    session, actor, now = stage.session, ground.organiser(stage), ago(stage, weeks=WEEKS)
    lead = stage.organisations[people.LIVERPOOL].id
    awards.make(session, AwardDetails(title=AWARD, kind=AwardType.OTHER_UKRI), lead_id=lead, actor=actor, now=now)
    entry = ground.calendar(stage).october
    again = CohortDetails(title=AGAIN, entry_year=entry.year, entry_on=entry)
    cohorts.make(session, ground.award(stage).id, again, actor=actor, now=now)
    wanted = Details(home_id=lead, registered_on=entry)
    cohort = ground.cohort(stage)
    records.add(session, cohort.id, wanted, address=TWICE.address, name=TWICE.name, actor=actor, now=now)
    closes = nearest_instant(ground.at(ground.calendar(stage).next_october).replace(tzinfo=None))
    make_call(session, cohort, Call(title=CALL, closes_at=closes), Asks(), actor=actor, now=now)


def delete_award(stage: Stage) -> None:
    """The award goes."""
    row = ground.only(stage, FundingAward, FundingAward.title == AWARD, words="No award is entered twice.")
    actions.delete_award(stage.session, row.id, actor=ground.organiser(stage), now=later(stage))


def delete_cohort(stage: Stage) -> None:
    """The cohort goes."""
    row = ground.only(stage, Cohort, Cohort.title == AGAIN, words="No cohort is there twice.")
    actions.delete_cohort(stage.session, row.id, actor=ground.organiser(stage), now=later(stage))


def delete_record(stage: Stage) -> None:
    """The record goes."""
    row = ground.record(stage, TWICE)
    actions.delete_record(stage.session, row.id, actor=ground.organiser(stage), now=later(stage))


def delete_call(stage: Stage) -> None:
    """The call goes, which was never opened."""
    own = Admission.opening.has(Opening.title == CALL)
    row = ground.only(stage, Admission, own, words="There is no call that nobody needs.")
    actions.delete_call(stage.session, row.id, actor=ground.organiser(stage), now=later(stage))


def later(stage: Stage) -> datetime:
    """Return when they thought better of it."""
    return ago(stage, weeks=WEEKS) + THOUGHT_BETTER


CHAPTER = Chapter(
    "Mistakes are undone",
    (
        Step("An award, a cohort, a record and a call are made by mistake", make_all),
        Step("The award is deleted", delete_award),
        Step("The cohort is deleted", delete_cohort),
        Step("The record is deleted", delete_record),
        Step("The call is deleted", delete_call),
    ),
    (
        Promise("an award is there twice.", lambda stage: not there(stage, FundingAward.title == AWARD)),
        Promise("a cohort is there twice.", lambda stage: not there(stage, Cohort.title == AGAIN)),
        Promise(
            "somebody is written down twice.",
            lambda stage: not there(stage, Candidature.person_id == Person.id, Person.address == TWICE.address),
        ),
        Promise("there is a call that nobody needs.", lambda stage: not there(stage, Opening.title == CALL)),
    ),
)
