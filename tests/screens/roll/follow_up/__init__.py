"""The form that follows a place."""
