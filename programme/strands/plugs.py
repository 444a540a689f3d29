"""What the strands plug into the ports of engines and flows, so that the application names none of their rooms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.core import clock
from programme.strands.cohorts.admission.keeping import ADMISSIONS, ReferenceFilesKept
from programme.strands.cohorts.admission.plugs import (
    facts_for_keys,
    kept_out_of_keys,
    may_read_reference,
    may_review_answer,
)
from programme.strands.cohorts.admission.referees.links import ReferenceLinks
from programme.strands.cohorts.admission.referees.queries import REFERENCE
from programme.strands.cohorts.admission.steps import ADMISSION_STEPS
from programme.strands.cohorts.calendar import MILESTONE_DAYS
from programme.strands.cohorts.keeping import COHORTS
from programme.strands.cohorts.meetings.keeping import MEETINGS
from programme.strands.cohorts.models import Milestone, TrainingEntry
from programme.strands.cohorts.planning.due_days import COHORT_DAYS
from programme.strands.cohorts.plugs import SIGNED_THINGS
from programme.strands.cohorts.progress.keeping import EvidenceKept
from programme.strands.cohorts.progress.steps import MILESTONE_STEPS
from programme.strands.cohorts.records.evidence import MayReadEvidence
from programme.strands.cohorts.records.steps import RECORDS
from programme.strands.cohorts.reminding.subject import MILESTONES
from programme.strands.cohorts.rights import MILESTONE, TRAINING_ENTRY
from programme.strands.cohorts.signing.links import SignatureLinks
from programme.strands.cohorts.signing.steps import SigningSteps
from programme.strands.cohorts.talent.links import DestinationLinks
from programme.strands.cohorts.training.keeping import TrainingKept

if TYPE_CHECKING:
    from programme.config import Settings
    from programme.engines.documents.ports import MayRead
    from programme.engines.documents.shelf import Shelf
    from programme.flows.steps.ports import StepSource
    from programme.people.keeping.ports import Keeper

__all__ = [
    "DOCUMENTS",
    "ENTRY_SOURCES",
    "REMINDER_SUBJECTS",
    "SIGNED_THINGS",
    "facts_for_keys",
    "keepers_of_applications",
    "keepers_of_records",
    "kept_out_of_keys",
    "links",
    "may_review_answer",
    "steps",
]

ENTRY_SOURCES = (MILESTONE_DAYS, COHORT_DAYS)
REMINDER_SUBJECTS = (MILESTONES,)
DOCUMENTS: dict[str, MayRead] = {
    REFERENCE: may_read_reference,
    MILESTONE: MayReadEvidence(MILESTONE, Milestone, clock.now),
    TRAINING_ENTRY: MayReadEvidence(TRAINING_ENTRY, TrainingEntry, clock.now),
}


def links(settings: Settings) -> dict[str, ReferenceLinks | SignatureLinks | DestinationLinks]:
    """Return what reckons the strands' secret addresses from the installation's key, by the name of the extension."""
    known = (settings.secret_key, settings.base_url)
    return {
        "reference_links": ReferenceLinks(*known),
        "signature_links": SignatureLinks(*known),
        "destination_links": DestinationLinks(*known),
    }


def steps(signature_links: SignatureLinks) -> tuple[StepSource, ...]:
    """Return what tells somebody what to do next."""
    return (ADMISSION_STEPS, RECORDS, MILESTONE_STEPS, SigningSteps(signature_links, SIGNED_THINGS))


def keepers_of_applications(shelf: Shelf) -> tuple[Keeper, ...]:
    """Return who keeps what hangs on registrations: asked before those are let go."""
    return (ReferenceFilesKept(shelf), ADMISSIONS)


def keepers_of_records(shelf: Shelf) -> tuple[Keeper, ...]:
    """Return who keeps doctoral records."""
    return (EvidenceKept(shelf), TrainingKept(shelf), MEETINGS, COHORTS)
