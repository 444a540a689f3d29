"""A moment on London's clock as a form asks for it: a day, a time, and which of two where the clocks go back."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from wtforms import Field, StringField, ValidationError

from programme.core.refusal import Refusal
from programme.engines.calendar.times import LONDON, TimeIsAmbiguous, is_ambiguous, to_instant, to_wall

if TYPE_CHECKING:
    from collections.abc import Sequence

ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
BRITISH_DAY = re.compile(r"(\d{1,2})[/. -](\d{1,2})[/. -](\d{4})", re.ASCII)
CLOCK = re.compile(r"(\d{1,2})(?:[:.]?(\d{2}))?(?::\d{2})?\s*([ap]m)?", re.ASCII | re.IGNORECASE)
YEARS = range(2000, 2101)
LONGEST = 200
NOON, HOURS, MINUTES = 12, 24, 60
WHICH = (("0", "The first, before the clocks go back (BST)"), ("1", "The second, after the clocks go back (GMT)"))


def day_in(text: str) -> date | None:
    """Read 2027-03-28 or 28/3/2027; None where it is no day between 2000 and 2100."""
    if match := ISO_DAY.fullmatch(text):
        year, month, day = map(int, match.groups())
    elif match := BRITISH_DAY.fullmatch(text):
        day, month, year = map(int, match.groups())
    else:
        return None
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found if found.year in YEARS else None


def time_in(text: str) -> time | None:
    """Read 14:30, 14.30, 1430, 2pm or 2:30 pm; None where it is no time."""
    match = CLOCK.fullmatch(text)
    if match is None:
        return None
    hour, minute, half = int(match[1]), int(match[2] or 0), (match[3] or "").lower()
    if half:
        if not 1 <= hour <= NOON:
            return None
        hour = hour % NOON + (NOON if half == "pm" else 0)
    elif match[2] is None:
        return None
    return time(hour, minute) if hour < HOURS and minute < MINUTES else None


class InstantField(Field):
    """Two native inputs, `<name>-date` and `<name>-time`, read as one aware instant (UTC) in `data`.

    Where the clocks show the time twice, `which` asks which of the two is meant; its answer is `<name>-which`.
    `day_from` names the field whose day is taken where this one's is left empty: an end on the day of its start.
    `whole_day` names a tick box: where it is ticked the time is not asked, and `data` is the day's first moment.
    """

    data: datetime | None
    raw_data: list[str] | None

    def __init__(
        self,
        label: str = "",
        *,
        ask: str = "",
        day_from: str = "",
        whole_day: str = "",
        validators: Sequence[Any] = (),
        **options: Any,
    ) -> None:
        super().__init__(label, validators, **options)
        self.ask, self.day_from, self.whole_day = ask, day_from, whole_day
        self.day_text = self.time_text = self.which_text = ""
        self.is_ambiguous = False
        self.day: date | None = None
        if ask:
            self.flags.required = True

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Take the texts of the parts as they were typed."""
        super().process(None, **({"data": data} if data is not None else {}), extra_filters=extra_filters)
        if formdata is not None:
            self.read([formdata.get(f"{self.name}-{part}", "") for part in ("date", "time", "which")])
        elif isinstance(self.data, datetime):
            self.show(self.data)

    def read(self, texts: list[str]) -> None:
        """Keep what was typed, to be judged when the form is."""
        self.raw_data = texts
        self.day_text, self.time_text, self.which_text = (text.strip() for text in texts)
        self.data = None

    def show(self, instant: datetime) -> None:
        """Fill the parts from an instant."""
        wall = to_wall(instant)
        self.day_text, self.time_text = wall.date().isoformat(), f"{wall:%H:%M}"
        self.which_text = str(instant.astimezone(LONDON).fold)
        self.is_ambiguous = is_ambiguous(wall)

    def pre_validate(self, form: Any) -> None:
        """Turn the parts into an instant, or say what is wrong with them."""
        if self.raw_data is None:
            return
        whole = bool(self.whole_day and form[self.whole_day].data)
        try:
            self.data = self.reading(form, whole=whole)
        except TimeIsAmbiguous as refusal:
            self.is_ambiguous = True
            raise ValidationError(refusal.sentence) from refusal
        except Refusal as refusal:
            raise ValidationError(refusal.sentence) from refusal

    def reading(self, form: Any, *, whole: bool) -> datetime | None:
        """Return the instant that was typed; None where nothing was and nothing is needed."""
        day_text, time_text = self.day_text, "" if whole else self.time_text
        if not day_text and not time_text and not (whole and self.ask):
            if self.ask:
                raise Refusal(self.ask)
            return None
        self.day = self.day_typed(form, day_text)
        if whole:
            return to_instant(datetime.combine(self.day, time()))
        moment = time_in(time_text)
        if moment is None:
            raise Refusal("Enter a time like 14:30." if time_text else "Enter the time too, like 14:30.")
        return self.instant_of(datetime.combine(self.day, moment))

    def day_typed(self, form: Any, text: str) -> date:
        """Return the day typed here, or that of the other field."""
        other = form[self.day_from].day if self.day_from and not text else None
        day = other or (day_in(text) if len(text) <= LONGEST else None)
        if day is None:
            raise Refusal("Enter a day like 28/3/2027." if text else self.ask or "Enter the day too, like 28/3/2027.")
        return day

    def instant_of(self, wall: datetime) -> datetime:
        """Return the instant of a wall time, asking which of two, unless that was answered."""
        try:
            return to_instant(wall)
        except TimeIsAmbiguous:
            self.is_ambiguous = True
            if self.which_text in {"0", "1"}:
                return to_instant(wall, fold=int(self.which_text))
            raise

    @property
    def parts(self) -> list[tuple[str, str, str, str, str]]:
        """Return (id, name, label, input type, text) of each input; what no native input could show stays text."""
        day, moment = day_in(self.day_text[:LONGEST]), time_in(self.time_text[:LONGEST])
        native_day = not self.day_text or (day is not None and day.isoformat() == self.day_text)
        native_time = not self.time_text or (moment is not None and f"{moment:%H:%M}" == self.time_text)
        return [
            (self.id, f"{self.name}-date", "Day", "date" if native_day else "text", self.day_text),
            (f"{self.id}-time", f"{self.name}-time", "Time", "time" if native_time else "text", self.time_text),
        ]

    @property
    def asks_which(self) -> bool:
        """Whether the choice of the two is to be shown."""
        return self.is_ambiguous

    @property
    def which(self) -> tuple[tuple[str, str], ...]:
        """The two readings of a time that the clocks show twice."""
        return WHICH

    def hidden(self) -> list[tuple[str, str]]:
        """Return name and text of every part, to be carried by a form that does not ask again."""
        named = {"date": self.day_text, "time": self.time_text, "which": self.which_text}
        return [(f"{self.name}-{part}", text) for part, text in named.items()]


class DayField(StringField):
    """One day, in a native input; what it could not show stays text. `day` is the day once validated."""

    day: date | None = None

    def __init__(self, label: str = "", *, ask: str = "", **options: Any) -> None:
        super().__init__(label, [], **options)
        self.ask = ask
        if ask:
            self.flags.required = True

    def pre_validate(self, form: Any) -> None:
        """Read the day, or say what is wrong with it."""
        del form
        text = (self.data or "").strip()
        self.day = day_in(text[: LONGEST + 1])
        if not text and self.ask:
            raise ValidationError(self.ask)
        if text and self.day is None:
            raise ValidationError("Enter a day like 28/3/2027.")

    def __call__(self, **look: Any) -> Any:
        """Draw the input that can show what was typed."""
        text = self.data or ""
        found = day_in(text[: LONGEST + 1])
        native = not text or (found is not None and found.isoformat() == text)
        return super().__call__(type="date" if native else "text", **look)
