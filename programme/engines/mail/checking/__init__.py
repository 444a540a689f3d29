"""Whether letters go: a trial letter, step by step, and what can be told of the domains."""
