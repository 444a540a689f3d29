"""The demonstration’s events: what each strand of the partnership puts on."""
