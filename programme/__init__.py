"""The programme: joint cohorts, placements, enterprise and exchange of two universities."""
