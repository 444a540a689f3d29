"""Invented files of the shapes that departments send: a spreadsheet saved as text, and a calendar with its quirks."""

HEADINGS = "Title,Series,Start,End,Venue,Who can attend,Booking,Speakers,Status,Abstract"

# Quoted line ends, no series, no venue, TBA, an end that is no later, days on end, the same row twice.
SHEET = f"""\
{HEADINGS}
Tides of the Mersey,Estuary Seminar,28/01/2027 13:00,28/01/2027 14:00,Lecture Theatre 1,Members of the University only,Not required,Dr Ada Byron; Prof. Grace Murray,published,"First line.

Third line, with “quotes”."
TBA,Estuary Seminar,04/02/2027 13:00,04/02/2027 14:00,Lecture Theatre 1,Members of the University only,Not required,,preparation,
Café culture,,27/01/2027 17:00,27/01/2027 18:30,,Public,Required,"Jane Roe, PhD",published,A public lecture
An exhibition of maps,,20/03/2027 13:00,11/04/2027 17:00,,Public,Recommended,,published,
An exhibition of maps,,20/03/2027 13:00,11/04/2027 17:00,,Public,Recommended,,published,
Shrubs of the tundra,Estuary Seminar,29/04/2027 12:00,29/04/2027 12:00,Room 2,Public,Not required,,published,
"""  # noqa: E501  rows of a spreadsheet

# UID is the address, no DTSTAMP, a TZID property, a lower-case ACTION, empty titles, text spoilt at its source.
QUIRKY = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:talks.example
BEGIN:VEVENT
SUMMARY:Tides of the Mersey
DESCRIPTION:Chair: Prof Roe. About tides\\, sand and a long line that is fol
 ded.\\nSpeakers:\\nDr Ada Byron\\, Jane Roe\\, PhD
DTSTART:20150212T130000Z
DTEND:20150212T140000Z
URL:https://talks.example/talks/id/1/
UID:https://talks.example/talks/id/1/
LOCATION:Lecture Theatre 1
TZID:Europe/London
BEGIN:VALARM
ACTION:display
DESCRIPTION:Talk:Tides of the Mersey
TRIGGER:-PT1H
END:VALARM
END:VEVENT
BEGIN:VEVENT
SUMMARY:
DESCRIPTION:CafÃ© – spoilt at its source
DTSTART:20150514T110000Z
DTEND:20150514T100000Z
URL:https://talks.example/talks/id/2/
UID:https://talks.example/talks/id/2/
LOCATION:
TZID:Europe/London
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")


def calendar(*events: str) -> bytes:
    """Wrap the lines of events into a calendar file."""
    inside = "".join(f"BEGIN:VEVENT\n{event.strip()}\nEND:VEVENT\n" for event in events)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//\n{inside}END:VCALENDAR\n".replace("\n", "\r\n").encode()
