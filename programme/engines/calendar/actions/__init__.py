"""The verbs of the calendar, by noun: events, their plans, series, venues."""
