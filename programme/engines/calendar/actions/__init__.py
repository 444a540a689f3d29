"""The verbs of the calendar, by noun: events, changes of plan, copies, series, term dates, venues."""
