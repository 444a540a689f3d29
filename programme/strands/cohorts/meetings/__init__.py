"""Supervision meetings: logged by the researcher, agreed by who was there, counted as the home university asks."""
