"""Pages about who may register for an opening."""
