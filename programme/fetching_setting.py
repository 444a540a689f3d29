"""The setting ALLOW_FETCHING_FROM: hosts that calendars may be fetched from although they are not the public's."""

from __future__ import annotations

import re

_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?(?::\d{1,5})?")


def hosts_allowed(text: str) -> frozenset[str]:
    """Read names, each perhaps with a port, with commas or white space between them; empty allows none.

    Raises ValueError, with a sentence, for what is neither: a slip here would open more than was meant.
    """
    hosts = text.lower().replace(",", " ").split()
    for host in hosts:
        if not _HOST.fullmatch(host):
            msg = f"ALLOW_FETCHING_FROM names hosts, like calendar.example.ac.uk or intranet:8080, and not {host!r}."
            raise ValueError(msg)
    return frozenset(hosts)
