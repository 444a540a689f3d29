"""The pages of the strands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.strands.cohorts.progress.grid import overdue
from programme.strands.cohorts.progress.grid import views as grid
from programme.strands.cohorts.progress.page import handing, suspensions, verbs, views

if TYPE_CHECKING:
    from flask import Blueprint

STRANDS: tuple[Blueprint, ...] = (
    views.blueprint,
    suspensions.blueprint,
    verbs.blueprint,
    handing.blueprint,
    grid.blueprint,
    overdue.blueprint,
)
