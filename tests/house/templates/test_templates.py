"""Templates stay small and hold nothing that the content security policy would have to allow."""

import re
from pathlib import Path

from tests.house.tree import files, lines, short

LONGEST_TEMPLATE = 120

# Mail programs read no stylesheet, so letters may carry their look.
LETTERS = ("templates/letters/", "templates/macros/letter.html")
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
INLINE = {
    "style attribute": re.compile(r"\sstyle\s*=", re.IGNORECASE),
    "style element": re.compile(r"<style\b", re.IGNORECASE),
    "handler attribute": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "script in an address": re.compile(r"javascript:", re.IGNORECASE),
    # JSON-LD is data: no browser runs it, no policy stops it
    "inline script": re.compile(r"<script\b(?![^>]*\ssrc=)(?![^>]*application/ld\+json)", re.IGNORECASE),
    "asset of another host": re.compile(
        r"<(?:script|img|iframe|link)\b[^>]*(?:src|href)=\"(?:https?:)?//", re.IGNORECASE
    ),
}
STYLESHEET_ELSEWHERE = re.compile(r"(?:url\(|@import)\s*['\"]?(?:https?:)?//", re.IGNORECASE)


def test_templates_have_at_most_a_hundred_and_twenty_lines() -> None:
    long = {short(path): lines(path) for path in files("templates") if lines(path) > LONGEST_TEMPLATE}
    assert long == {}


def test_templates_have_nothing_inline() -> None:
    pages = [path for path in files("templates") if not short(path).startswith(LETTERS)]
    found = [
        f"{short(path)}: {what}" for path in pages for what, pattern in INLINE.items() if pattern.search(text(path))
    ]
    assert found == []


def test_stylesheets_and_scripts_ask_no_other_host() -> None:
    assert [short(path) for path in files("static") if STYLESHEET_ELSEWHERE.search(text(path))] == []


def test_only_macros_mark_what_they_rendered_as_safe() -> None:
    marked = re.compile(r"\|\s*safe\b|autoescape\s+false")
    pages = [path for path in files("templates") if not short(path).startswith("templates/macros/")]
    assert [short(path) for path in pages if marked.search(text(path))] == []


def text(path: Path) -> str:
    """The template without its comments."""
    return COMMENT.sub("", path.read_text(encoding="utf-8", errors="replace"))
