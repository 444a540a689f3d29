"""Events that are compulsory for a cohort: who has not booked, who did not come, who is exempt, and who is reminded."""
