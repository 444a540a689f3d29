"""Rulebooks, awards, cohorts, candidatures and what hangs on them: one name for the tables of the strand."""

from programme.strands.cohorts.models.admissions import (
    Admission,
    AdmissionCriterion,
    AdmissionReviewer,
    Admitted,
    Reference,
    Review,
    ReviewScore,
)
from programme.strands.cohorts.models.awards import Cohort, FundingAward, FundingAwardCoOwner
from programme.strands.cohorts.models.candidatures import Candidature, Extension, Milestone, StudyRate, Suspension
from programme.strands.cohorts.models.destinations import Destination
from programme.strands.cohorts.models.residentials import Residential, ResidentialPart, ResidentialPattern
from programme.strands.cohorts.models.rulebooks import MilestoneRule, Rulebook, RulebookTerm
from programme.strands.cohorts.models.sheets import CohortSheet
from programme.strands.cohorts.models.signatures import Signature
from programme.strands.cohorts.models.supervision import Supervision, SupervisionMeeting
from programme.strands.cohorts.models.training import (
    CompulsoryTraining,
    EventTraining,
    TrainingEntry,
    TrainingExemption,
    TrainingFramework,
    TrainingSubdomain,
)

__all__ = [
    "Admission",
    "AdmissionCriterion",
    "AdmissionReviewer",
    "Admitted",
    "Candidature",
    "Cohort",
    "CohortSheet",
    "CompulsoryTraining",
    "Destination",
    "EventTraining",
    "Extension",
    "FundingAward",
    "FundingAwardCoOwner",
    "Milestone",
    "MilestoneRule",
    "Reference",
    "Residential",
    "ResidentialPart",
    "ResidentialPattern",
    "Review",
    "ReviewScore",
    "Rulebook",
    "RulebookTerm",
    "Signature",
    "StudyRate",
    "Supervision",
    "SupervisionMeeting",
    "Suspension",
    "TrainingEntry",
    "TrainingExemption",
    "TrainingFramework",
    "TrainingSubdomain",
]
