"""What is said of a registration: its letters, what they tell, and whether they are wanted still."""
