"""Supervision: who supervises a researcher, by which rule it is joint, and the agreement that all of them sign."""
