"""The form that adds several dates to a series."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wtforms import BooleanField, SelectChoice, StringField, ValidationError

from programme.core.refusal import Refusal
from programme.core.web.forms import Form, line, paragraph, strip
from programme.core.web.words import WEEKDAYS
from programme.engines.calendar.forms.choices import Checks, Choice, Radios, id_or_none, web_address, whole_number
from programme.engines.calendar.forms.instants import DayField, time_in
from programme.engines.calendar.repeating.dates import EVERY_WORDS, MOST
from programme.engines.calendar.repeating.typed import days_in, weeks_in
from programme.engines.calendar.repeating.ways import ByList, ByRule, ByWeeks, Every, Way

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import time

    from programme.engines.calendar.term_weeks.weeks import Term

RULE, WEEKS, LIST = "rule", "weeks", "list"
OPENS = {"opens": True}
WAYS = [
    SelectChoice(RULE, "Again and again from a first day on", OPENS),
    SelectChoice(WEEKS, "In weeks of a term", OPENS),
    SelectChoice(LIST, "On days of a list", OPENS),
]
ON_DAYS = [SelectChoice(number, name) for number, name in enumerate(WEEKDAYS)]
LONGEST_CLOCK = 20


class ClockField(StringField):
    """A time on London's clock, in a native input; what it could not show stays text. `time` once validated."""

    time: time | None = None

    def __init__(self, label: str = "", *, ask: str = "", **options: Any) -> None:
        super().__init__(label, [], filters=[strip], **options)
        self.ask = ask
        if ask:
            self.flags.required = True

    def pre_validate(self, form: Any) -> None:
        """Read the time, or say what is wrong with it."""
        del form
        text = self.data or ""
        self.time = time_in(text[: LONGEST_CLOCK + 1])
        if not text and self.ask:
            raise ValidationError(self.ask)
        if text and self.time is None:
            raise ValidationError("Enter a time like 14:30.")

    def __call__(self, **look: Any) -> Any:
        """Draw the input that can show what was typed."""
        text = self.data or ""
        found = time_in(text[: LONGEST_CLOCK + 1])
        native = not text or (found is not None and f"{found:%H:%M}" == text)
        return super().__call__(type="time" if native else "text", **look)


class DatesForm(Form):
    """How dates repeat, at what time, where, and what the events are called."""

    way = Radios("How the dates repeat", choices=WAYS, default=RULE)
    first_day = DayField("First day")
    every = Choice(
        "How often",
        choices=[SelectChoice(one.value, words) for one, words in EVERY_WORDS.items()],
        default=Every.WEEK.value,
    )
    weekdays = Checks(
        "On", coerce=int, choices=ON_DAYS, description="For weeks; without a tick, the weekday of the first day."
    )
    count = whole_number("So many dates", least=1, most=MOST, hint="Days that are skipped do not count.")
    until = DayField("Or until", description="This day included.")
    term = Choice("Term", choices=[SelectChoice("", "Choose a term")], is_optional=True)
    weeks = line("Weeks", hint="For example “1–8”, or “1, 3, 5”.", longest=100)
    term_weekdays = Checks("On these days", coerce=int, choices=ON_DAYS)
    days = paragraph(
        "Days",
        hint="One a line, like 28/3/2027 or 28 March 2027; with a time behind it, that one begins then.",
        rows=6,
    )
    begins = ClockField("From", ask="Enter the time at which each begins, like 14:30.")
    ends = ClockField("To", ask="Enter the time at which each ends.")
    skip_holidays = BooleanField("Skip bank holidays")
    skip_closures = Checks("Skip days on which a university is closed", coerce=id_or_none)
    terms_of = Checks("Warn of days outside the terms of", coerce=id_or_none)
    title = line(
        "Title",
        hint="{number} counts them, {date} is the day of each: “Colloquium {number}”.",
        longest=400,
        ask="Enter a title.",
    )
    title_tba = BooleanField("The titles are to be announced")
    venue = Choice("Venue", coerce=id_or_none, choices=[SelectChoice("", "Not known yet")], is_optional=True)
    room = line("Room")
    is_online = BooleanField("People can take part online")
    online_link = web_address("Link to take part online", hint="Told only to those who have a place.")
    shares = BooleanField("Share each of them with those who share the series", default=True)
    publishes = BooleanField("Publish them at once", description="Else they are drafts, which nobody else sees.")

    def __init__(self, *given: Any, **values: Any) -> None:
        super().__init__(*given, **values)
        for name in ("first_day", "term", "weeks", "term_weekdays", "days"):
            self[name].flags.required = True

    def way_typed(self, terms: Mapping[str, tuple[Term, ...]]) -> Way:
        """Return how the dates repeat, from a form that is valid; raises Refusal for what only makes sense together."""
        if self.way.data == LIST:
            return ByList(days_in(self.days.data or ""))
        if self.way.data == WEEKS:
            if self.term.data not in terms:
                raise Refusal("Choose a term.", field="term")
            on = frozenset(self.term_weekdays.data or ())
            if not on:
                raise Refusal("Choose at least one day of the week.", field="term_weekdays")
            return ByWeeks(terms[self.term.data], weeks_in(self.weeks.data or ""), on)
        if self.first_day.day is None:
            raise Refusal("Enter the first day.", field="first_day")
        on = frozenset(self.weekdays.data or ())
        every = Every(self.every.data)
        return ByRule(self.first_day.day, every, on, self.until.day, self.count.data)
