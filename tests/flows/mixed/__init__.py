"""Everything at once: register, cancel, promote, release, skip, at random, from several threads."""
