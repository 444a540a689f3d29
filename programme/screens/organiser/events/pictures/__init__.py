"""The picture of an event, for those who edit it."""
