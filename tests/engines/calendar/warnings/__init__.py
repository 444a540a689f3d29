"""The rule of warnings."""
