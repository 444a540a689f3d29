"""The pages of training."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.strands.cohorts.training.compulsory import pages as compulsory
from programme.strands.cohorts.training.events import pages as events
from programme.strands.cohorts.training.frameworks import pages as frameworks
from programme.strands.cohorts.training.record import pages as records
from programme.strands.cohorts.training.record import verbs
from programme.strands.cohorts.training.sums import pages as sums

if TYPE_CHECKING:
    from flask import Blueprint

TRAINING: tuple[Blueprint, ...] = (
    frameworks.blueprint,
    events.blueprint,
    records.blueprint,
    verbs.blueprint,
    compulsory.blueprint,
    sums.blueprint,
)
