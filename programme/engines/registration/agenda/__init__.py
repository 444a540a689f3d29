"""What one person has registered for, by date."""
