"""The pages of training."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.strands.cohorts.training.frameworks import pages as frameworks

if TYPE_CHECKING:
    from flask import Blueprint

TRAINING: tuple[Blueprint, ...] = (frameworks.blueprint,)
