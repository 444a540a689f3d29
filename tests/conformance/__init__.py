"""Calendars held against the rules of RFC 5545 and against strangers: nothing here shares a line with the writer."""
