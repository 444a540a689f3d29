"""Events, series, venues, contributions, materials and term dates: one name for the tables of the room."""

from programme.engines.calendar.models.contributions import Contribution, Material
from programme.engines.calendar.models.events import Event, EventCoOwner, WarningPutAside, WithdrawnEvent
from programme.engines.calendar.models.feeds import PersonalFeed
from programme.engines.calendar.models.imports import ImportedEvent, ImportFile
from programme.engines.calendar.models.places import TravelTime, Venue
from programme.engines.calendar.models.series import Series, SeriesCoOwner
from programme.engines.calendar.models.terms import AcademicPeriod

__all__ = [
    "AcademicPeriod",
    "Contribution",
    "Event",
    "EventCoOwner",
    "ImportFile",
    "ImportedEvent",
    "Material",
    "PersonalFeed",
    "Series",
    "SeriesCoOwner",
    "TravelTime",
    "Venue",
    "WarningPutAside",
    "WithdrawnEvent",
]
