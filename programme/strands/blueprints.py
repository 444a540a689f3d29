"""The pages of the strands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.strands.cohorts.admission.admitting import views as admitting
from programme.strands.cohorts.admission.organising import application_page, funnel_page, reviewers_page
from programme.strands.cohorts.admission.referees import by_link, naming_page
from programme.strands.cohorts.admission.reviewing import views as reviewing
from programme.strands.cohorts.admission.setting_up import views as admissions
from programme.strands.cohorts.signing import views as signing
from programme.strands.cohorts.talent import views as talent

if TYPE_CHECKING:
    from flask import Blueprint

STRANDS: tuple[Blueprint, ...] = (
    *(admissions.blueprint, funnel_page.blueprint, reviewers_page.blueprint, application_page.blueprint),
    *(admitting.blueprint, reviewing.blueprint, by_link.blueprint, naming_page.blueprint),
    *(signing.blueprint, talent.by_link, talent.sums),
)
