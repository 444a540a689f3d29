"""Places offered until a deadline: answered, lapsed, offered by hand, each with its letters."""
