"""What there is to think about when an event is scheduled: warnings, which forbid nothing. Pure."""
