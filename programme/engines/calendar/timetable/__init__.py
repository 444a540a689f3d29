"""The timetable of one event: its parts and breaks, drawn with rooms side by side."""
