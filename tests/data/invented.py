"""An invented spreadsheet and an invented calendar with every quirk of real ones.

`python -m tests.data.invented` writes them afresh beside this file; `spreadsheet` and `feed` give them for other dates.
"""

import csv
import io
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

HERE = Path(__file__).parent
SPREADSHEET = HERE / "invented-talks.csv"
FEED = HERE / "invented-feed.ics"
FIRST_DAY = date(2027, 2, 1)
"""The Monday on which the spreadsheet begins; the feed is twelve years older."""
LONDON = ZoneInfo("Europe/London")

HEAD = ("Title", "Series", "Start", "End", "Venue", "Who can attend", "Booking", "Speakers", "Status", "Abstract")
SERIES = ("Invented Grand Rounds", "Institute of Imaginary Studies", "Made-up Matters", "Paper Moon Seminar")
VENUES = ("Lecture Theatre Nought", "Seminar Room Q, Example Building", "The Invented Hall, 1 Example Street", "")
SUBJECTS = ("moss", "lanterns", "tides", "bells", "paper bridges", "slow clocks", "small maps", "salt")
NAMES = ("Dr Ada Marlstone", "Prof. Basil Quillfeather", "Cora Windlethorpe", "Dr Dov Emberly, PhD", "Edda Fallowmere")
MEMBERS = "Members of the University only"
Row = tuple[str, ...]


def spreadsheet(first_day: date = FIRST_DAY) -> bytes:
    """Return the spreadsheet: UTF-8 with byte-order mark, British dates, 60 rows."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEAD)
    writer.writerows([*(plain(number, first_day) for number in range(48)), *odd(first_day)])
    return ("\ufeff" + out.getvalue()).encode()


def plain(number: int, first_day: date) -> Row:
    """Return an ordinary talk: two a week, members or public, some in preparation, some with several speakers."""
    starts = at(first_day, days=number // 2 * 7 + number % 2 * 2, hour=13 + number % 4)
    subject = SUBJECTS[number % len(SUBJECTS)]
    speakers = "; ".join(NAMES[: number % 3 + 1]) if number % 7 else ""
    return (
        f"On {subject}, part {number // len(SUBJECTS) + 1}",
        SERIES[number % len(SERIES)],
        written(starts),
        written(starts + timedelta(hours=1)),
        VENUES[number % 3],
        "Public" if number % 3 else MEMBERS,
        ("Not required", "Required", "Recommended")[number % 3],
        speakers,
        "preparation" if number % 10 == 9 else "published",
        f"An invented talk on {subject}."
        if number % 4
        else f"Of {subject}, “quoted”,\nover two lines; with a colon: so.",
    )


def odd(first_day: date) -> list[Row]:
    """Return the rows with something odd about them, among them two that are the same."""
    day = at(first_day, days=1, hour=10)
    later = at(first_day, days=8, hour=17)
    twice = row("Said twice", day, hours=1, abstract="The same row stands here twice.")
    return [
        row("TBA", day, hours=1, series=SERIES[0]),
        row("Title to be announced", later, hours=1, series=SERIES[1]),
        row("tbc", at(first_day, days=15, hour=10), hours=2, series=SERIES[2], status="preparation"),
        row("Nowhere yet", day, hours=1, venue=""),
        row("Backwards", later, hours=-2),
        row("No end at all", later, hours=None),
        row("Three days of lanterns", day, hours=54),
        row("A night and a day", later, hours=22),
        twice,
        twice,
        row("Après-midi à Żółw", later, hours=1, speakers="Łucja Żółwińska; Åke Öst"),
        row("=A1+A2", later, hours=1, abstract="Starts like a formula and is none."),
    ]


def row(title: str, starts: datetime, *, hours: int | None, **given: str) -> Row:
    """Return one row; without hours it has no end."""
    ends = "" if hours is None else written(starts + timedelta(hours=hours))
    cells = {
        "series": "Made-up Matters",
        "venue": "Lecture Theatre Nought",
        "audience": "Public",
        "booking": "Not required",
        "speakers": "Cora Windlethorpe",
        "status": "published",
        "abstract": "",
        **given,
    }
    before = (title, cells["series"], written(starts), ends, cells["venue"])
    return (*before, cells["audience"], cells["booking"], cells["speakers"], cells["status"], cells["abstract"])


def feed(first_day: date = FIRST_DAY) -> bytes:
    """Return the calendar: twelve years earlier, without DTSTAMP, UIDs that are addresses, odd ends and titles."""
    before = first_day.replace(year=first_day.year - 12)
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:talks.example.ac.uk"]
    for number in range(24):
        lines += entry(number, at(before, days=number * 7, hour=13))
    return "".join(f"{line}\r\n" for line in [*lines, "END:VCALENDAR"]).encode()


def entry(number: int, starts: datetime) -> list[str]:
    """Return one event with its quirks: every seventh has no title, every ninth ends before it starts."""
    title = "" if number % 7 == 3 else f"On {SUBJECTS[number % len(SUBJECTS)]} (archive {number})"
    ends = starts + timedelta(hours=-1 if number % 9 == 4 else 1)
    address = f"https://talks.example.ac.uk/talks/id/{number:04}/"
    return [
        "BEGIN:VEVENT",
        f"SUMMARY:{title}",
        "DESCRIPTION:An invented talk\\, long ago.\\nSpeakers:\\nDr Ada Marlstone\\, Cora Wind",
        " lethorpe",
        f"DTSTART:{utc(starts)}",
        f"DTEND:{utc(ends)}",
        f"URL:{address}",
        f"UID:{address}",
        *([f"LOCATION:{VENUES[number % 4]}"] if VENUES[number % 4] else []),
        "TZID:Europe/London",
        "BEGIN:VALARM",
        "ACTION:display",
        f"DESCRIPTION:Talk:{title}",
        "TRIGGER:-PT1H",
        "END:VALARM",
        "END:VEVENT",
    ]


def at(first_day: date, *, days: int, hour: int) -> datetime:
    """Return a time by London's clock."""
    return datetime.combine(first_day + timedelta(days=days), time(hour), tzinfo=LONDON)


def written(moment: datetime) -> str:
    """Write a time as the British do."""
    return f"{moment:%d/%m/%Y %H:%M}"


def utc(moment: datetime) -> str:
    """Write a time as calendars do."""
    return f"{moment.astimezone(ZoneInfo('UTC')):%Y%m%dT%H%M%SZ}"


if __name__ == "__main__":
    SPREADSHEET.write_bytes(spreadsheet())
    FEED.write_bytes(feed())
