"""The forms of the calendar's organisers, and the fields they are made of."""
