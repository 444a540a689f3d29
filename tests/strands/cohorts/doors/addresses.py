"""Every address with examples of the secret cohort in it, and what an answer says however it is wrapped."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.wrappers import Response

from tests.browser.pages import filled

WORDS = {"ending": "csv", "noun": "move", "name": "480.webp", "strand": "cohorts"}
STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
DOCTORAL = frozenset(
    {
        *("candidature_id", "cohort_id", "award_id", "admission_id", "review_id", "reviewer_id", "reference_id"),
        *("sheet_id", "entry_id", "meeting_id", "milestone_id", "suspension_id", "extension_id", "supervision_id"),
        "compulsory_id",
    }
)
"""Arguments that name something which the strand keeps."""


class Examples(dict[str, str]):
    """Examples of arguments; where nothing is known, the first there is."""

    def __missing__(self, name: str) -> str:
        return WORDS.get(name, "1")


@dataclass(frozen=True)
class Door:
    """An address with examples in it, and the rule that it follows."""

    rule: Rule
    path: str


def addresses(app: Flask, values: Mapping[str, str], *, method: str) -> Iterator[Door]:
    """Give every address that takes a method, but for those that a secret opens and those of files of ours."""
    known = Examples(values)
    for rule in app.url_map.iter_rules():
        if method in (rule.methods or ()) and rule.endpoint != "static" and "<token>" not in rule.rule:
            for path in filled(rule.rule.replace("<any(csv, xlsx):ending>", "<ending>"), known):
                yield Door(rule, path)


def doctoral(app: Flask, values: Mapping[str, str], *, method: str) -> Iterator[Door]:
    """Give the addresses that name something of the strand."""
    for door in addresses(app, values, method=method):
        if door.rule.arguments & DOCTORAL or "/applications/<id:registration_id>" in door.rule.rule:
            yield door


def says(browser: FlaskClient, path: str) -> str:
    """Return what an address answers, in small letters, whatever the answer is wrapped in."""
    with browser.get(path) as answer:
        return unwrapped(answer).lower()


def unwrapped(answer: Response) -> str:
    """Return the text of an answer: a page, a calendar, a spreadsheet, a paper."""
    data = answer.get_data()
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as box:
            data = b"".join(box.read(name) for name in box.namelist())
    elif data.startswith(b"%PDF"):
        data += b"".join(inflated(one) for one in STREAM.findall(data))
    return data.decode("utf-8", "replace")


def inflated(stream: bytes) -> bytes:
    """Return what a stream of a paper holds; nothing where it is no text."""
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return b""
