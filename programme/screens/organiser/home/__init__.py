"""The home of organisers: what needs them now."""
