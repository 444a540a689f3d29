"""The timetable of one event."""
