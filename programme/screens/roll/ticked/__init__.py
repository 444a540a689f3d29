"""What may be done with those ticked on a roll, or all who match: tags, groups, moves, and whom it is about."""
