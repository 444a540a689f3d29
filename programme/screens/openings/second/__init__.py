"""The form that follows once somebody has a place, and which form an address means."""
