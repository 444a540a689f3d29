"""What somebody's calendar answered, on the page of their place, and taking back what it gave back."""
