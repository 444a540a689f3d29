"""An event’s timetable, as its organisers lay it out."""
