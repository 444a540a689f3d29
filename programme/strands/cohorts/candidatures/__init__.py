"""Candidatures: added, corrected, moved on; each verb ends with its milestones reckoned anew."""
