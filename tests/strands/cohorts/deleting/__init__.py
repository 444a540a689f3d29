"""Deleting what was made by mistake: what keeps it, what goes along, who may."""
