"""Every route declares its guard, and the listing beside this file says which.

After a change of routes: PROGRAMME_WRITE_LISTING=1 make test ARGS=tests/house/test_routes.py, and read the difference.
"""

import os
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import Rule

LISTING = Path(__file__).with_name("routes.txt")
OPEN_BY_NAME = ("static",)
OPEN_BY_BLUEPRINT = ("health.",)
WRITING = frozenset({"POST", "PUT", "PATCH", "DELETE"})


@pytest.mark.one_database
def test_every_route_declares_its_guard(app: Flask) -> None:
    bare = [f"{rule} → {rule.endpoint}" for rule in app.url_map.iter_rules() if guard_of(app, rule) is None]
    assert bare == [], "decorate the view with a guard from programme/people/guards.py"


@pytest.mark.one_database
def test_listing_of_routes_is_current(app: Flask) -> None:
    listing = "".join(sorted(f"{line(app, rule)}\n" for rule in app.url_map.iter_rules()))
    if os.environ.get("PROGRAMME_WRITE_LISTING"):
        LISTING.write_text(listing, encoding="utf-8")
    assert LISTING.read_text(encoding="utf-8") == listing, __doc__


@pytest.mark.one_database
def test_a_verb_is_a_post_and_nothing_else(app: Flask) -> None:
    others = [str(rule) for rule in app.url_map.iter_rules() if (rule.methods or set()) & (WRITING - {"POST"})]
    assert others == []


def guard_of(app: Flask, rule: Rule) -> str | None:
    """What the view of a rule declares; static files and health are open by name."""
    if rule.endpoint in OPEN_BY_NAME or rule.endpoint.startswith(OPEN_BY_BLUEPRINT):
        return "open"
    guard = getattr(app.view_functions[rule.endpoint], "guard", None)
    return None if guard is None else str(guard)


def line(app: Flask, rule: Rule) -> str:
    """One line of the listing."""
    methods = ",".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
    return f"{rule}  {methods}  {rule.endpoint}  [{guard_of(app, rule)}]"
