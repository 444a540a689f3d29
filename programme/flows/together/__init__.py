"""One verb for several events at once: weighed one by one, shown first, done for those for whom it is right."""
