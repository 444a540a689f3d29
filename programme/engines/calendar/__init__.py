"""Events, series, contributions, feeds, term weeks, iCalendar in and out."""
