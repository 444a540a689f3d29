"""The catalogue of letters on screen."""
