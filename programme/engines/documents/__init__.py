"""Files that people hand in: what they may be, where they lie, who may read them."""
