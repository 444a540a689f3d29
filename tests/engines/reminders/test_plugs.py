"""Every kind of thing that reminds has exactly one plug, and every letter of a plug is in the catalogue."""

from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.reminders.models import Audience, ReminderRule, UsualRule


@pytest.mark.one_database
def test_every_stored_kind_has_exactly_one_plug(app: Flask, told: Session) -> None:
    stored = {
        *told.scalars(select(ReminderRule.subject_kind).distinct()),
        *told.scalars(select(UsualRule.subject_kind).distinct()),
    }
    plugs = Counter(subject.kind for subject in app.extensions["reminder_subjects"])
    assert stored
    assert stored <= set(plugs)
    assert set(plugs.values()) == {1}


@pytest.mark.one_database
def test_every_letter_that_a_plug_names_is_written_many_at_once(app: Flask) -> None:
    letters = app.extensions["mail_room"].letters
    for subject in app.extensions["reminder_subjects"]:
        named = {name for reach in subject.audiences.values() for name in reach.letters.values()}
        assert named <= set(letters)
        assert all(letters[name].compose_all and letters[name].still_wanted for name in named)


@pytest.mark.one_database
def test_nobody_can_be_chosen_who_cannot_be_found(app: Flask) -> None:
    chosen = {audience for subject in app.extensions["reminder_subjects"] for audience in subject.audiences}
    assert set(Audience) == chosen
