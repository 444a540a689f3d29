"""Following calendars of others: what they say is new, changed or gone, beside what organisers changed here."""
