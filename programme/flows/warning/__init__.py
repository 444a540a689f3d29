"""What organisers are warned of while they schedule: read for them alone, and put into words. Nothing is forbidden."""
