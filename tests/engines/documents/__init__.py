"""Files: what they may be, where they lie, who may read them, how they go."""
