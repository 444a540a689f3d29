"""Every blueprint there is, in one list."""

from __future__ import annotations

from programme.screens import health

BLUEPRINTS = (health.blueprint,)
