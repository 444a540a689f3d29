"""The pages of the strands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.strands.cohorts.planning import views as planning
from programme.strands.cohorts.planning.residential import views as residentials
from programme.strands.cohorts.signing import views as signing
from programme.strands.cohorts.talent import views as talent

if TYPE_CHECKING:
    from flask import Blueprint

STRANDS: tuple[Blueprint, ...] = (
    signing.blueprint,
    talent.by_link,
    talent.sums,
    planning.blueprint,
    residentials.blueprint,
)
