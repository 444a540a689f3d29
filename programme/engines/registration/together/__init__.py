"""Registrations for several: who comes along, and the verbs upon them."""
