"""The calendar as everybody sees it: what is on, events, months, series, strands and feeds."""
