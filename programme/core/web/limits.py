"""Rate limits: settings, counted for all workers together, by the address people come from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from programme.core.web import counters

if TYPE_CHECKING:
    from flask import Flask

    from programme.config import Settings

limiter = Limiter(key_func=get_remote_address, default_limits=[], headers_enabled=True)


def bind(app: Flask, settings: Settings) -> None:
    """Count in Redis where there is one, else in a small file that the workers of this machine share."""
    settings.store.mkdir(parents=True, exist_ok=True)
    app.config["RATELIMIT_STORAGE_URI"] = (
        settings.redis_url or f"{counters.SCHEME}://{settings.store / 'limits.sqlite'}"
    )
    app.config["RATELIMIT_STRATEGY"] = "fixed-window"
    app.config.update(
        SIGN_UP_LIMIT=settings.sign_up_limit, SIGN_IN_LIMIT=settings.sign_in_limit, SEARCH_LIMIT=settings.search_limit
    )
    limiter.init_app(app)


def setting(name: str) -> str:
    """Return the limit that the settings give for `name`, at the time of a request."""
    return str(current_app.config[name])
