"""What organisers enter for an opening."""
