"""What goes out: occurrences of rules, queueing what is due, asking again when it goes, and looking ahead."""
