"""Many at once for the last place of a choice, a group, an option and a part: under the lock and without it."""
