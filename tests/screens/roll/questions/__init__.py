"""The form of an opening, built and tried out by its organisers."""
