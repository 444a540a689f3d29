"""Where the `programme` command begins: with almost nothing, until it is known what for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.cli import programme
from programme.core.lazy import load_whole

if TYPE_CHECKING:
    from flask import Flask

    from programme.config import Settings


def main() -> None:
    """Run the command; the application is loaded where a verb asks for it."""
    programme(obj=application)


def application(settings: Settings | None = None) -> Flask:
    """Make the application for `settings` (from the environment where none are given)."""
    made: Flask = load_whole("programme.app").create_app(settings)
    return made
