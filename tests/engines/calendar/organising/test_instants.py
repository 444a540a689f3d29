"""A moment in a form: both nights on which the clocks change, and whatever else people type."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField

from programme.core.web.forms import Form
from programme.engines.calendar.forms.instants import DayField, InstantField, day_in, time_in
from programme.engines.calendar.times import LONDON

minutes = some.integers(0, 98 * 365 * 24 * 60)
moments = minutes.map(lambda count: datetime(2001, 1, 1, tzinfo=UTC) + timedelta(minutes=count))


class Little(Form):
    """A start and an end."""

    all_day = BooleanField("All day")
    starts = InstantField("Starts", ask="Say when it starts.", whole_day="all_day")
    ends = InstantField("Ends", day_from="starts", whole_day="all_day")
    day = DayField("Day")


def typed(**texts: str) -> Little:
    """The form with what was typed, validated."""
    form = Little(
        MultiDict({name.replace("_", "-", 1) if name != "all_day" else name: text for name, text in texts.items()})
    )
    form.validate()
    return form


def test_day_and_time_become_an_instant_of_london() -> None:
    form = typed(starts_date="2027-06-01", starts_time="14:30")
    assert form.starts.data == datetime(2027, 6, 1, 13, 30, tzinfo=UTC)
    assert form.starts.errors == []


def test_time_that_does_not_exist_is_refused_and_kept() -> None:
    form = typed(starts_date="2027-03-28", starts_time="01:30")
    assert form.starts.data is None
    assert "does not exist" in form.starts.errors[0]
    assert [text for *_, text in form.starts.parts] == ["2027-03-28", "01:30"]


def test_time_that_exists_twice_asks_which() -> None:
    form = typed(starts_date="2027-10-31", starts_time="01:30")
    assert form.starts.asks_which
    assert "exists twice" in form.starts.errors[0]


@pytest.mark.parametrize(("which", "hour"), [("0", 0), ("1", 1)])
def test_answer_says_which_of_the_two(which: str, hour: int) -> None:
    form = typed(starts_date="2027-10-31", starts_time="01:30", starts_which=which)
    assert form.starts.errors == []
    assert form.starts.data == datetime(2027, 10, 31, hour, 30, tzinfo=UTC)


def test_second_of_two_is_shown_as_the_second() -> None:
    form = Little(data={"starts": datetime(2027, 10, 31, 1, 30, tzinfo=UTC)})
    assert (form.starts.asks_which, form.starts.which_text) == (True, "1")


def test_end_without_a_day_is_on_the_day_of_the_start() -> None:
    form = typed(starts_date="2027-01-12", starts_time="9:00", ends_time="10.15")
    assert form.ends.data == datetime(2027, 1, 12, 10, 15, tzinfo=UTC)


def test_whole_day_asks_for_no_time() -> None:
    form = typed(starts_date="1/6/2027", all_day="y")
    assert form.starts.data == datetime(2027, 5, 31, 23, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("texts", "says"),
    [
        ({}, "Say when it starts."),
        ({"starts_date": "tomorrow", "starts_time": "14:30"}, "Enter a day like"),
        ({"starts_date": "2027-02-30", "starts_time": "14:30"}, "Enter a day like"),
        ({"starts_date": "9999-01-01", "starts_time": "14:30"}, "Enter a day like"),
        ({"starts_date": "2027-01-12"}, "Enter the time too"),
        ({"starts_date": "2027-01-12", "starts_time": "25:00"}, "Enter a time like"),
        ({"starts_time": "14:30"}, "Say when it starts."),
        ({"starts_date": "2027-01-12\0", "starts_time": "14:30"}, "Enter a day like"),
    ],
)
def test_what_cannot_be_read_gets_a_sentence(texts: dict[str, str], says: str) -> None:
    form = typed(**texts)
    assert says in form.starts.errors[0]
    assert form.starts.data is None


def test_what_no_native_input_could_show_stays_as_text() -> None:
    kinds = [kind for _, _, _, kind, _ in typed(starts_date="next week", starts_time="noon").starts.parts]
    assert kinds == ["text", "text"]


def test_day_alone_is_read() -> None:
    assert typed(day="28/9/2026").day.day == date(2026, 9, 28)
    assert "Enter a day" in typed(day="x").day.errors[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("14:30", time(14, 30)), ("2pm", time(14)), ("12 am", time(0)), ("0930", time(9, 30)), ("9.05", time(9, 5))],
)
def test_times_are_read_as_people_write_them(text: str, expected: time) -> None:
    assert time_in(text) == expected


@given(some.text(max_size=40))
def test_no_text_breaks_the_reading(text: str) -> None:
    day_in(text)
    time_in(text)


@given(moments)
def test_any_instant_shown_and_sent_again_is_the_same(instant: datetime) -> None:
    instant = instant.replace(second=0, microsecond=0)
    shown = Little(data={"starts": instant}).starts
    sent: MultiDict[str, Any] = MultiDict(shown.hidden())
    form = Little(sent)
    form.validate()
    assert form.starts.data == instant


def test_oracle_of_the_clock_change() -> None:
    before = datetime(2027, 10, 31, 0, 30, tzinfo=UTC).astimezone(LONDON)
    after = (before.astimezone(UTC) + timedelta(hours=1)).astimezone(LONDON)
    assert (before.hour, after.hour, before.fold, after.fold) == (1, 1, 0, 1)
