"""Slugs: a title in plain letters, its words apart."""

import pytest

from programme.core.web.converters import slug

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Start–stay–scale: pitch night", "start-stay-scale-pitch-night-9"),
        ("Liverpool—Oxford", "liverpool-oxford-9"),
        ("Question/answer", "question-answer-9"),
        ("Café au lait, the mayor’s", "cafe-au-lait-the-mayors-9"),
        ("–", "9"),
    ],
)
def test_words_stay_apart(title: str, expected: str) -> None:
    assert slug(title, 9) == expected
