"""What a browser calls itself, in words a person knows it by. Pure."""

from __future__ import annotations

PROGRAMS = (
    ("Edg/", "Edge"),
    ("EdgA/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "a Chromebook"),
    ("Mac OS X", "a Mac"),
    ("Linux", "Linux"),
)


def browser_name(user_agent: str) -> str:
    """Return `Firefox on Windows`, or as much of it as can be told; the order of the tables matters."""
    program = next((name for sign, name in PROGRAMS if sign in user_agent), "A browser")
    system = next((name for sign, name in SYSTEMS if sign in user_agent), "")
    return f"{program} on {system}" if system else program
