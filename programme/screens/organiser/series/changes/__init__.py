"""Changing this event of a series, this and those that follow, or all that lie ahead."""
