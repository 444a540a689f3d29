"""Named reads of the calendar: filters, lists, counts and pages."""
