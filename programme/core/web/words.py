"""The wording of dates, times, counts and lists, for pages and letters alike: always London time, never UTC."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

LONDON = ZoneInfo("Europe/London")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
FORTNIGHT = 14
MINUS = "\N{MINUS SIGN}"


def london(instant: datetime) -> datetime:
    """The same instant on London's clock. A naive datetime is an error: nobody knows when it is."""
    if instant.utcoffset() is None:
        message = "an instant needs its zone"
        raise ValueError(message)
    return instant.astimezone(LONDON)


def london_day(moment: date) -> date:
    """The day in London: of an instant by London's clock, of a plain date itself."""
    return london(moment).date() if isinstance(moment, datetime) else moment


def long_date(moment: date) -> str:
    """Tuesday 27 October 2026."""
    day = london_day(moment)
    return f"{day_date(day)} {day.year}"


def day_date(moment: date) -> str:
    """Tuesday 27 October."""
    day = london_day(moment)
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"


def short_date(moment: date) -> str:
    """Tue 27 Oct."""
    day = london_day(moment)
    return f"{WEEKDAYS[day.weekday()][:3]} {day.day} {MONTHS[day.month - 1][:3]}"


def weekday(moment: date) -> str:
    """Tuesday."""
    return WEEKDAYS[london_day(moment).weekday()]


def day_number(moment: date) -> str:
    """27."""
    return str(london_day(moment).day)


def month_year(moment: date) -> str:
    """October 2026."""
    day = london_day(moment)
    return f"{MONTHS[day.month - 1]} {day.year}"


def date_span(start: date, end: date | None = None) -> str:
    """Wednesday 4 to Thursday 5 November 2026; one day as a long date."""
    first, last = london_day(start), london_day(end or start)
    if last <= first:
        return long_date(first)
    if first.year != last.year:
        return f"{long_date(first)} to {long_date(last)}"
    if first.month != last.month:
        return f"{day_date(first)} to {long_date(last)}"
    return f"{WEEKDAYS[first.weekday()]} {first.day} to {long_date(last)}"


def clock_time(instant: datetime) -> str:
    """10:30, without the zone: for lists whose head names it."""
    return f"{london(instant):%H:%M}"


def zone(instant: datetime) -> str:
    """GMT or BST."""
    return f"{london(instant):%Z}"


def time_range(start: datetime, end: datetime | None = None) -> str:
    """10:30 to 16:00 GMT; 12:00 Wednesday to 13:00 Thursday GMT; 10:30 GMT when the end is not known."""
    if end is None or end <= start:
        return f"{clock_time(start)} {zone(start)}"
    first, last = _day_words(start, end)
    if zone(start) != zone(end):
        first = f"{first} {zone(start)}"
    return f"{clock_time(start)}{first} to {clock_time(end)}{last} {zone(end)}"


def _day_words(start: datetime, end: datetime) -> tuple[str, str]:
    """What to say after each time: nothing within a day, the weekday within a week, else the date."""
    span = (london_day(end) - london_day(start)).days
    if span == 0:
        return "", ""
    word = weekday if span < len(WEEKDAYS) else day_date
    return f" {word(start)}", f" {word(end)}"


def moment(instant: datetime) -> str:
    """Tue 27 Oct 2026, 10:30 GMT: one line of an audit trail or of an outbox."""
    return f"{short_date(instant)} {london_day(instant).year}, {clock_time(instant)} {zone(instant)}"


def deadline(instant: datetime, now: datetime) -> str:
    """Tuesday 27 October, 17:00 BST, in 2 days: the distance only within a fortnight, the year only if another."""
    day = long_date(instant) if london_day(instant).year != london_day(now).year else day_date(instant)
    words = f"{day}, {clock_time(instant)} {zone(instant)}"
    return f"{words}, {distance(instant, now)}" if abs(_days_between(now, instant)) < FORTNIGHT else words


def distance(instant: date, now: datetime) -> str:
    """Today, tomorrow, in 2 days, yesterday, 6 days ago: counted in London's days."""
    days = _days_between(now, instant)
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}
    if days in near:
        return near[days]
    return f"in {plural(days, 'day')}" if days > 0 else f"{plural(-days, 'day')} ago"


def _days_between(now: date, then: date) -> int:
    return (london_day(then) - london_day(now)).days


def clock_change(now: datetime, event: datetime) -> str:
    """Clocks go back on Sunday 25 October: if they read otherwise at the event than now, else nothing."""
    if event <= now or london(event).utcoffset() == london(now).utcoffset():
        return ""
    day = london_day(event) - timedelta(days=1)  # its own day may end otherwise than it began
    while _is_offset_of(event, at_end_of=day):
        day -= timedelta(days=1)
    changed = day + timedelta(days=1)
    direction = "forward" if zone(event) == "BST" else "back"
    words = long_date(changed) if changed.year != london_day(now).year else day_date(changed)
    return f"Clocks go {direction} on {words}"


def _is_offset_of(instant: datetime, *, at_end_of: date) -> bool:
    """Whether the clock at the end of a day reads as it does at an instant."""
    night = datetime.combine(at_end_of, datetime.max.time(), tzinfo=LONDON)
    return night.utcoffset() == london(instant).utcoffset()


def iso(moment: date) -> str:
    """The value of a datetime attribute: 2026-10-27T10:30+00:00 in London's offset, or a plain 2026-10-27."""
    return london(moment).isoformat(timespec="minutes") if isinstance(moment, datetime) else moment.isoformat()


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 11th, 0th; below nought with a true minus."""
    size = abs(number)
    teen = size % 100 in (11, 12, 13)
    suffix = "th" if teen else {1: "st", 2: "nd", 3: "rd"}.get(size % 10, "th")
    return f"{MINUS if number < 0 else ''}{size}{suffix}"


def plural(number: int, word: str, many: str = "") -> str:
    """1 place, 2 places; what is irregular is given as `many`: 3 people."""
    return f"{number:,} {word if number == 1 else many or word + 's'}"


def join_words(words: Iterable[object], last: str = "and") -> str:
    """Liverpool, Oxford and Daresbury."""
    *most, final = [str(word) for word in words] or [""]
    return f"{', '.join(most)} {last} {final}" if most else final


def at_sign(address: str) -> Markup:
    """Return an e-mail address that breaks behind its @, where a narrow column breaks it at all."""
    return Markup("@<wbr>").join(escape(part) for part in address.split("@"))


FILTERS: dict[str, Callable[..., str]] = {
    "at_sign": at_sign,
    "clock_change": clock_change,
    "clock_time": clock_time,
    "date_span": date_span,
    "day_date": day_date,
    "day_number": day_number,
    "deadline": deadline,
    "distance": distance,
    "iso": iso,
    "join_words": join_words,
    "long_date": long_date,
    "moment": moment,
    "month_year": month_year,
    "ordinal": ordinal,
    "plural": plural,
    "short_date": short_date,
    "time_range": time_range,
    "weekday": weekday,
    "zone": zone,
}
