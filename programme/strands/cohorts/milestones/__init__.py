"""What is due when, reckoned from a course and a rulebook. Pure: no session, no clock."""
