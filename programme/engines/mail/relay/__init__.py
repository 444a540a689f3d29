"""What all dispatchers share about the mail server: its rest after a fault, the rate, the connections."""
