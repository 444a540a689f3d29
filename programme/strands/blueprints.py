"""The pages of the strands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.strands.cohorts.admission.admitting import views as admitting
from programme.strands.cohorts.admission.organising import application_page, funnel_page, reviewers_page
from programme.strands.cohorts.admission.referees import by_link, naming_page
from programme.strands.cohorts.admission.reviewing import views as reviewing
from programme.strands.cohorts.admission.setting_up import views as admissions
from programme.strands.cohorts.awards import award_pages, cohort_pages
from programme.strands.cohorts.candidatures import adding, changing
from programme.strands.cohorts.deleting import views as deleting
from programme.strands.cohorts.incoming import views as sheets
from programme.strands.cohorts.meetings.page import cohort as cohort_meetings
from programme.strands.cohorts.meetings.page import verbs as meeting_verbs
from programme.strands.cohorts.meetings.page import views as meetings
from programme.strands.cohorts.planning import views as planning
from programme.strands.cohorts.planning.residential import pages as residential_pages
from programme.strands.cohorts.planning.residential import views as residentials
from programme.strands.cohorts.planning.residential.patterns import views as residential_patterns
from programme.strands.cohorts.progress.blueprints import PROGRESS
from programme.strands.cohorts.records import overview
from programme.strands.cohorts.rulebooks import pages as rulebooks
from programme.strands.cohorts.rulebooks import rule_pages
from programme.strands.cohorts.signing import views as signing
from programme.strands.cohorts.signing.page import views as own_signatures
from programme.strands.cohorts.sums import views as cohort_sums
from programme.strands.cohorts.supervising.page import cohort as cohort_supervision
from programme.strands.cohorts.supervising.page import verbs as supervision_verbs
from programme.strands.cohorts.supervising.page import views as supervision
from programme.strands.cohorts.talent import views as talent
from programme.strands.cohorts.training.blueprints import TRAINING

if TYPE_CHECKING:
    from flask import Blueprint

STRANDS: tuple[Blueprint, ...] = (
    award_pages.blueprint,
    cohort_pages.blueprint,
    adding.blueprint,
    changing.blueprint,
    sheets.blueprint,
    deleting.blueprint,
    overview.blueprint,
    rulebooks.blueprint,
    rule_pages.blueprint,
    *(signing.blueprint, own_signatures.blueprint),
    *(supervision.blueprint, supervision_verbs.blueprint, cohort_supervision.blueprint),
    *(meetings.blueprint, meeting_verbs.blueprint, cohort_meetings.blueprint),
    *(admissions.blueprint, funnel_page.blueprint, reviewers_page.blueprint, application_page.blueprint),
    *(admitting.blueprint, reviewing.blueprint, by_link.blueprint, naming_page.blueprint),
    *PROGRESS,
    *TRAINING,
    *(talent.by_link, talent.sums, cohort_sums.blueprint),
    *(planning.blueprint, residentials.blueprint, residential_pages.blueprint, residential_patterns.blueprint),
)
