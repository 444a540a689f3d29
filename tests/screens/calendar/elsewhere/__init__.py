"""What the programme gives to calendars, paper, other pages and other programs."""
