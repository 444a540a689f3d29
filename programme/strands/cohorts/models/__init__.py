"""Rulebooks, awards, cohorts, candidatures and what hangs on them: one name for the tables of the strand."""

from programme.strands.cohorts.models.awards import Cohort, FundingAward, FundingAwardCoOwner
from programme.strands.cohorts.models.candidatures import Candidature, Extension, Milestone, StudyRate, Suspension
from programme.strands.cohorts.models.destinations import Destination
from programme.strands.cohorts.models.rulebooks import MilestoneRule, Rulebook, RulebookTerm
from programme.strands.cohorts.models.sheets import CohortSheet
from programme.strands.cohorts.models.signatures import Signature
from programme.strands.cohorts.models.supervision import Supervision, SupervisionMeeting

__all__ = [
    "Candidature",
    "Cohort",
    "CohortSheet",
    "Destination",
    "Extension",
    "FundingAward",
    "FundingAwardCoOwner",
    "Milestone",
    "MilestoneRule",
    "Rulebook",
    "RulebookTerm",
    "Signature",
    "StudyRate",
    "Supervision",
    "SupervisionMeeting",
    "Suspension",
]
