"""The pages of the strands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.strands.cohorts.signing import views as signing
from programme.strands.cohorts.training.blueprints import TRAINING

if TYPE_CHECKING:
    from flask import Blueprint

STRANDS: tuple[Blueprint, ...] = (signing.blueprint, *TRAINING)
