"""Events, series, venues, contributions, term dates, entries kept for feeds: one name for the tables of the room."""

from programme.engines.calendar.models.blocks import CalendarBlock, CalendarRevision
from programme.engines.calendar.models.contributions import Contribution, Material
from programme.engines.calendar.models.events import Event, EventCoOwner, WarningPutAside, WithdrawnEvent
from programme.engines.calendar.models.feeds import PersonalFeed
from programme.engines.calendar.models.imports import ImportedEvent, ImportFile
from programme.engines.calendar.models.places import TravelTime, Venue
from programme.engines.calendar.models.series import Series, SeriesCoOwner
from programme.engines.calendar.models.terms import AcademicPeriod
from programme.engines.calendar.models.timetable import TimetableBreak

__all__ = [
    "AcademicPeriod",
    "CalendarBlock",
    "CalendarRevision",
    "Contribution",
    "Event",
    "EventCoOwner",
    "ImportFile",
    "ImportedEvent",
    "Material",
    "PersonalFeed",
    "Series",
    "SeriesCoOwner",
    "TimetableBreak",
    "TravelTime",
    "Venue",
    "WarningPutAside",
    "WithdrawnEvent",
]
