"""The setting ALLOW_FETCHING_FROM: hosts that calendars may be fetched from although they are not the public's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from programme.settings.reading import SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping

_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?(?::\d{1,5})?")


def fetching_from(given: Mapping[str, str]) -> frozenset[str]:
    """Read names, each perhaps with a port, with commas or white space between them; by default there are none.

    Raises SettingsError for what is neither: a slip here would open more than was meant.
    """
    hosts = given.get("ALLOW_FETCHING_FROM", "").lower().replace(",", " ").split()
    for host in hosts:
        if not _HOST.fullmatch(host):
            raise SettingsError(
                f"ALLOW_FETCHING_FROM names hosts, like calendar.example.ac.uk or intranet:8080, not {host!r}."
            )
    return frozenset(hosts)
