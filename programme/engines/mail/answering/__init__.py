"""Messages that came in and are no report on a letter: who among the rooms above takes one, and which letters it names.

The mail room knows of no calendar: what an answer means is said by whoever is plugged in.
"""
