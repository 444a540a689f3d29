"""What is kept on people: taken away by them, and deleted."""
