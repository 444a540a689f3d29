"""What all strands share; engines know no strand."""
