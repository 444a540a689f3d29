"""The pages of milestones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.strands.cohorts.progress.grid import overdue
from programme.strands.cohorts.progress.grid import views as grid
from programme.strands.cohorts.progress.page import handing, signing, suspensions, verbs, views

if TYPE_CHECKING:
    from flask import Blueprint

PROGRESS: tuple[Blueprint, ...] = (
    views.blueprint,
    suspensions.blueprint,
    verbs.blueprint,
    handing.blueprint,
    signing.blueprint,
    signing.by_link,
    grid.blueprint,
    overdue.blueprint,
)
