"""What may be done with those ticked on a roll besides deciding: tags, and groups."""
