"""What somebody has, waits for, was offered and must do: steps, from every room that knows any."""
