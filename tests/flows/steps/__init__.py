"""What somebody has, waits for, was offered and must do."""
