"""The pages of the strands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.strands.cohorts.awards import award_pages, cohort_pages
from programme.strands.cohorts.candidatures import adding, changing
from programme.strands.cohorts.incoming import views as sheets
from programme.strands.cohorts.meetings.page import cohort as cohort_meetings
from programme.strands.cohorts.meetings.page import verbs as meeting_verbs
from programme.strands.cohorts.meetings.page import views as meetings
from programme.strands.cohorts.planning import views as planning
from programme.strands.cohorts.planning.residential import views as residentials
from programme.strands.cohorts.records import overview
from programme.strands.cohorts.rulebooks import pages as rulebooks
from programme.strands.cohorts.rulebooks import rule_pages
from programme.strands.cohorts.signing import views as signing
from programme.strands.cohorts.supervising.page import cohort as cohort_supervision
from programme.strands.cohorts.supervising.page import verbs as supervision_verbs
from programme.strands.cohorts.supervising.page import views as supervision
from programme.strands.cohorts.talent import views as talent

if TYPE_CHECKING:
    from flask import Blueprint

STRANDS: tuple[Blueprint, ...] = (
    award_pages.blueprint,
    cohort_pages.blueprint,
    adding.blueprint,
    changing.blueprint,
    sheets.blueprint,
    overview.blueprint,
    rulebooks.blueprint,
    rule_pages.blueprint,
    signing.blueprint,
    *(supervision.blueprint, supervision_verbs.blueprint, cohort_supervision.blueprint),
    *(meetings.blueprint, meeting_verbs.blueprint, cohort_meetings.blueprint),
    *(talent.by_link, talent.sums),
    *(planning.blueprint, residentials.blueprint),
)
