"""Pages of those who run the installation."""
