"""The demonstration, told through the verbs a person would use."""
