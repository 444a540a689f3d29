"""Forms that are filled in one section a page."""
