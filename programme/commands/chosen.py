"""What an installation chose, or the sentence that says what is missing: all that a verb knows before it loads more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from programme.config import Settings
from programme.settings.reading import SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    Factory = Callable[[Settings | None], Flask]


def settings() -> Settings:
    """Return the settings, or end with the sentence that says what is missing."""
    try:
        return Settings.from_environment()
    except SettingsError as error:
        raise click.ClickException(str(error)) from None
