"""How far researchers are: their milestones as reckoned, moved by what is granted, handed in and signed."""
