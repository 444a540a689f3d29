"""From an accepted application to a candidature."""
